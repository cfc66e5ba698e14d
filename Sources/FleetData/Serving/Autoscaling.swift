import Quantities

/// Adds and removes replicas of one group with the load.
public struct Autoscaling: Sendable, Hashable {
  public var group: String
  /// 0 lets the group scale to zero.
  public var minimum: Int
  /// Replicas that run when the simulation starts.
  public var initial: Int
  /// Requests in flight that one replica should have.
  public var targetInFlight: Double
  public var interval: Seconds
  /// Provisioning and loading of the weights.
  public var startDelay: Seconds

  public init(
    group: String, minimum: Int, initial: Int, targetInFlight: Double, interval: Seconds, startDelay: Seconds
  ) {
    self.group = group
    self.minimum = minimum
    self.initial = initial
    self.targetInFlight = targetInFlight
    self.interval = interval
    self.startDelay = startDelay
  }
}
