import Economics
import FleetData
import Foundation
import Quantities

/// Reinforcement learning: learners at one site, actors that generate rollouts at the others.
struct ActorPlan: Sendable {
  /// One copy of the weights over one link: what a relay tree takes to any number of sites.
  var relaySeconds: Double
  /// One copy for each other site over the learners' own link.
  var directSeconds: Double
  /// Time in which new weights must arrive: staleness × learner step.
  var allowedSeconds: Double
  var learnerStepSeconds: Double
  var actorChips: Double
  var learnerChips: Double
  var rolloutTokensPerSecond: Double
  var rolloutSeconds: Double
  var learnerUSDPerHour: Double
  var actorUSDPerHour: Double
  var question: SitesQuestion

  /// - Parameter choice: how actors generate, chosen at the base.
  init(_ plan: SitesPlan, _ choice: ServingChoice) throws(StudyError) {
    let question = plan.question
    self.question = question
    let serving = question.serving
    let bytes = Bytes(plan.allParameters * serving.weights.bytesPerElement)
    let link = BytesPerSecond(question.linkBitsPerSecond.base / 8)
    let push = try economics { () throws(EconomicsError) in
      try TrainingLinks.weightPush(bytes: bytes, over: link).value
    }
    let others = max(1, plan.sites - 1)
    relaySeconds = push + log2(others + 1).rounded(.up) * question.roundTripSeconds.base
    directSeconds = push * others + question.roundTripSeconds.base
    learnerChips = question.chipsPerSite.base.rounded()
    let rolloutTokens = question.rolloutTokensPerStep.base
    learnerStepSeconds = 6 * plan.parameters * rolloutTokens / (learnerChips * plan.peak.value * plan.mfu)
    allowedSeconds = question.staleness.base * learnerStepSeconds
    let point = try choice.point(for: serving)
    rolloutSeconds = point.residence(serving.shape)
    rolloutTokensPerSecond = rolloutTokens / learnerStepSeconds
    actorChips = rolloutTokensPerSecond / point.tokensPerSecondPerChip
    actorUSDPerHour = actorChips * serving.usdPerChipHour.base
    learnerUSDPerHour = learnerChips * question.usdPerChipHour.base
  }

  var fits: Bool { relaySeconds <= allowedSeconds }
  var actorShare: Double { actorUSDPerHour / (actorUSDPerHour + learnerUSDPerHour) }
  var rolloutsPerSecond: Double { rolloutTokensPerSecond / question.serving.shape.output }
  /// Learner steps that pass from the start of a push to the end of the rollouts made with it.
  var stepsBehind: Double { (relaySeconds + rolloutSeconds) / learnerStepSeconds }

  var sentence: String {
    "For reinforcement learning a weight push takes \(StudyText.number(relaySeconds)) s, "
      + (fits ? "within" : "beyond")
      + " the \(StudyText.number(allowedSeconds)) s that \(StudyText.number(question.staleness.base)) "
      + "steps of staleness allow; \(StudyText.number(actorChips)) actor chips make "
      + "\(StudyText.number(rolloutsPerSecond)) rollouts/s for \(StudyText.number(learnerChips)) learner chips and take "
      + "\(StudyText.percent(actorShare)) of the cost."
  }

  var table: Table {
    let rows: [(String, Double, String)] = [
      ("learner chips", learnerChips, "chips"), ("learner step", learnerStepSeconds, "s"),
      ("rollout tokens wanted", rolloutTokensPerSecond, "tok/s"),
      ("rollouts", rolloutsPerSecond, "rollouts/s"), ("one rollout takes", rolloutSeconds, "s"),
      ("actor chips", actorChips, "chips"), ("weight push through relays", relaySeconds, "s"),
      ("weight push, one copy per site", directSeconds, "s"),
      ("allowed by staleness", allowedSeconds, "s"), ("rollouts lag", stepsBehind, "learner steps"),
      ("learners cost", learnerUSDPerHour, "$/h"), ("actors cost", actorUSDPerHour, "$/h"),
      ("actors' share of cost", actorShare * 100, "%"),
    ]
    return Table(
      id: "training-actors", title: "Learners at one site, actors at the others",
      columns: [Table.Column("Figure"), Table.Column("Value", format: .significant3), Table.Column("Unit")],
      rows: rows.map { [.text($0.0), .number($0.1, grade: .derived), .text($0.2)] },
      note:
        "Relays forward while they receive, so a tree takes one copy's time. Asynchronous runs lost nothing at up to 4 "
        + "stale steps (arXiv:2505.07291), whose 62 GB took 14 minutes at 590 Mbit/s.")
  }
}
