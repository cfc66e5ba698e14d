import Performance

/// How much work a plan may be.
public struct PlanningOptions: Sendable {
  /// Passes of plan → simulate → tighten before the pipeline reports what still fails.
  public var maximumRounds: Int
  /// Requests replayed to find what one option can carry, and to judge one deployment of one month.
  public var capacityRequests: Int
  public var judgedRequests: Int
  /// Also plan the alternatives and the sensitivities.
  public var explores: Bool
  /// The constants that price steps.
  public var efficiency: EfficiencyTable
  /// Called with what is about to be done, for progress lines.
  public var onProgress: @Sendable (PlanningStage) -> Void

  public init(
    maximumRounds: Int = 12, capacityRequests: Int = 3_000, judgedRequests: Int = 12_000,
    explores: Bool = true, efficiency: EfficiencyTable = .builtIn,
    onProgress: @escaping @Sendable (PlanningStage) -> Void = { _ in }
  ) {
    self.maximumRounds = maximumRounds
    self.capacityRequests = capacityRequests
    self.judgedRequests = judgedRequests
    self.explores = explores
    self.efficiency = efficiency
    self.onProgress = onProgress
  }
}
