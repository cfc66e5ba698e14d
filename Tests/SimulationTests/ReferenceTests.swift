import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("The jump engine agrees with the token stepper")
struct ReferenceTests {
  @Test("Two hundred random small fleets: every latency within 1e-6", arguments: 0..<200)
  func agreesOnRandomFleets(seed: Int) throws {
    let simulation = RandomFleet(seed: UInt64(seed)).simulation
    var engine: [FinishedRequest] = []
    let result = try simulation.run(onFinish: { engine.append($0) })
    engine.sort { $0.arrival < $1.arrival }
    let reference = TokenStepper(simulation).run()
    #expect(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
    #expect(engine.count == reference.count)
    for (a, b) in zip(engine, reference) {
      #expect(a.arrival == b.arrival && a.group == b.group)
      #expect(agrees(a.ttft, b.ttft), "TTFT of the request at \(a.arrival): \(a) against \(b)")
      #expect(agrees(a.endToEnd, b.endToEnd), "latency of the request at \(a.arrival): \(a) against \(b)")
      if !agrees(a.ttft, b.ttft) || !agrees(a.endToEnd, b.endToEnd) { break }
    }
  }

  private func agrees(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return (a == nil) == (b == nil) }
    return (a - b).magnitude <= 1e-6 * max(a.magnitude, b.magnitude)
  }
}

/// A small fleet with few seats and little memory, so that chunks, queues, preemptions and failures all happen.
struct RandomFleet {
  let simulation: FleetSimulation

  init(seed: UInt64) {
    var random = RandomStream(seed, "fleet")
    func pick<T>(_ values: [T]) -> T { values[Int(random.next() % UInt64(values.count))] }
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    let sites = ["east", "west"]
    let disaggregated = random.uniform() < 0.15
    let count = disaggregated ? 2 : Int(between(1, 3.99))
    let speculates = random.uniform() < 0.2
    let groups = (0..<count).map { g in
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
        Int(between(1, 3.99)), id: "g\(g)", site: pick(sites), services: ["a", "b"])
      group.price = USDPerSecond(between(1e-4, 1e-3))
      if speculates {
        group.speculation = SpeculativeDecoding(draftTokens: 3, acceptance: 0.6, draftStep: 1e-3)
      }
      if disaggregated { group.role = g == 0 ? .prefill(.init(bandwidth: 1e8, latency: 1e-3)) : .decode }
      return group
    }
    let objective = ServiceLevelObjective(ttft: 0.3, tpot: 0.02)
    var streams = ["a", "b"].map { name in
      ServiceStream(
        service: name, arrivals: .trace(Self.trace(&random, name)), slo: objective,
        priorityClass: name == "a" ? 0 : pick([0, 1]))
    }
    if random.uniform() < 0.2 { streams[0].queueLimit = 3 }
    if random.uniform() < 0.2 { streams[1].queueDeadline = 0.2 }
    var disruptions = Disruptions(retries: random.uniform() < 0.7)
    if random.uniform() < 0.4 {
      let scope: Disruptions.Scope = pick([
        .replica(group: "g0", index: 0), .site("east"), .group("g\(count - 1)"),
      ])
      disruptions.outages = [
        .init(scope, start: Seconds(between(0.05, 1)), duration: Seconds(between(0.05, 0.5)))
      ]
    }
    simulation = FleetSimulation(
      groups: groups, streams: streams,
      roundTrips: [
        RoundTrip(region: "north", site: "east", time: 0.010),
        RoundTrip(region: "north", site: "west", time: 0.080),
        RoundTrip(region: "south", site: "east", time: 0.060),
        RoundTrip(region: "south", site: "west", time: 0.020),
      ], routing: pick(RoutingPolicy.allCases),
      limits: SchedulerLimits(
        maxBatch: Int(between(2, 10)), chunkTokens: Int(between(12, 200)), kvBlockTokens: pick([1, 4, 16]),
        watermark: pick([0, 0.01, 0.05]),
        preemption: random.uniform() < 0.3 ? .swap(BytesPerSecond(2e9)) : .recompute),
      disruptions: disruptions)
  }

  private static func trace(_ random: inout RandomStream, _ name: String) -> WorkloadTrace {
    let count = 10 + Int(random.next() % 30)
    var trace = WorkloadTrace()
    var time = 0.0
    for _ in 0..<count {
      time += random.uniform() * 0.08
      trace.arrivals.append(SimTime(seconds: time))
      trace.inputTokens.append(UInt32(1 + random.next() % 150))
      trace.outputTokens.append(UInt32(1 + random.next() % 60))
      trace.regions.append(UInt16(random.next() % 2))
      trace.sessions.append(Int32(random.next() % 5) - 1)
    }
    trace.regionNames = ["north", "south"]
    return trace
  }
}
