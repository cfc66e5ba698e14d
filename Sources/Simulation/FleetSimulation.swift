import FleetData
import Quantities

/// Replays request streams on groups of replicas: the question "what happens over time?" as one value.
///
///     let result = try FleetSimulation(groups: groups, streams: streams).run()
///
/// The same value always gives the same result, on any machine. A run takes memory in proportion to the requests in
/// flight and time in proportion to the requests.
public struct FleetSimulation: Sendable {
  /// How much of the start of the run statistics leave out.
  public enum WarmUp: Sendable, Hashable {
    /// The part, at most a quarter, without which the error of the mean latency is least, when the run starts empty
    /// and fills up (MSER, K. P. White, Simulation 69, 1997).
    case automatic
    case fixed(Seconds)
  }

  public var groups: [ReplicaGroup]
  public var streams: [ServiceStream]
  /// Pairs that are not listed have no network in between.
  public var roundTrips: [RoundTrip]
  public var routing: RoutingPolicy
  public var limits: SchedulerLimits
  public var seed: UInt64
  public var warmUp: WarmUp
  /// Stop here, with requests still in flight; nil runs until the last has left.
  public var horizon: Seconds?
  public var disruptions: Disruptions
  public var autoscaling: [Autoscaling]
  public var powerCaps: [SitePowerCap]

  public init(
    groups: [ReplicaGroup], streams: [ServiceStream], roundTrips: [RoundTrip] = [],
    routing: RoutingPolicy = .leastLoaded, limits: SchedulerLimits = SchedulerLimits(), seed: UInt64 = 1,
    warmUp: WarmUp = .automatic, horizon: Seconds? = nil, disruptions: Disruptions = Disruptions(),
    autoscaling: [Autoscaling] = [], powerCaps: [SitePowerCap] = []
  ) {
    self.groups = groups
    self.streams = streams
    self.roundTrips = roundTrips
    self.routing = routing
    self.limits = limits
    self.seed = seed
    self.warmUp = warmUp
    self.horizon = horizon
    self.disruptions = disruptions
    self.autoscaling = autoscaling
    self.powerCaps = powerCaps
  }

  /// Runs to the end.
  ///
  /// - Parameter progress: Called every 65,536 events with the share of requests that have arrived and the simulated
  ///   time; return false to stop with a partial result.
  /// - Parameter onFinish: Called for every request that leaves, in order of time.
  /// - Throws: `SimulationError` when the input cannot be simulated at all.
  public func run(
    progress: ((_ arrivedShare: Double, _ time: Seconds) -> Bool)? = nil,
    onFinish: ((FinishedRequest) -> Void)? = nil
  ) throws(SimulationError) -> SimulationResult {
    try check()
    var engine = FleetEngine(self)
    engine.observer = onFinish
    engine.hasObserver = onFinish != nil
    let total = Double(max(engine.arrivals.total, 1))
    let interrupted = engine.run(
      progress.map { report in { arrived, time in report(Double(arrived) / total, Seconds(time)) } })
    return ResultBuilder(self).result(of: engine, interrupted: interrupted)
  }

  private func check() throws(SimulationError) {
    for group in groups where group.replicas - group.spares < 1 || group.spares < 0 {
      throw .noReplicas(group: group.id)
    }
    for stream in streams {
      let serves = groups.contains { $0.services.contains(stream.service) && $0.role != .decode }
      if !serves { throw .unserved(service: stream.service) }
      let handsOver = groups.contains {
        if case .prefill = $0.role { return $0.services.contains(stream.service) }
        return false
      }
      let decodes = groups.contains { $0.services.contains(stream.service) && $0.role == .decode }
      if handsOver && !decodes { throw .noDecodeGroup(service: stream.service) }
    }
    if streams.contains(where: { !(0...3).contains($0.priorityClass) }) { throw .tooManyPriorityClasses }
    if limits.maxBatch < 1 || limits.chunkTokens < 1 || limits.kvBlockTokens < 1 { throw .emptyLimits }
  }
}

/// Why an input cannot be simulated.
public enum SimulationError: Error, Hashable, Sendable {
  case noReplicas(group: String)
  case unserved(service: String)
  case noDecodeGroup(service: String)
  case tooManyPriorityClasses
  case emptyLimits
}

extension SimulationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noReplicas(let group): "group \(group) has no replica"
    case .unserved(let service): "no group of replicas serves \(service)"
    case .noDecodeGroup(let service):
      "\(service) has prefill groups but no decode group to hand its caches to"
    case .tooManyPriorityClasses: "priority classes run from 0 to 3"
    case .emptyLimits: "the scheduler needs at least one sequence, one token per step and one token per block"
    }
  }
}
