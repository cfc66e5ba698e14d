import Economics
import FleetData
import Foundation
import Quantities

/// Training of the same recipe at a quarter to four times the size, beside serving it.
func trainingSizeTable(_ life: SpendLife) throws(StudyError) -> Table {
  var rows: [[Cell]] = []
  for scale in [0.25, 0.5, 1, 2, 4] {
    let bill = try bill(life, scale: scale)
    let serving = life.servingUSD * scale
    rows.append([
      .text(StudyText.count(bill.parameters)), .text(StudyText.count(bill.tokens)),
      .number(bill.flops.value, grade: .derived), .number(bill.chipTime / .hour), .number(bill.days),
      .number(bill.usd, grade: .derived), .number(bill.usd / life.bill.usd),
      .number(serving, grade: .derived), .number(scale), .number(bill.usd / (bill.usd + serving)),
    ])
  }
  return Table(
    id: "spend-size",
    title: "Training grows with the square of size, serving with size "
      + "(\(StudyText.number(life.question.tokensPerParameter.base)) tokens per parameter)",
    columns: [
      Table.Column("Parameters"), Table.Column("Tokens"), Table.Column("Training FLOPs", format: .scientific),
      Table.Column("Chip-hours", format: .significant3), Table.Column("Days", format: .significant3),
      Table.Column("Training", unit: "$", format: .dollars),
      Table.Column("Times", unit: "×", format: .significant3),
      Table.Column("Serving for life", unit: "$", format: .dollars),
      Table.Column("Times", unit: "×", format: .significant3),
      Table.Column("Training's share", format: .percent),
    ], rows: rows,
    note:
      "Serving per token is scaled with parameters from the size that was modelled; context and batch stay.")
}

/// The same recipe at another size; attention's share of the work is kept.
func bill(_ life: SpendLife, scale: Double) throws(StudyError) -> TrainingBill {
  try economics { () throws(EconomicsError) in
    let n = life.parameters * scale
    return try TrainingBill(
      parameters: n, tokens: n * life.question.tokensPerParameter.base, terms: life.terms)
  }
}

/// The parameters a law would train with a budget, over the errors of its coefficients.
func optimumInterval(
  _ law: ParametricLaw, _ budget: Double, seed: UInt64
) throws(StudyError) -> Interval? {
  try economics { () throws(EconomicsError) in
    try law.interval(seed: seed, "parameters") { law throws(EconomicsError) in
      try law.optimum(trainingFLOPs: budget).parameters
    }
  }
}

/// What each law makes of this training budget.
func lawTable(_ life: SpendLife) throws(StudyError) -> Table {
  let budget = 6 * life.parameters * life.bill.tokens
  var rows: [[Cell]] = []
  for law in ParametricLaw.all {
    let (best, loss, tenfold) = try economics { () throws(EconomicsError) in
      (
        try law.optimum(trainingFLOPs: budget),
        try law.loss(parameters: life.parameters, tokens: life.bill.tokens),
        try law.reducibleLossFactor(computeRatio: 10)
      )
    }
    let interval = try optimumInterval(law, budget, seed: life.question.seed)
    rows.append([
      .text(law.name), .text(StudyText.count(best.parameters)),
      interval.map { .text("\(StudyText.count($0.low)) to \(StudyText.count($0.high))") }
        ?? .absent(reason: "its source states no standard errors"), .text(StudyText.count(best.tokens)),
      .number(best.tokensPerParameter), .number(best.loss, grade: .derived), .number(loss, grade: .derived),
      .number(tenfold), .text(law.source),
    ])
  }
  let kaplan = try economics { () throws(EconomicsError) in
    try KaplanLaw.optimum(trainingFLOPs: budget)
  }
  let none = Cell.absent(reason: "the law has no joint form")
  rows.append([
    .text("kaplan"), .text(StudyText.count(kaplan.parameters)), none,
    .text(StudyText.count(kaplan.tokens)),
    .number(kaplan.tokens / kaplan.parameters), none, none, none,
    .text("Kaplan et al. 2020, arXiv:2001.08361"),
  ])
  return Table(
    id: "spend-laws", title: "The best use of \(StudyText.number(budget)) training FLOPs, law by law",
    columns: [
      Table.Column("Law"), Table.Column("N*"), Table.Column("N* over its errors"), Table.Column("D*"),
      Table.Column("Tokens per parameter", format: .significant3),
      Table.Column("Loss at N*", format: .decimal3),
      Table.Column("Loss as asked", format: .decimal3),
      Table.Column("Reducible loss after 10x compute", unit: "×", format: .decimal3), Table.Column("Source"),
    ], rows: rows,
    note:
      "Ten times the compute as one tier is a convention of users; the laws say what it does to the loss. The interval draws a law's exponents by "
      + "their standard errors, its terms held in the middle of the fitted runs: the least that the errors allow."
  )
}

/// Thinking longer against training larger, for the same extra money.
func thinkingTable(_ life: SpendLife) throws(StudyError) -> Table {
  let base = try thinkingCost(life, multiplier: 1)
  var rows: [[Cell]] = []
  for multiplier in [1.0, 2, 4, 8, 16] {
    let cost: (usdPerAnswer: Double, lifeUSD: Double)
    do { cost = try thinkingCost(life, multiplier: multiplier) } catch {
      rows.append([.number(multiplier)] + (0..<5).map { _ in .absent(reason: error.description) })
      continue
    }
    let extra = cost.lifeUSD - base.lifeUSD
    // The same extra money in training at the same recipe buys √(1 + extra/bill) times the size.
    let scale = (1 + extra / life.bill.usd).squareRoot()
    let loss = try economics { () throws(EconomicsError) in
      try life.question.law.loss(
        parameters: life.parameters * scale, tokens: life.bill.tokens * scale)
    }
    rows.append([
      .number(multiplier), .number(cost.usdPerAnswer, grade: .derived),
      .number(cost.lifeUSD, grade: .derived),
      .number(extra), .number(scale), .number(loss, grade: .derived),
    ])
  }
  return Table(
    id: "spend-thinking", title: "Thinking longer, or the same money in a larger model",
    columns: [
      Table.Column("Output tokens", unit: "×", format: .significant3),
      Table.Column("Per answer", unit: "$", format: .significant3),
      Table.Column("Serving for life", unit: "$", format: .dollars),
      Table.Column("Extra", unit: "$", format: .dollars),
      Table.Column("Size the extra would train", unit: "×", format: .decimal2),
      Table.Column("Loss at that size", format: .decimal3),
    ], rows: rows,
    note:
      "The larger model is priced for training alone; serving it would cost more again. Which of the two raises "
      + "quality more depends on the task: on easy and medium questions thinking wins while inference is small beside "
      + "pre-training, on hard ones training wins (arXiv:2408.03314).")
}

/// Serving when every answer is `multiplier` times as long; never cheaper than a shorter one.
func thinkingCost(_ life: SpendLife, multiplier: Double) throws(StudyError) -> (
  usdPerAnswer: Double, lifeUSD: Double
) {
  var serving = life.question.serving
  serving.output = serving.output.scaled(by: multiplier)
  let point = try cheapestPoint(serving)
  let perAnswer =
    life.sizeRatio
    * point.usdPerMillionOutput(serving) * serving.output.base / 1e6
  return (perAnswer, perAnswer * life.demand.totalRequests)
}
