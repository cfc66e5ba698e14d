import Economics
import FleetData
import Foundation
import Performance
import Quantities

func methodTable(_ plan: SitesPlan) -> Table {
  Table(
    id: "training-methods",
    title: "\(StudyText.number(plan.sites)) sites of \(StudyText.number(plan.question.chipsPerSite.base)) "
      + "\(plan.question.chip.id) over "
      + "\(StudyText.number(plan.question.linkBitsPerSecond.base / 1e9)) Gbit/s",
    columns: [
      Table.Column("Method"), Table.Column("Steps between syncs", format: .integer),
      Table.Column("Busy", format: .percent),
      Table.Column("Link for 95 % busy", unit: "Gbit/s", format: .significant3),
      Table.Column("Days", format: .significant3), Table.Column("Cost", unit: "$", format: .dollars),
      Table.Column("Loss by the law", unit: "×", format: .decimal3),
      Table.Column("Loss planned", unit: "×", format: .decimal3),
      Table.Column("Compute for it", unit: "×", format: .decimal3),
      Table.Column("Cost at equal loss", unit: "$", format: .dollars),
    ],
    rows: plan.outcomes.map {
      [
        .text($0.method.name), .number($0.method.localSteps), .number($0.utilization, grade: .derived),
        .number($0.bitsFor95 / 1e9, grade: .derived), .number($0.days), .number($0.usd, grade: .derived),
        .number($0.method.lawRatio, grade: .quoted), .number($0.method.lossRatio, grade: .derived),
        .number($0.computeForLoss, grade: .derived), .number($0.usdAtEqualLoss, grade: .derived),
      ]
    },
    note:
      "Traffic by the closed form fitted to arXiv:2503.09799, loss by that paper's laws for each number of workers; "
      + "streaming sends fragments in 4 bits under the next steps (arXiv:2501.18512). A gain that the laws predict is not "
      + "planned with."
      + (plan.penalty.isExtrapolated ? " " + extrapolationWarning(plan) : ""))
}

/// Said wherever the loss of a run larger than any that was measured is used.
func extrapolationWarning(_ plan: SitesPlan) -> String {
  "The loss laws were measured up to \(StudyText.count(DiLoCoLaw.measured.parameters)) parameters and "
    + "\(StudyText.number(DiLoCoLaw.measured.workers)) workers; at \(StudyText.count(plan.parameters)) and "
    + "\(StudyText.number(plan.sites)) they are extrapolated to \(StudyText.number(plan.penalty.lawRatio)) times the loss of "
    + "synchronous training"
    + (plan.penalty.lawRatio < 1
      ? ": a gain that no run has shown, so none is counted and the interval reaches down to it." : ".")
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
          utilization: share, parameters: plan.allParameters, stepSeconds: plan.stepSeconds,
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

/// The size of a step: the batch that the law finds best for so many workers, and what it would need of the links.
func recipeTable(_ plan: SitesPlan) throws(StudyError) -> Table {
  var rows: [[Cell]] = []
  for workers in Set([1, 2, 4, 8, plan.sites]).sorted() {
    let batch = try economics { () throws(EconomicsError) in
      try DiLoCoLaw.bestBatch(parameters: plan.parameters, workers: workers)
    }
    var question = plan.question
    question.sites = InputRange(workers)
    question.tokensPerStep = InputRange(min(batch, question.tokens.base))
    let there = try SitesPlan(question, known: plan.known)
    rows.append([
      .number(workers), .number(batch, grade: .derived), .number(batch / plan.question.tokensPerStep.base),
      .number(plan.question.tokens.base / batch), .number(there.stepSeconds, grade: .derived),
      .number(there.outcomes[0].bitsFor95 / 1e9, grade: .derived),
      .number(there.best.bitsFor95 / 1e9, grade: .derived),
    ])
  }
  return Table(
    id: "training-batch", title: "The best batch for so many workers, by the law",
    columns: [
      Table.Column("Workers", format: .integer),
      Table.Column("Best batch", unit: "tokens", format: .significant3),
      Table.Column("Over the batch asked", unit: "×", format: .significant3),
      Table.Column("Steps of the run", format: .significant3),
      Table.Column("Step", unit: "s", format: .significant3),
      Table.Column("Synchronous, 95 % busy", unit: "Gbit/s", format: .significant3),
      Table.Column("Best method, 95 % busy", unit: "Gbit/s", format: .significant3),
    ], rows: rows,
    note:
      "B = 0.00709·N^0.4695·M^0.3399 sequences, taken as 2,048 tokens each (arXiv:2503.09799, fitted up to 10B parameters "
      + "and 8 workers): more workers bear a larger batch, whose longer steps need slower links. Each worker is a site of as many chips as asked."
  )
}

/// The same chips at one site, two, four…: what each site draws, and what spreading costs.
func siteTable(_ plan: SitesPlan) throws(StudyError) -> Table {
  let question = plan.question
  let perSite = try plan.chipsFed()
  let total = Int(plan.chips)
  var rows: [[Cell]] = []
  var sites = 1
  while sites <= max(16, 2 * question.sites.count), total % sites == 0 {
    let each = Double(total / sites)
    var spread = question
    spread.addedLoss = InputRange(0)
    (spread.sites, spread.chipsPerSite) = (InputRange(Double(sites)), InputRange(each))
    let at = try SitesPlan(spread, known: plan.known).best
    let megawatts = each * question.wattsPerChip * question.power.pue.base / 1e6
    rows.append([
      .number(Double(sites)), .number(each), .number(megawatts, grade: .derived),
      .text(each <= perSite ? "yes" : "no"), .text(sites == 1 ? "one site" : at.method.name),
      .number(at.utilization), .number(at.days * at.computeForLoss, grade: .derived),
      .number(at.usdAtEqualLoss, grade: .derived),
    ])
    sites *= 2
  }
  return Table(
    id: "training-sites",
    title:
      "\(StudyText.number(plan.chips)) chips centralised or spread: a site of "
      + "\(StudyText.number(question.siteWatts.base / 1e6)) MW feeds \(StudyText.number(perSite.rounded(.down)))",
    columns: [
      Table.Column("Sites", format: .integer), Table.Column("Chips each", format: .integer),
      Table.Column("Power each", unit: "MW", format: .significant3), Table.Column("Fits the power"),
      Table.Column("Cheapest method"), Table.Column("Busy", format: .percent),
      Table.Column("Days at equal loss", format: .significant3),
      Table.Column("Cost at equal loss", unit: "$", format: .dollars),
    ], rows: rows,
    note:
      "MFU inside a site is kept; what changes is the link, the number of workers and the power of each site."
  )
}

/// One site as one slice, or as several over its data-centre network.
func sliceTable(_ plan: SitesPlan) -> Table {
  let question = plan.question
  let chips = question.chipsPerSite.count
  let largest = question.chip.largestSlice(upTo: chips)
  var rows: [[Cell]] = []
  var slices = max(1, chips / largest)
  for _ in 0..<4 where chips % slices == 0 && chips / slices >= 1 {
    let row: [Cell] = [.number(Double(slices)), .number(Double(chips / slices))]
    do {
      let mfu = try question.siteMFU(sliceChips: chips / slices)
      let days = plan.flops / (plan.chips * plan.peak.value * mfu * plan.best.utilization) / 86_400
      rows.append(row + [.number(mfu, grade: .derived), .number(days, grade: .derived)])
    } catch {
      rows.append(row + [.absent(reason: "\(error)"), .absent(reason: "\(error)")])
    }
    slices *= 2
  }
  return Table(
    id: "training-slices",
    title: "The \(StudyText.number(Double(chips))) chips of one site as slices over its data-centre network",
    columns: [
      Table.Column("Slices", format: .integer), Table.Column("Chips each", format: .integer),
      Table.Column("Predicted MFU", format: .percent), Table.Column("Days of the run", format: .significant3),
    ], rows: rows,
    note: "Slices add their gradients over the network once a step; inside they use their own links.")
}

/// Utilisation against the link, method by method.
func linkChart(_ plan: SitesPlan) throws(StudyError) -> Chart {
  var series: [Chart.Series] = []
  for outcome in plan.outcomes {
    var points: [Chart.Point] = []
    for exponent in stride(from: 7.0, through: 12.5, by: 0.25) {
      var question = plan.question
      question.linkBitsPerSecond = InputRange(pow(10, exponent))
      let at = try SitesPlan(question, known: plan.known, only: outcome.method)
      points.append(Chart.Point(x: pow(10, exponent) / 1e9, y: at.outcomes[0].utilization))
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
