import Economics
import FleetData
import Foundation

/// The answer in words, from the numbers.
func scaleSentences(
  _ sweep: ScaleSweep, _ out: ScaleOut, _ agents: AgentFleet, _ grid: ScaleGrid, _ uncertainty: Uncertainty
) -> [String] {
  let question = sweep.question
  let best = sweep.cheapest.point
  let cost = uncertainty.result
  var sentences = [
    "Scale out: the cheapest tokens of \(question.model.id) on \(question.chip.id) come from instances of "
      + "\(best.chips) chips (\(best.profile.sharding.shortText), batch \(best.batch)) at "
      + "\(StudyText.money(cost.value)) per million output tokens "
      + "(\(StudyText.money(cost.low)) to \(StudyText.money(cost.high))) and "
      + "\(StudyText.number(best.tokensPerSecondPerUser)) tokens/s per user; more demand is met by more of them.",
    ceilingSentence(sweep), agents.sentence,
  ]
  if let single = out.single, single.replicas != out.best.replicas, single.promised > 0 {
    sentences.append(
      "The same \(question.maxChips) chips keep the same promise to \(StudyText.number(out.best.promised)) requests/s as "
        + "\(out.best.replicas) replicas of \(out.best.point.chips), and to "
        + "\(StudyText.number(single.promised)) as one instance: "
        + "\(StudyText.number(out.best.promised / single.promised)) times as many.")
  }
  if let sentence = grid.sentence { sentences.append(sentence) }
  if let driver = uncertainty.drivers.first {
    sentences.append(
      "What matters most to that price is \(driver.input.name): over its range the cost moves from "
        + "\(StudyText.money(min(driver.atLow, driver.atHigh))) to "
        + "\(StudyText.money(max(driver.atLow, driver.atHigh))) per million.")
  }
  return sentences
}

/// Where one instance stops getting faster, and what the last doubling bought.
private func ceilingSentence(_ sweep: ScaleSweep) -> String {
  let fastest = sweep.fastest
  let smallest = sweep.sizes[0]
  let speed = 1 / fastest.alone.stepSeconds
  guard fastest.chips > smallest.chips else {
    return "The ceiling: one instance is fastest on \(fastest.chips) chip\(fastest.chips == 1 ? "" : "s"), "
      + "\(StudyText.number(speed)) tokens/s for a lone user; no larger slice helps."
  }
  let gain = smallest.alone.stepSeconds / fastest.alone.stepSeconds
  let price = Double(fastest.chips) / Double(smallest.chips) / gain
  var text =
    "The ceiling: one instance is fastest on \(fastest.chips) chips, \(StudyText.number(speed)) tokens/s for a "
    + "lone user, \(StudyText.number(gain)) times the speed of \(smallest.chips) at "
    + "\(StudyText.number(price)) times the chip time per token"
  if let last = lastUsefulDoubling(sweep), last < fastest.chips {
    text += "; beyond \(last) chips a doubling buys less than a fifth"
  }
  if fastest.chips == sweep.sizes.last?.chips { text += " (the largest looked at)" }
  if let least = try? sweep.floor.leastSeconds() {
    text +=
      "; the closed form, which knows no rings that overlap, puts the ceiling at \(StudyText.number(1 / least)) tokens/s "
      + "(t_min \(StudyText.number(least * 1000)) ms at n* = \(StudyText.number(sweep.floor.bestChips)) chips)"
  }
  return text + "."
}

/// The size after which no doubling speeds a lone user up by 20 % any more.
func lastUsefulDoubling(_ sweep: ScaleSweep) -> Int? {
  for (small, large) in zip(sweep.sizes, sweep.sizes.dropFirst())
  where small.alone.stepSeconds / large.alone.stepSeconds < 1.2 {
    return small.chips
  }
  return nil
}

func scaleFindings(_ sweep: ScaleSweep, _ out: ScaleOut, _ agents: AgentFleet) -> [StudyResult.Finding] {
  let best = sweep.cheapest.point
  return [
    .init("best_chips_per_instance", Double(best.chips), "chips"),
    .init("best_batch", Double(best.batch), "sequences"),
    .init("best_tokens_per_s_per_user", best.tokensPerSecondPerUser, "tok/s"),
    .init("best_tokens_per_s_per_chip", best.tokensPerSecondPerChip, "tok/s"),
    .init("fastest_chips", Double(sweep.fastest.chips), "chips"),
    .init("fastest_tokens_per_s", 1 / sweep.fastest.alone.stepSeconds, "tok/s"),
    .init("floor_best_chips", sweep.floor.bestChips, "chips"),
    .init("floor_tokens_per_s", (try? sweep.floor.tokensPerSecond()) ?? 0, "tok/s"),
    .init("scale_out_requests_per_s", out.best.capacity, "req/s"),
    .init("scale_up_requests_per_s", out.single?.capacity ?? 0, "req/s"),
    .init("many_agents_tasks_per_hour", agents.many.tasksPerHour, "tasks/h"),
    .init("cache_break_even_s", agents.many.breakEvenSeconds, "s"),
  ]
}

func scaleAssumptions(_ question: ScaleQuestion) -> [StudyResult.Assumption] {
  let entry = question.efficiency.entry(for: question.chip)
  let price = question.usdPerChipHour
  let use = question.utilization
  return [
    .init("model", question.model.name, source: question.model.provenance.source, grade: .quoted),
    .init(
      "precision", "\(question.weights.rawValue) weights, \(question.kv.rawValue) KV", source: "the question",
      grade: .assumed),
    .init(
      "request",
      "\(rangeText(question.input)) tokens in, \(rangeText(question.output)) out",
      source: "the question", grade: .assumed),
    .init(
      "price per chip-hour", rangeText(price, "$"),
      source: question.ownership.map {
        "\(rangeText($0.capital, "$")) over \(rangeText($0.years)) years at \(rangeText($0.interest)), and "
          + "\(rangeText($0.watts)) W at PUE \(rangeText($0.pue)) and \(rangeText($0.usdPerKWh, "$")) per kWh"
      } ?? "list prices of the catalog or the question",
      grade: question.ownership == nil ? .quoted : .assumed),
    .init("utilisation", rangeText(use), source: "share of paid hours at the planned batch", grade: .assumed),
    .init(
      "speed users accept",
      question.secondsPerToken.map { "a token every \(rangeText($0.scaled(by: 1000))) ms" } ?? "any",
      source: "the question", grade: .assumed),
    .init(
      "step times", entry.rows > 0 ? "fitted to \(entry.rows) measured rows" : "the chip family's defaults",
      source: "the performance model", grade: entry.rows > 0 ? .derived : .assumed),
  ]
}

func rangeText(_ range: InputRange, _ symbol: String = "") -> String {
  func text(_ x: Double) -> String { symbol == "$" ? StudyText.money(x) : symbol + StudyText.number(x) }
  return range.isExact ? text(range.base) : "\(text(range.base)) (\(text(range.low)) to \(text(range.high)))"
}
