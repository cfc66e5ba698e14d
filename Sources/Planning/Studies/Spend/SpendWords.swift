import Economics
import FleetData
import Foundation

/// The answer in words.
func spendSentences(
  _ life: SpendLife, _ optimum: SpendOptimum, _ uncertainty: Uncertainty, _ crossover: Uncertainty
) throws(StudyError) -> [String] {
  let model = life.question.serving.model.id
  let total = uncertainty.result
  let share = life.bill.usd / life.totalUSD
  let first =
    "Training \(model) on \(StudyText.count(life.bill.tokens)) tokens costs \(StudyText.money(life.bill.usd)) "
    + "(\(StudyText.number(life.bill.days)) days on \(life.question.trainingChips) \(life.question.trainingChip.id)); "
    + "serving it for \(life.question.months) months costs \(StudyText.money(life.servingUSD)): "
    + (share > 0.5 ? "training" : "inference") + " takes \(StudyText.percent(max(share, 1 - share))) of "
    + "\(StudyText.money(total.value)) (\(StudyText.money(total.low)) to \(StudyText.money(total.high)))."
  return [
    first, crossoverSentence(life, crossover),
    "Doubling the model's size costs 4 times the training and 2 times the serving; ten times the training compute "
      + "multiplies the reducible loss by \(StudyText.number(try tenfold(life))) (\(life.question.law.name)).",
    optimumSentence(life, optimum), try priceSentence(life),
    uncertainty.drivers.first.map {
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

private func crossoverSentence(_ life: SpendLife, _ crossover: Uncertainty) -> String {
  let range = crossover.result
  let volume =
    "\(StudyText.count(range.value)) requests a day (\(StudyText.count(range.low)) to "
    + "\(StudyText.count(range.high))) in the first month would make serving cost as much as training over \(life.question.months) months"
  guard let month = life.crossoverMonth else {
    return
      "At \(StudyText.count(life.demand.requestsPerDay)) requests a day serving never costs as much as training; "
      + volume + "."
  }
  return
    "At \(StudyText.count(life.demand.requestsPerDay)) requests a day serving has cost as much as training by "
    + "month \(month); " + volume + "."
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
  _ life: SpendLife, _ optimum: SpendOptimum, _ cost: Uncertainty, _ crossover: Uncertainty,
  _ present: Uncertainty, _ account: SpendAccount
) throws(StudyError) -> [StudyResult.Finding] {
  let goodput = try economics { () throws(EconomicsError) in try life.terms.goodput() }
  return [
    .init("life_usd", cost.result),
    .init("training_usd", life.bill.usd, "$"), .init("serving_usd", life.servingUSD, "$"),
    .init("training_flops", life.bill.flops.value, "FLOP"), .init("training_mfu", life.terms.mfu, ""),
    .init("training_goodput", goodput, ""), .init("training_days", life.bill.days, "days"),
    .init("usd_per_request", life.usdPerRequest, "$"),
    .init("crossover_requests_per_day", crossover.result, "requests/day"),
    .init("present_life_usd", present.result),
    .init("serving_used_usd", account.usedUSD, "$"),
    .init("best_committed_share", account.commitment?.share ?? 0, "share of the peak"),
    .init("crossover_month", Double(life.crossoverMonth ?? 0), "month; 0 = never"),
    .init("loss", optimum.loss, "nats/token"),
    .init("optimal_parameters", optimum.inDollars.parameters, "parameters"),
    .init("optimal_tokens", optimum.inDollars.tokens, "tokens"),
    .init("optimal_saving", optimum.saving, ""), .init("tokens_per_usd", tokensPerUSD(life), "tokens/$"),
  ]
}

func spendAssumptions(_ life: SpendLife) -> [StudyResult.Assumption] {
  let question = life.question
  return scaleAssumptions(question.serving) + [
    .init(
      "training",
      "\(StudyText.number(question.tokensPerParameter)) tokens per parameter, context \(question.trainingContext)",
      source: "the question", grade: .assumed),
    .init(
      "training price per chip-hour", rangeText(question.trainingUSDPerChipHour, "$"),
      source: "list prices of the catalog or the question", grade: .quoted),
    .init(
      "MFU", rangeText(question.mfu ?? InputRange(life.terms.mfu)),
      source: question.mfu == nil ? "predicted for the best sharding" : "the question",
      grade: question.mfu == nil ? .derived : .assumed),
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
      "\(StudyText.percent(question.sampling.first)) of questions solved by one sample, "
        + "\(StudyText.percent(question.sampling.coverage)) by \(StudyText.number(question.sampling.samples)); "
        + "\(StudyText.money(question.sampling.usdPerVerification)) per check",
      source: "SWE-bench Lite in arXiv:2407.21787, or the question", grade: .quoted),
    .init(
      "money",
      "\(rangeText(question.money.discountRate)) a year; demand falls to "
        + "\(StudyText.percent(question.money.troughOverPeak)) of its peak every night",
      source: "the question",
      grade: .assumed),
  ]
}
