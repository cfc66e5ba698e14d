import FleetData
import Quantities

/// What happened in one run: what users experienced, what the fleet did, and whether the books balance.
public struct SimulationResult: Sendable {
  /// From the start of the run to the last departure, or to the horizon.
  public var simulated: Seconds
  /// From the start of the run to the last arrival.
  public var arrivalSpan: Seconds
  /// Requests that arrived in this first part of the run are left out of latencies and attainment.
  public var warmUp: Seconds
  public var services: [ServiceLevels]
  /// Requests of each service within every promised latency, per second of arrivals after warm-up.
  public var serviceGoodput: [Double]
  /// All services together.
  public var overall: ServiceLevels
  public var groups: [GroupUsage]
  /// The uplinks from regions to sites whose bandwidth is limited.
  public var uplinks: [UplinkUsage]
  public var ledger: UsageLedger
  public var laws: [LawCheck]
  /// The run was stopped before its end: everything here covers the part that was simulated.
  public var interrupted: Bool
  /// Busy replica-seconds per replica-second that was up.
  public var utilization: Double
  /// Mean share of the KV cache in use over the run.
  public var kvUtilization: Double
  /// Requests within every promised latency, per second of arrivals after warm-up.
  public var goodput: Double
  /// The same per dollar: that rate over what the powered chips cost per second; nil when a group has no price.
  public var goodputPerDollar: Double?
  /// Quantiles are within this share of the exact ones.
  public var quantileError: Double
  /// Events handled, for measuring speed.
  public var events: Int
  /// When service is not steady: how long a run must be, where a longer one would help.
  public var longerRun: Seconds?

  /// Of each service: what would have to grow first to serve more of it.
  public var bottlenecks: [String]

  public var steady: Bool { overall.steady }
  public var brokenLaws: [LawCheck] { laws.filter { !$0.holds } }
}

/// What one group of replicas did.
public struct GroupUsage: Sendable, Hashable {
  public var group: String
  public var requests: Int
  public var utilization: Double
  public var kvUtilization: Double
  /// Mean sequences per decode step.
  public var meanBatch: Double
  public var preemptions: Int
  /// Prompt tokens that a prefix cache or a held session spared.
  public var reusedTokens: Int
  /// ∫ tokens that sessions held between two turns dt: what agents cost in memory.
  public var heldTokenSeconds: Double
  /// Requests that were running on a replica when it failed.
  public var lost: Int
  /// Share of the group's busy segments at whose end a waiting request found the KV cache, or the batch, full.
  public var kvBlockedShare: Double
  public var seatBlockedShare: Double
  /// Requests per replica, fewest and most: how evenly routing spread them.
  public var busiestUtilization: Double
  public var idlestUtilization: Double
  /// Caches that a prefill group handed to decode groups.
  public var transfers: Int
  /// The share of the run that the links out of a prefill group were sending caches.
  public var linkUtilization: Double
}

/// How busy the uplink from a region to a site was.
public struct UplinkUsage: Sendable, Hashable {
  public var region: String
  public var site: String
  /// The share of the run it was sending requests.
  public var utilization: Double
}

/// One law that every run must obey.
public struct LawCheck: Sendable, Hashable {
  public var law: String
  public var left: Double
  public var right: Double
  public var holds: Bool

  /// left = right within `tolerance`, relative to the greater.
  static func equal(_ law: String, _ left: Double, _ right: Double, tolerance: Double = 0) -> LawCheck {
    let scale = max(left.magnitude, right.magnitude, 1)
    return LawCheck(law: law, left: left, right: right, holds: (left - right).magnitude <= tolerance * scale)
  }

  /// left ≤ right within `tolerance`, relative to the right side.
  static func atMost(_ law: String, _ left: Double, _ right: Double, tolerance: Double = 1e-9) -> LawCheck {
    LawCheck(law: law, left: left, right: right, holds: left <= right + tolerance * max(right.magnitude, 1))
  }
}
