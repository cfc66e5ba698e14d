import FleetData
import Quantities

/// The requests of one service: when they come, how long they are, from where, and what they were promised.
public struct ServiceStream: Sendable {
  public var service: String
  public var arrivals: ArrivalPattern
  /// Every output is this many times longer, rounded to whole tokens.
  public var thinkingMultiplier: Double
  /// Where requests come from when the trace does not say; empty = one region without a name.
  public var regionShares: [Service.RegionShare]
  public var slo: ServiceLevelObjective
  /// 0 is served first; up to 3 further classes wait behind it.
  public var priorityClass: Int
  /// A replica refuses a request when this many wait in its queue already.
  public var queueLimit: Int?
  /// A request that has waited longer than this when its turn comes is dropped.
  public var queueDeadline: Seconds?
  /// What becomes of a session between two turns; nil = every turn starts from nothing.
  public var sessions: SessionKeeping?
  /// Of a request on its way to the site.
  public var bytesPerToken: Bytes

  public init(
    service: String, arrivals: ArrivalPattern, thinkingMultiplier: Double = 1,
    regionShares: [Service.RegionShare] = [], slo: ServiceLevelObjective = ServiceLevelObjective(),
    priorityClass: Int = 0, queueLimit: Int? = nil, queueDeadline: Seconds? = nil,
    sessions: SessionKeeping? = nil, bytesPerToken: Bytes = 4
  ) {
    self.service = service
    self.arrivals = arrivals
    self.thinkingMultiplier = thinkingMultiplier
    self.regionShares = regionShares
    self.slo = slo
    self.priorityClass = priorityClass
    self.queueLimit = queueLimit
    self.queueDeadline = queueDeadline
    self.sessions = sessions
    self.bytesPerToken = bytesPerToken
  }
}

/// Where arrivals come from.
public enum ArrivalPattern: Sendable {
  /// A recorded trace, its times divided by `rateScale`, played `repeats` times end to end.
  case trace(WorkloadTrace, rateScale: Double = 1, repeats: Int = 1)
  /// Drawn request by request: memory does not grow with their number.
  case synthetic(SyntheticArrivals)
}
