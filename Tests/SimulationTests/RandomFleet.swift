import FleetData
import Quantities

@testable import Simulation

/// A small fleet with few seats and little memory, so that chunks, queues, preemptions, caches and failures all happen.
struct RandomFleet {
  private(set) var simulation: FleetSimulation
  private var random: RandomStream

  init(seed: UInt64) {
    random = RandomStream(seed, "fleet")
    simulation = FleetSimulation(groups: [], streams: [])
    let isSplit = chance(0.15)
    let count = isSplit ? 2 : Int(between(1, 3.99))
    let speculates = chance(0.2)
    for g in 0..<count {
      var group = group(g, speculates: speculates)
      if isSplit { group.role = g == 0 ? .prefill(.init(bandwidth: 1e8, latency: 1e-3)) : .decode }
      simulation.groups.append(group)
    }
    simulation.streams = streams()
    simulation.roundTrips = [
      RoundTrip(region: "north", site: "east", time: 0.010),
      RoundTrip(region: "north", site: "west", time: 0.080, bandwidth: pick([nil, 20_000])),
      RoundTrip(region: "south", site: "east", time: 0.060),
      RoundTrip(region: "south", site: "west", time: 0.020),
    ]
    simulation.routing = pick(RoutingPolicy.allCases)
    simulation.limits = SchedulerLimits(
      maxBatch: Int(between(2, 10)), chunkTokens: Int(between(12, 200)), kvBlockTokens: pick([1, 4, 16]),
      watermark: pick([0, 0.01, 0.05]), preemption: chance(0.3) ? .swap(BytesPerSecond(2e9)) : .recompute)
    addControl(groups: count)
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[Int(random.next() % UInt64(values.count))] }
  private mutating func chance(_ share: Double) -> Bool { random.uniform() < share }
  private mutating func between(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * random.uniform()
  }

  private mutating func group(_ g: Int, speculates: Bool) -> ReplicaGroup {
    let step = StepCost(
      computePerSequence: between(0, 2e-3), computePerPrefillToken: between(0, 1e-3),
      computePerPrefill: pick([0, 1e-3]),
      computePerAttentionPair: pick([0, 1e-6]), weightRead: between(1e-3, 1e-2),
      expertRead: pick([0, 0, 5e-3]), expertMissShare: 0.75, kvReadPerToken: pick([0, 1e-5, 5e-5]),
      windowReadPerToken: pick([0, 0, 2e-5]), windowTokens: between(20, 120),
      stateReadPerSequence: pick([0, 1e-4]), groups: pick([1, 1, 3]), cacheSplitSequences: pick([1, 4]),
      overhead: between(1e-4, 1e-3),
      overheadPerSequence: pick([0, 1e-4]),
      overheadPerPrefillToken: pick([0, 1e-5]), computeFloorShare: 0.7, memoryFloorShare: 0.8)
    var group = Fixtures.group(
      Fixtures.profile(step, kvCapacity: Int(between(200, 1500)), maxSequences: Int(between(2, 12))),
      Int(between(1, 3.99)), id: "g\(g)", site: pick(["east", "west"]), services: ["a", "b"])
    group.price = USDPerSecond(between(1e-4, 1e-3))
    if speculates {
      group.speculation = SpeculativeDecoding(draftTokens: 3, acceptance: 0.6, draftStep: 1e-3)
    }
    if chance(0.3) {
      group.prefixCache = PrefixCache(
        deviceShare: pick([0, 0.1, 0.3]), hostTokens: pick([0, 64, 400]), hostBandwidth: 1e9,
        remoteTokens: pick([0, 600]), remoteBandwidth: 4e8)
    }
    if group.replicas > 1, chance(0.25) { group.spares = 1 }
    group.startDelay = pick([0, 0.1])
    return group
  }

  private mutating func streams() -> [ServiceStream] {
    var streams = ["a", "b"].map { name in
      ServiceStream(
        service: name, arrivals: .trace(trace()), slo: ServiceLevelObjective(ttft: 0.3, tpot: 0.02),
        priorityClass: name == "a" ? 0 : pick([0, 1]))
    }
    if chance(0.2) { streams[0].queueLimit = 3 }
    if chance(0.2) { streams[1].queueDeadline = 0.2 }
    if chance(0.35) {
      streams[0].sessions = SessionKeeping(
        hold: pick([0, 0.1, 10]), stateBytes: pick([0, 2e6]), stateBandwidth: 1e8)
    }
    return streams
  }

  /// Outages and maintenance, an autoscaler, a power cap.
  private mutating func addControl(groups count: Int) {
    simulation.disruptions.retries = chance(0.7)
    if chance(0.4) {
      let scope: Disruptions.Scope = pick([
        .replica(group: "g0", index: 0), .site("east"), .group("g\(count - 1)"),
        .link(region: "north", site: "east"), .cacheLink(group: "g0"),
      ])
      simulation.disruptions.outages = [
        .init(scope, start: Seconds(between(0.05, 1)), duration: Seconds(between(0.05, 0.5))),
        .init(
          .replica(group: "g0", index: 0), start: Seconds(between(0.05, 1)),
          duration: Seconds(between(0.05, 0.5)), isPlanned: chance(0.7)),
      ]
    }
    if chance(0.25) {
      simulation.autoscaling = [
        Autoscaling(
          group: "g0", minimum: pick([0, 1]), initial: pick([0, 1]), targetInFlight: between(1, 6),
          interval: 0.07, startDelay: pick([0, 0.05]))
      ]
    }
    // A capped site may never power the prefill group: then nothing would ever be served.
    if chance(0.2), simulation.groups.allSatisfy({ $0.role == .both }) {
      simulation.powerCaps = [
        SitePowerCap(
          site: "east", limit: pick([1400, 2800]), start: pick([0, 0.3]), duration: pick([nil, 0.4]))
      ]
    }
  }

  private mutating func trace() -> WorkloadTrace {
    var trace = WorkloadTrace(blockOffsets: [0], blockTokens: 16)
    var time = 0.0
    for _ in 0..<10 + Int(random.next() % 30) {
      time += random.uniform() * 0.08
      trace.arrivals.append(SimTime(seconds: time))
      trace.inputTokens.append(UInt32(1 + random.next() % 150))
      trace.outputTokens.append(UInt32(1 + random.next() % 60))
      trace.regions.append(UInt16(random.next() % 2))
      trace.sessions.append(Int32(random.next() % 5) - 1)
      // Block i of a family always follows block i − 1 of the same: a hash stands for the prompt up to its end.
      let family = random.next() % 4
      let blocks = UInt64(trace.inputTokens.last!) / 16
      trace.blockHashes += (0..<blocks).map { 1000 * family + $0 + 1 }
      trace.blockOffsets.append(trace.blockHashes.count)
    }
    trace.regionNames = ["north", "south"]
    return trace
  }
}
