import Economics
import FleetData
import Foundation
import Quantities

/// Reinforcement learning: learners at one site, actors that generate rollouts anywhere.
struct ActorPlan: Sendable {
  var pushSeconds: Double
  /// Time in which new weights must arrive: staleness × learner step.
  var allowedSeconds: Double
  var learnerStepSeconds: Double
  var actorChips: Double
  var learnerChips: Double
  var rolloutTokensPerSecond: Double
  var actorShare: Double
  var question: SitesQuestion

  init(_ plan: SitesPlan) throws(StudyError) {
    let question = plan.question
    self.question = question
    let bytes = Bytes(plan.parameters * question.serving.weights.bytesPerElement)
    let link = BytesPerSecond(question.linkBitsPerSecond.base / 8)
    pushSeconds = try economics { () throws(EconomicsError) in
      try TrainingLinks.weightPush(bytes: bytes, over: link).value
    }
    let peak = question.chip.peak[.bf16]?.value.value ?? 1
    learnerChips = Double(question.chipsPerSite)
    learnerStepSeconds =
      6 * plan.parameters * question.rolloutTokensPerStep / (learnerChips * peak * plan.mfu)
    allowedSeconds = question.staleness * learnerStepSeconds
    let point = try cheapestPoint(question.serving)
    rolloutTokensPerSecond = question.rolloutTokensPerStep / learnerStepSeconds
    actorChips = rolloutTokensPerSecond / point.tokensPerSecondPerChip
    let actorUSD = actorChips * question.serving.usdPerChipHour.base
    actorShare = actorUSD / (actorUSD + learnerChips * question.usdPerChipHour.base)
  }

  var fits: Bool { pushSeconds <= allowedSeconds }

  var sentence: String {
    "For reinforcement learning a weight push takes \(StudyText.number(pushSeconds)) s, "
      + (fits ? "within" : "beyond")
      + " the \(StudyText.number(allowedSeconds)) s that \(StudyText.number(question.staleness)) "
      + "steps of staleness allow; \(StudyText.number(actorChips)) actor chips feed \(StudyText.number(learnerChips)) learner "
      + "chips and take \(StudyText.percent(actorShare)) of the cost."
  }

  var table: Table {
    Table(
      id: "training-actors", title: "Learners at one site, actors anywhere",
      columns: [Table.Column("Figure"), Table.Column("Value", format: .decimal1), Table.Column("Unit")],
      rows: [
        [.text("learner chips"), .number(learnerChips), .text("chips")],
        [.text("learner step"), .number(learnerStepSeconds, grade: .derived), .text("s")],
        [.text("rollout tokens wanted"), .number(rolloutTokensPerSecond, grade: .derived), .text("tok/s")],
        [.text("actor chips"), .number(actorChips, grade: .derived), .text("chips")],
        [.text("weight push"), .number(pushSeconds, grade: .derived), .text("s")],
        [.text("allowed by staleness"), .number(allowedSeconds, grade: .derived), .text("s")],
        [.text("actors' share of cost"), .number(actorShare * 100), .text("%")],
      ],
      note:
        "Asynchronous runs lost nothing at up to 4 stale steps (arXiv:2505.07291), whose 62 GB took 14 minutes at "
        + "590 Mbit/s.")
  }
}

/// Training that takes the valleys of a serving fleet's day.
///
/// Demand swings as a sine between trough and peak of a fleet sized for the peak; what is idle trains, less a switch at
/// each end of the valley.
struct ValleyPlan: Sendable {
  /// Chips of the serving fleet, all sites.
  var chips: Double
  var idleShare: Double
  var chipHoursPerDay: Double
  var days: Double
  var dedicatedUSD: Double
  var question: SitesQuestion

  init(_ plan: SitesPlan) throws(StudyError) {
    question = plan.question
    chips = plan.chips
    // The mean of a sine between trough and peak.
    idleShare = 1 - (1 + plan.question.troughOverPeak) / 2
    // Two switches a day of ten minutes each: drain, load, warm up.
    let usable = max(0, idleShare - 2 * 600 / 86_400)
    chipHoursPerDay = chips * usable * 24
    let peak = plan.question.chip.peak[.bf16]?.value.value ?? 1
    let hours = plan.flops / (peak * plan.mfu * plan.best.utilization) / 3600
    days = chipHoursPerDay > 0 ? hours / chipHoursPerDay : .infinity
    dedicatedUSD = hours * plan.question.usdPerChipHour.base
  }

  var sentence: String {
    guard days.isFinite else { return "The serving fleet has no valley to train in." }
    return
      "A serving fleet of the same \(StudyText.number(chips)) chips idles \(StudyText.percent(idleShare)) of its day; "
      + "training in those valleys takes \(StudyText.number(days)) days and saves the "
      + "\(StudyText.money(dedicatedUSD)) of dedicated chips."
  }

  var table: Table {
    Table(
      id: "training-valleys", title: "Training in the valleys of the serving day",
      columns: [Table.Column("Figure"), Table.Column("Value", format: .decimal1), Table.Column("Unit")],
      rows: [
        [.text("chips of the fleet"), .number(chips), .text("chips")],
        [.text("idle over the day"), .number(idleShare * 100, grade: .derived), .text("%")],
        [
          .text("chip-hours free for training"), .number(chipHoursPerDay, grade: .derived),
          .text("chip.h/day"),
        ],
        [
          .text("days for the run"),
          days.isFinite ? .number(days, grade: .derived) : .absent(reason: "no valley"), .text("days"),
        ],
        [.text("dedicated chips would cost"), .number(dedicatedUSD, grade: .derived), .text("$")],
      ],
      note: "A sine from trough to peak; two switches a day of ten minutes each are lost.")
  }
}

/// Published runs over sites, beside the formulas.
func publishedLinksTable() throws(StudyError) -> Table {
  let intellect: [(name: String, sync: Double, published: Double)] = [
    ("INTELLECT-1, United States", 103, 0.96), ("INTELLECT-1, global", 469, 0.83),
  ]
  var rows: [[Cell]] = []
  for run in intellect {
    let busy = try economics { () throws(EconomicsError) in
      try TrainingLinks.utilization(innerSeconds: 2280, syncSeconds: run.sync)
    }
    rows.append([
      .text(run.name), .text("busy"), .number(busy, grade: .derived), .number(run.published, grade: .quoted),
      .text("arXiv:2412.01152"),
    ])
  }
  let table: [(name: String, steps: Double, busy: Double, n: Double, step: Double, gbit: Double)] = [
    ("10B, every 100 steps, 90 %", 100, 0.9, 10e9, 0.8, 13.3),
    ("10B, every 300 steps, 95 %", 300, 0.95, 10e9, 0.8, 9.1),
    ("Llama 405B, every 100 steps, 90 %", 100, 0.9, 405e9, 26, 16),
    ("DeepSeek-V3, every 10 steps, 80 %", 10, 0.8, 671e9, 20, 153),
  ]
  for cell in table {
    let bits = try economics { () throws(EconomicsError) in
      try TrainingLinks.bitsPerSecond(
        utilization: cell.busy, parameters: cell.n, stepSeconds: cell.step, stepsBetweenSyncs: cell.steps)
    }
    rows.append([
      .text(cell.name), .text("Gbit/s"), .number(bits / 1e9, grade: .derived),
      .number(cell.gbit, grade: .quoted),
      .text("arXiv:2503.09799 table 6, grid of 21 % steps"),
    ])
  }
  return Table(
    id: "training-published", title: "Published figures beside the closed forms",
    columns: [
      Table.Column("Run"), Table.Column("What"), Table.Column("Here", format: .significant3),
      Table.Column("Published", format: .significant3), Table.Column("Source"),
    ], rows: rows)
}
