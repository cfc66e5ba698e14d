import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// Training over several sites: links, methods, power, reinforcement learning and the valleys of serving.
/// - Throws: when the model cannot be trained or served as asked, or a number makes no sense.
public func trainingStudy(_ question: SitesQuestion) throws(StudyError) -> StudyResult {
  let plan = try SitesPlan(question)
  let choice = try ServingChoice(plan.question.serving)
  let actors = try ActorPlan(plan, choice)
  let valley = try ValleyPlan(plan)
  let figures = try sitesFigures(plan, choice, valley)
  return StudyResult(
    id: "training", title: "Training over sites",
    sentences: sitesSentences(plan, actors, valley, figures[0].result),
    tables: [
      methodTable(plan), try bandwidthTable(plan), try recipeTable(plan), try siteTable(plan),
      sliceTable(plan), actors.table, valley.table, valley.hourTable, try publishedLinksTable(),
    ],
    charts: [
      try linkChart(plan), valley.chart,
      StudyCharts.tornado(
        id: "training-tornado", title: "Cost of the run at equal loss", unit: "$", figures[0].uncertainty),
    ],
    findings: figures.findings + sitesFindings(plan, actors, valley), assumptions: sitesAssumptions(plan),
    certainty: figures.certainty("training"), live: StudyLive.training(plan))
}

private func sitesFindings(
  _ plan: SitesPlan, _ actors: ActorPlan, _ valley: ValleyPlan
) -> [StudyResult.Finding] {
  let best = plan.best
  return [
    .init("best_local_steps", best.method.localSteps, "steps"), .init("utilization", best.utilization, ""),
    .init("days", best.days, "days"), .init("mfu", plan.mfu, ""), .init("step_s", plan.stepSeconds, "s"),
    .init("bits_per_s_for_95", best.bitsFor95, "bit/s"),
    .init("loss_ratio_by_law", plan.penalty.lawRatio, "×"), .init("loss_ratio", plan.penalty.ratio, "×"),
    .init("loss_is_extrapolated", plan.penalty.isExtrapolated ? 1 : 0, "1 = yes"),
    .init("actors_share_of_cost", actors.actorShare, ""),
    .init("valley_usd_per_kwh", valley.valleyUSDPerKWh, "$/kWh"),
  ] + (plan.known.predicted.map { [.init("mfu_predicted", $0, "")] } ?? [])
    + (plan.known.nearest.map { [.init("mfu_measured", $0.mfu, "")] } ?? [])
}

private func sitesSentences(
  _ plan: SitesPlan, _ actors: ActorPlan, _ valley: ValleyPlan, _ cost: Interval
) -> [String] {
  let best = plan.best
  let synchronous = plan.outcomes[0]
  let steps = best.method.localSteps
  var sentences = [
    "Over \(StudyText.number(plan.question.linkBitsPerSecond.base / 1e9)) Gbit/s, \(StudyText.number(plan.sites)) sites train "
      + "\(plan.question.model.id) cheapest with \(best.method.name)"
      + (steps > 1 ? " every \(StudyText.number(steps)) steps" : "")
      + ": \(StudyText.money(cost.value)) at equal loss (\(StudyText.money(cost.low)) to \(StudyText.money(cost.high))), "
      + "\(StudyText.number(best.days)) days, chips busy \(StudyText.percent(best.utilization)) of the time.",
    "Synchronous training keeps them busy \(StudyText.percent(synchronous.utilization)) and would need "
      + "\(StudyText.number(synchronous.bitsFor95 / 1e9)) Gbit/s per site for 95 %.",
  ]
  if plan.penalty.isExtrapolated, plan.sites > 1 { sentences.append(extrapolationWarning(plan)) }
  return sentences + [actors.sentence, valley.sentence]
}

private func sitesAssumptions(_ plan: SitesPlan) -> [StudyResult.Assumption] {
  let question = plan.question
  let power = question.power
  return [
    .init("model", question.model.name, source: question.model.provenance.source, grade: .quoted),
    .init("tokens", rangeText(question.tokens), source: "the question", grade: .assumed),
    .init(
      "MFU inside a site", rangeText(plan.known.used), source: plan.known.source, grade: plan.known.grade),
    .init(
      "link",
      rangeText(question.linkBitsPerSecond) + " bit/s, round trip \(rangeText(question.roundTripSeconds)) s",
      source: "the question", grade: .assumed),
    .init(
      "price per chip-hour", rangeText(question.usdPerChipHour, "$"),
      source: "list prices of the catalog or the question", grade: .quoted),
    .init(
      "site",
      "\(rangeText(question.siteWatts.scaled(by: 1e-6))) MW, PUE \(rangeText(power.pue)), "
        + "\(rangeText(power.watts ?? InputRange(0))) W per chip with its host", source: "the question",
      grade: .assumed),
    .init(
      "loss over sites", "of the nearest number of workers measured, made up by compute along the same law",
      source: "Charles et al. 2025, arXiv:2503.09799",
      grade: plan.penalty.isExtrapolated ? .assumed : .quoted),
  ]
}
