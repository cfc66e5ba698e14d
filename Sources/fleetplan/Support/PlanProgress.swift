import FleetData
import Planning
import Synchronization

/// How far a plan is: the stages of the pipeline as shares of the work that a usual plan is.
final class PlanProgress: Sendable {
  private let progress: Progress
  /// Pairs of service and pod that will be measured.
  private let pairs: Int
  private let measured = Mutex(0)

  init(_ progress: Progress, _ scenario: Scenario) {
    self.progress = progress
    pairs = scenario.services.reduce(0) { sum, service in
      sum
        + scenario.fleet.pods.count { service.allowedChips.isEmpty || service.allowedChips.contains($0.chip) }
    }
  }

  func enter(_ stage: PlanningStage) { progress.stage(stage.sentence, share: share(before: stage)) }

  /// Of the whole work, what is done when a stage begins; the marks between stages are those of the sample scenarios.
  private func share(before stage: PlanningStage) -> Double {
    switch stage {
    case .measuring:
      let done = measured.withLock { count in
        defer { count += 1 }
        return count
      }
      return Self.measuring * Double(done) / Double(max(1, pairs))
    case .settling(_, let open, let total):
      return Self.measuring + (Self.settling - Self.measuring) * (1 - Double(open) / Double(max(1, total)))
    case .lookingAhead: return Self.settling
    case .alternatives: return Self.ahead
    case .studies: return Self.alternatives
    }
  }

  /// Shares of the work when each stage is over.
  private static let (measuring, settling, ahead, alternatives) = (0.45, 0.80, 0.85, 0.98)
}
