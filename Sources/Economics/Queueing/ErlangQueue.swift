import Foundation

/// An M/M/c queue: Poisson arrivals, exponential service, c servers; time is counted in mean service times.
///
/// - Source: Erlang 1917.
public struct ErlangQueue: Sendable, Hashable {
  public let servers: Int
  /// a: arrival rate × mean service time.
  public let offeredErlangs: Double
  public var utilization: Double { offeredErlangs / Double(servers) }

  /// - Throws: with fewer than one server, or a negative load.
  public init(servers: Int, offeredErlangs: Double) throws(EconomicsError) {
    try require(Double(servers), .atLeastOne, "servers")
    try require(offeredErlangs, .nonNegative, "offered erlangs")
    self.servers = servers
    self.offeredErlangs = offeredErlangs
  }

  /// Probability that an arrival finds all servers busy when nobody may wait.
  ///
  ///     B_i = a·B / (i + a·B),  B_0 = 1
  ///
  /// O(c) time; stable for any c because every step stays in 0…1.
  public var blockingProbability: Double {
    var blocking = 1.0
    for i in 1...servers { blocking = offeredErlangs * blocking / (Double(i) + offeredErlangs * blocking) }
    return blocking
  }

  /// Erlang C, the probability that an arrival waits: `C = B / (1 − ρ(1 − B))`.
  public func waitProbability() throws(EconomicsError) -> Double {
    try requireStable()
    let blocking = blockingProbability
    return blocking / (1 - utilization * (1 - blocking))
  }

  /// Mean wait in service times: `Wq = C / (c − a)`.
  public func meanWait() throws(EconomicsError) -> Double {
    try waitProbability() / (Double(servers) - offeredErlangs)
  }

  /// Probability of waiting longer than t service times: `C·e^{−(c−a)t}`.
  public func probabilityOfWaiting(longerThan t: Double) throws(EconomicsError) -> Double {
    try require(t, .nonNegative, "wait in service times")
    return try waitProbability() * exp(-(Double(servers) - offeredErlangs) * t)
  }

  /// The wait that all but a share `1 − p` of arrivals stay below, in service times; 0 when fewer than that wait at all.
  public func waitPercentile(_ p: Double) throws(EconomicsError) -> Double {
    try require(p, .share, "percentile of the wait")
    let waiting = try waitProbability()
    guard waiting > 1 - p else { return 0 }
    return log(waiting / (1 - p)) / (Double(servers) - offeredErlangs)
  }

  func requireStable() throws(EconomicsError) {
    guard offeredErlangs < Double(servers) else {
      throw .unstableQueue(servers: servers, offeredErlangs: offeredErlangs)
    }
  }
}
