/// Why there is no plan. The cases carry the numbers.
public enum PlacementError: Error, Sendable {
  /// The question contradicts itself: an unknown pod, a missing rate, a negative demand.
  case malformed(String)
  /// No plan meets every limit.
  case infeasible(Infeasibility)
  /// The node limit ended the search before any plan was found; `bound` is the least any plan can cost.
  case undecided(month: Int, bound: Double)
}

/// What cannot be met, from when on, and the smallest changes that would help.
public struct Infeasibility: Error, Sendable {
  /// One change that alone would make the plan possible.
  public struct Relaxation: Sendable, Hashable {
    public var constraint: PlacementConstraint
    /// How much more is needed, in `unit`.
    public var amount: Double
    public var unit: String
    /// The change as a share of what is there now: small is easy.
    public var relative: Double
    public var sentence: String
  }

  /// The first month that cannot be served; every month before it can.
  public var firstMonth: Int
  public var binding: PlacementConstraint
  public var sentence: String
  /// Smallest relative change first.
  public var relaxations: [Relaxation]
  /// Requests per second that cannot be served in that month, whatever is done within the limits.
  public var unmetRequestsPerSecond: Double
  /// Who would go short in that month, the lowest priority first; empty where all services rank alike.
  public var shed: [Shed] = []
  /// The plan of the months before `firstMonth`, when there are any.
  public var planUntilThen: PlacementPlan?
}
