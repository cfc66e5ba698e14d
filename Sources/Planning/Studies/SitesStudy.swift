import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// Training over several sites: links, methods, power, reinforcement learning and the valleys of serving.
/// - Throws: when the model cannot be trained or served as asked, or a number makes no sense.
public func trainingStudy(_ question: SitesQuestion) throws(StudyError) -> StudyResult {
  let plan = try SitesPlan(question)
  let best = plan.best
  let uncertainty = try plan.uncertainty(best.method)
  let actors = try ActorPlan(plan)
  let valley = try ValleyPlan(plan)
  return StudyResult(
    id: "training", title: "Training over sites",
    sentences: sitesSentences(plan, actors, valley, uncertainty),
    tables: [
      methodTable(plan), try bandwidthTable(plan), try siteTable(plan), actors.table, valley.table,
      try publishedLinksTable(),
      StudyCharts.tornadoTable(
        id: "training-drivers", title: "What the cost at equal loss depends on", unit: "$", uncertainty),
    ],
    charts: [
      try linkChart(plan),
      StudyCharts.tornado(
        id: "training-tornado", title: "Cost of the run at equal loss", unit: "$", uncertainty),
    ],
    findings: [
      .init(
        "usd_at_equal_loss", uncertainty.result.value, "$", low: uncertainty.result.low,
        high: uncertainty.result.high),
      .init("best_local_steps", best.method.localSteps, "steps"), .init("utilization", best.utilization, ""),
      .init("days", best.days, "days"), .init("mfu", plan.mfu, ""), .init("step_s", plan.stepSeconds, "s"),
      .init("bits_per_s_for_95", best.bitsFor95, "bit/s"),
      .init("weight_push_s", actors.pushSeconds, "s"), .init("valley_days", valley.days, "days"),
    ],
    assumptions: sitesAssumptions(plan), live: StudyLive.training(plan))
}

func methodTable(_ plan: SitesPlan) -> Table {
  Table(
    id: "training-methods",
    title: "\(plan.question.sites) sites of \(plan.question.chipsPerSite) \(plan.question.chip.id) over "
      + "\(StudyText.number(plan.question.linkBitsPerSecond.base / 1e9)) Gbit/s",
    columns: [
      Table.Column("Method"), Table.Column("Steps between syncs", format: .integer),
      Table.Column("Busy", format: .percent),
      Table.Column("Link for 95 % busy", unit: "Gbit/s", format: .significant3),
      Table.Column("Days", format: .significant3), Table.Column("Cost", unit: "$", format: .dollars),
      Table.Column("Loss", unit: "×", format: .decimal3),
      Table.Column("Cost at equal loss", unit: "$", format: .dollars),
    ],
    rows: plan.outcomes.map {
      [
        .text($0.method.name), .number($0.method.localSteps), .number($0.utilization, grade: .derived),
        .number($0.bitsFor95 / 1e9, grade: .derived), .number($0.days), .number($0.usd, grade: .derived),
        .number($0.method.lossRatio, grade: .quoted), .number($0.usdAtEqualLoss, grade: .derived),
      ]
    },
    note:
      "Traffic by the closed form fitted to arXiv:2503.09799, loss by that paper's laws for each number of workers; "
      + "streaming sends fragments in 4 bits under the next steps (arXiv:2501.18512).")
}

/// Bandwidth for 50 to 99 % utilisation.
func bandwidthTable(_ plan: SitesPlan) throws(StudyError) -> Table {
  let shares = [0.5, 0.8, 0.9, 0.95, 0.99]
  var rows: [[Cell]] = []
  for steps in [1] + plan.question.localSteps {
    var row: [Cell] = [.number(steps)]
    for share in shares {
      let bits = try economics { () throws(EconomicsError) in
        try TrainingLinks.bitsPerSecond(
          utilization: share, parameters: plan.parameters, stepSeconds: plan.stepSeconds,
          stepsBetweenSyncs: steps)
      }
      row.append(.number(bits / 1e9, grade: .derived))
    }
    rows.append(row)
  }
  return Table(
    id: "training-bandwidth",
    title: "Bandwidth per site for a step of \(StudyText.number(plan.stepSeconds)) s, two replicas, bf16",
    columns: [Table.Column("Steps between syncs", format: .integer)]
      + shares.map { Table.Column(StudyText.percent($0) + " busy", unit: "Gbit/s", format: .significant3) },
    rows: rows, note: "1 is synchronous data parallel. Median error 7 % on the published table, worst 42 %.")
}

/// One large site against several capped ones.
func siteTable(_ plan: SitesPlan) throws(StudyError) -> Table {
  let question = plan.question
  let perSite = try economics { () throws(EconomicsError) in
    try SitePower.chips(
      site: Watts(question.siteWatts), pue: question.pue, wattsPerChip: question.wattsPerChip)
  }
  let fits = min(Double(question.chipsPerSite), perSite.rounded(.down))
  let peak = question.chip.peak[.bf16]?.value.value ?? 1
  var rows: [[Cell]] = []
  let spread = [1, 2, question.sites, 2 * question.sites].filter { $0 >= 1 }
  for sites in Set(spread).sorted() {
    let busy = sites == 1 ? 1 : plan.best.utilization
    let chips = fits * Double(sites)
    let days = plan.flops / (chips * peak * plan.mfu * busy) / 86_400
    let usd = days * 24 * chips * question.usdPerChipHour.base
    rows.append([
      .number(Double(sites)), .number(chips), .number(chips * question.wattsPerChip * question.pue / 1e6),
      .number(busy), .number(days, grade: .derived), .number(usd, grade: .derived),
    ])
  }
  return Table(
    id: "training-sites",
    title:
      "Sites of \(StudyText.number(question.siteWatts / 1e6)) MW feed up to \(StudyText.number(perSite)) chips each",
    columns: [
      Table.Column("Sites", format: .integer), Table.Column("Chips", format: .integer),
      Table.Column("Power", unit: "MW", format: .significant3), Table.Column("Busy", format: .percent),
      Table.Column("Days", format: .significant3), Table.Column("Cost", unit: "$", format: .dollars),
    ], rows: rows,
    note:
      "Spreading buys time for the idle share of the links; the batch grows with the sites, which the laws above pay for."
  )
}

/// Utilisation against the link, method by method.
func linkChart(_ plan: SitesPlan) throws(StudyError) -> Chart {
  let question = plan.question
  var series: [Chart.Series] = []
  for outcome in plan.outcomes {
    var points: [Chart.Point] = []
    for exponent in stride(from: 7.0, through: 12.5, by: 0.25) {
      let bits = pow(10, exponent)
      let at = try SitesPlan.outcome(
        outcome.method, question, parameters: plan.parameters, step: plan.stepSeconds, mfu: plan.mfu,
        bits: bits,
        price: question.usdPerChipHour.base)
      points.append(Chart.Point(x: bits / 1e9, y: at.utilization))
    }
    let steps = outcome.method.localSteps > 1 ? ", every \(StudyText.number(outcome.method.localSteps))" : ""
    series.append(Chart.Series(outcome.method.name + steps, points))
  }
  return Chart(
    id: "training-links", title: "How busy the chips are", kind: .line,
    x: Chart.Axis("Link per site", unit: "Gbit/s", logarithmic: true), y: Chart.Axis("Busy", unit: "share"),
    series: series,
    altText: "The rarer the synchronisation, the slower the link that keeps the chips busy")
}

func sitesSentences(
  _ plan: SitesPlan, _ actors: ActorPlan, _ valley: ValleyPlan, _ uncertainty: Uncertainty
) -> [String] {
  let best = plan.best
  let cost = uncertainty.result
  let synchronous = plan.outcomes[0]
  let steps = best.method.localSteps
  return [
    "Over \(StudyText.number(plan.question.linkBitsPerSecond.base / 1e9)) Gbit/s, \(plan.question.sites) sites train "
      + "\(plan.question.model.id) cheapest with \(best.method.name)"
      + (steps > 1 ? " every \(StudyText.number(steps)) steps" : "")
      + ": \(StudyText.money(cost.value)) at equal loss (\(StudyText.money(cost.low)) to \(StudyText.money(cost.high))), "
      + "\(StudyText.number(best.days)) days, chips busy \(StudyText.percent(best.utilization)) of the time.",
    "Synchronous training keeps them busy \(StudyText.percent(synchronous.utilization)) and would need "
      + "\(StudyText.number(synchronous.bitsFor95 / 1e9)) Gbit/s per site for 95 %.",
    actors.sentence, valley.sentence,
  ]
}

func sitesAssumptions(_ plan: SitesPlan) -> [StudyResult.Assumption] {
  let question = plan.question
  return [
    .init("model", question.model.name, source: question.model.provenance.source, grade: .quoted),
    .init("tokens", StudyText.count(question.tokens), source: "the question", grade: .assumed),
    .init(
      "MFU inside a site", rangeText(question.mfu ?? InputRange(plan.mfu)),
      source: question.mfu == nil ? "predicted for the best sharding" : "the question",
      grade: question.mfu == nil ? .derived : .assumed),
    .init(
      "link",
      rangeText(question.linkBitsPerSecond)
        + " bit/s, round trip \(StudyText.number(question.roundTripSeconds * 1000)) ms",
      source: "the question", grade: .assumed),
    .init(
      "price per chip-hour", rangeText(question.usdPerChipHour, "$"),
      source: "list prices of the catalog or the question", grade: .quoted),
    .init(
      "site",
      "\(StudyText.number(question.siteWatts / 1e6)) MW, PUE \(StudyText.number(question.pue)), "
        + "\(StudyText.number(question.wattsPerChip)) W per chip with its host", source: "the question",
      grade: .assumed),
    .init("scaling law", question.law.name, source: question.law.source, grade: .quoted),
  ]
}
