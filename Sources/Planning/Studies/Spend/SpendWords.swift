import Economics
import FleetData
import Foundation

/// The answer in words.
func spendSentences(
  _ life: SpendLife, _ optimum: SpendOptimum, _ figures: [StudyFigure]
) throws(StudyError) -> [String] {
  let model = life.question.serving.model.id
  let total = figures[0].result
  let share = life.bill.usd / life.totalUSD
  let first =
    "Training \(model) on \(StudyText.count(life.bill.tokens)) tokens costs \(StudyText.money(life.bill.usd)) "
    + "(\(StudyText.number(life.bill.days)) days on "
    + "\(StudyText.number(life.terms.chips)) \(life.question.trainingChip.id)); "
    + "serving it for \(life.demand.months) months costs \(StudyText.money(life.servingUSD)): "
    + (share > 0.5 ? "training" : "inference") + " takes \(StudyText.percent(max(share, 1 - share))) of "
    + "\(StudyText.money(total.value)) (\(StudyText.money(total.low)) to \(StudyText.money(total.high)))."
  return [
    first, mfuSentence(life),
    crossoverSentence(life, figures.first { $0.id == "crossover_requests_per_day" }?.result),
    "Doubling the model's size costs 4 times the training and 2 times the serving; ten times the training compute "
      + "multiplies the reducible loss by \(StudyText.number(try tenfold(life))) (\(life.question.law.name)).",
    optimumSentence(life, optimum), try priceSentence(life),
    figures[0].uncertainty.drivers.first.map {
      "What matters most is \($0.input.name): over its range the whole life costs "
        + "\(StudyText.money(min($0.atLow, $0.atHigh))) to \(StudyText.money(max($0.atLow, $0.atHigh)))."
    } ?? "No input was given as a range.",
  ]
}

private func tenfold(_ life: SpendLife) throws(StudyError) -> Double {
  try economics { () throws(EconomicsError) in
    try life.question.law.reducibleLossFactor(computeRatio: 10)
  }
}

/// Which MFU training is priced with, and what else is known of it.
private func mfuSentence(_ life: SpendLife) -> String {
  let mfu = life.mfu
  let used = StudyText.percent(life.terms.mfu)
  let predicted = mfu.predicted.map { "; \(StudyText.percent($0)) is predicted for it" } ?? ""
  guard !mfu.isGiven else { return "Training is priced at the MFU given, \(used)\(predicted)." }
  guard let nearest = mfu.nearest else {
    return "Training is priced at a predicted MFU of \(used): no such model was published on this chip."
  }
  return
    "Training is priced at \(used) MFU, measured on the published run most like it (\(nearest.words))\(predicted)."
}

private func crossoverSentence(_ life: SpendLife, _ range: Interval?) -> String {
  let interval = range.map { " (\(StudyText.count($0.low)) to \(StudyText.count($0.high)))" } ?? ""
  let (asked, needed) = (
    StudyText.count(life.demand.requestsPerDay), StudyText.count(life.crossoverRequestsPerDay)
  )
  let span = "\(life.demand.months) months"
  guard let month = life.crossoverMonth else {
    return
      "At \(asked) requests a day in the first month serving costs less than training over all \(span); it would "
      + "take \(needed)\(interval) a day to cost as much."
  }
  return
    "At \(asked) requests a day in the first month serving has cost as much as training by month \(month); "
    + "\(needed)\(interval) a day would make the two equal over \(span)."
}

private func optimumSentence(_ life: SpendLife, _ optimum: SpendOptimum) -> String {
  let best = optimum.inDollars
  return
    "The same loss for the least money over that life: \(StudyText.count(best.parameters)) parameters on "
    + "\(StudyText.count(best.tokens)) tokens (\(StudyText.number(best.tokens / best.parameters)) per parameter), "
    + "\(StudyText.percent(optimum.saving)) cheaper than as asked."
}

private func priceSentence(_ life: SpendLife) throws(StudyError) -> String {
  let terms = life.terms
  let perFLOP = try economics { () throws(EconomicsError) in
    try usdPerFLOP(usdPerChipHour: terms.usdPerChipHour, peak: terms.peak.value, utilization: terms.mfu)
  }
  let tokens = tokensPerUSD(life)
  return "A training FLOP costs \(StudyText.number(perFLOP)) dollars at \(StudyText.percent(terms.mfu)) MFU, "
    + (perFLOP < 1e-18 ? "under" : "over")
    + " 1e-18; a dollar of serving buys \(StudyText.count(tokens)) tokens, "
    + "\(StudyText.number(tokens / 10_000)) times a paperback's."
}

func spendFindings(
  _ life: SpendLife, _ optimum: SpendOptimum, _ account: SpendAccount
) throws(StudyError) -> [StudyResult.Finding] {
  let goodput = try economics { () throws(EconomicsError) in try life.terms.goodput() }
  let budget = 6 * life.parameters * life.bill.tokens
  let law = life.question.law
  let best = try economics { () throws(EconomicsError) in
    try law.optimum(trainingFLOPs: budget).parameters
  }
  let errors = try optimumInterval(law, budget, seed: life.question.seed)
  return [
    .init("training_flops", life.bill.flops.value, "FLOP"), .init("training_mfu", life.terms.mfu, ""),
    .init("training_goodput", goodput, ""), .init("usd_per_request", life.usdPerRequest, "$"),
    .init("serving_used_usd", account.usedUSD, "$"),
    .init("best_committed_share", account.commitment?.share ?? 0, "share of the peak"),
    .init("crossover_month", Double(life.crossoverMonth ?? 0), "month; 0 = never"),
    .init("loss", optimum.loss, "nats/token"),
    .init("compute_optimal_parameters", best, "parameters", low: errors?.low, high: errors?.high),
    .init("optimal_parameters", optimum.inDollars.parameters, "parameters"),
    .init("optimal_tokens", optimum.inDollars.tokens, "tokens"),
    .init("optimal_saving", optimum.saving, ""), .init("tokens_per_usd", tokensPerUSD(life), "tokens/$"),
  ] + (life.mfu.predicted.map { [.init("training_mfu_predicted", $0, "")] } ?? [])
    + (life.mfu.nearest.map { [.init("training_mfu_measured", $0.mfu, "")] } ?? [])
    + (account.breakEvenUse.map { [.init("commitment_break_even_use", $0, "share of the hours")] } ?? [])
}

func spendAssumptions(_ life: SpendLife) -> [StudyResult.Assumption] {
  let question = life.question
  return scaleAssumptions(question.serving) + [
    .init(
      "training",
      "\(rangeText(question.tokensPerParameter)) tokens per parameter, contexts of "
        + "\(StudyText.number(Double(question.trainingContext)))",
      source: "the question", grade: .assumed),
    .init(
      "training price per chip-hour", rangeText(question.trainingUSDPerChipHour, "$"),
      source: "list prices of the catalog or the question", grade: .quoted),
    .init(
      "MFU", rangeText(life.mfu.used), source: life.mfu.source, grade: life.mfu.grade),
    .init(
      "failures per 1,000 node-days", rangeText(question.failuresPer1000NodeDays),
      source: "arXiv:2410.21680, arXiv:2407.21783", grade: .quoted),
    .init(
      "checkpoint and restart",
      "\(rangeText(question.checkpointSeconds)) s and \(rangeText(question.restartSeconds)) s, "
        + "at Daly's exact interval",
      source: "the question", grade: .assumed),
    .init(
      "demand",
      "\(rangeText(question.requestsPerDay)) requests a day, growing \(rangeText(question.growth)) a month",
      source: "the question", grade: .assumed),
    .init("scaling law", question.law.name, source: question.law.source, grade: .quoted),
    .init(
      "sampling",
      "\(StudyText.percent(question.sampling.first.base)) of questions solved by one sample, "
        + "\(StudyText.percent(question.sampling.coverage.base)) by \(StudyText.number(question.sampling.samples)); "
        + "\(StudyText.money(question.sampling.usdPerVerification.base)) per check",
      source: "SWE-bench Lite in arXiv:2407.21787, or the question", grade: .quoted),
    .init(
      "money",
      "\(rangeText(question.money.discountRate)) a year; demand falls to "
        + "\(StudyText.percent(question.money.troughOverPeak.base)) of its peak every night",
      source: "the question",
      grade: .assumed),
  ]
}
