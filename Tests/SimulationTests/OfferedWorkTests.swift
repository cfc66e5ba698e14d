import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("More work than the fleet can do is overload in runs of any length")
struct OfferedWorkTests {
  /// A millisecond per step whatever the batch: a seat serves one token per millisecond.
  private func clock(seats: Int) -> ReplicaProfile {
    Fixtures.profile(
      StepCost(
        computePerSequence: 0, computePerPrefillToken: 0, computePerAttentionPair: 0, weightRead: 0,
        kvReadPerToken: 0, overhead: 1e-3), maxSequences: seats)
  }

  private func run(
    _ groups: [ReplicaGroup], _ streams: [ServiceStream], seed: UInt64 = 1,
    _ edit: (inout FleetSimulation) -> Void = { _ in }
  ) throws -> SimulationResult {
    var simulation = FleetSimulation(groups: groups, streams: streams, seed: seed)
    edit(&simulation)
    return try simulation.run()
  }

  @Test("Two percent too much is found in runs of 800 services, for every one of twenty seeds")
  func shortRuns() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      // A prompt step and 1,000 decode steps of 1 ms for answers of 1,001 tokens on average.
      let stream = Fixtures.stream(1.02, 800, input: .fixed(1), output: .exponential(mean: 1000.5))
      let result = try run([Fixtures.group(clock(seats: 1))], [stream], seed: seed)
      #expect(!result.steady, "seed \(seed)")
      #expect(result.longerRun == nil, "seed \(seed): \(result.overall.unsteadyReason ?? "")")
    }
  }

  @Test("Below capacity it never speaks, whatever the run shows", arguments: [0.9, 0.97, 0.99])
  func neverBelow(load: Double) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let stream = Fixtures.stream(load, 800, input: .fixed(1), output: .exponential(mean: 1000))
      let result = try run([Fixtures.group(clock(seats: 1))], [stream], seed: seed)
      #expect(result.overall.unsteadyReason?.contains("of what g can do") != true, "seed \(seed)")
    }
  }

  @Test("No replica ever serves more than the least work allows", arguments: [1, 2, 3, 4])
  func isABound(seed: UInt64) throws {
    // Far too much of two services on one group: what was served is a demand that the group kept up with.
    let streams = [("a", 1000.0, 200.0), ("b", 3000.0, 20.0)].map { name, input, output in
      ServiceStream(
        service: name,
        arrivals: .synthetic(
          SyntheticArrivals(
            requestsPerSecond: 60, count: 3000, input: .lognormal(mean: input, sigma: 0.8),
            output: .lognormal(mean: output, sigma: 0.7))))
    }
    let group = Fixtures.group(Fixtures.eightBillion, 2, services: ["a", "b"])
    var served = RequestWork()
    var ends = 0.0
    let simulation = FleetSimulation(groups: [group], streams: streams, seed: seed)
    _ = try simulation.run(onFinish: { request in
      let (input, output) = (Double(request.inputTokens), Double(request.outputTokens))
      served.add(
        RequestWork(
          tokens: output - 1, prompt: input, pairs: input * (input + 1) / 2,
          cached: (output - 1) * (input + (output - 1) / 2)), times: 1)
      ends = max(ends, request.arrival + request.endToEnd!)
    })
    let costs = StepModel(group, limits: simulation.limits, site: 0).leastCosts
    let seconds = served.greatest(costs).seconds(served)
    #expect(seconds <= 2 * ends)
    #expect(seconds > 0.6 * 2 * ends, "a bound that says little is of no use")
  }

  @Test("Groups of unequal speed are taken together: 10 and 20 seats at 29 and at 31 requests in service")
  func unequalGroups() throws {
    let groups = [10, 20].map { Fixtures.group(clock(seats: $0), id: "g\($0)") }
    for (load, isTooMuch) in [(29.0, false), (31.0, true)] {
      let stream = Fixtures.stream(load, 3000, input: .fixed(1), output: .fixed(1001))
      let result = try run(groups, [stream])
      #expect((result.overall.unsteadyReason?.contains("of what g10 and g20 can do") == true) == isTooMuch)
    }
  }

  @Test("Of a split fleet each half is judged by its own part of the work")
  func disaggregated() throws {
    let link = ReplicaGroup.KVLink(bandwidth: 1e15, latency: 0)
    let groups = [
      Fixtures.group(Fixtures.eightBillion, 1, id: "prefill", role: .prefill(link)),
      Fixtures.group(Fixtures.eightBillion, 2, id: "decode", role: .decode),
    ]
    // 1,000 prompt tokens take 27 ms and more: 40 a second are too many, 30 are not.
    for (rate, isTooMuch) in [(30.0, false), (40.0, true)] {
      let stream = Fixtures.stream(rate, 2000, input: .fixed(1000), output: .fixed(20))
      let result = try run(groups, [stream])
      #expect(result.steady != isTooMuch, "\(result.overall.unsteadyReason ?? "")")
      if isTooMuch { #expect(result.overall.unsteadyReason!.contains("prefill is busy")) }
    }
  }

  @Test("What is refused does not queue: a service with a queue limit is not called overloaded")
  func shedding() throws {
    var stream = Fixtures.stream(2, 2000, input: .fixed(1), output: .fixed(1001))
    stream.queueLimit = 3
    let result = try run([Fixtures.group(clock(seats: 1))], [stream])
    #expect(result.steady, "\(result.overall.unsteadyReason ?? "")")
    #expect(result.overall.rejected > 800)
  }

  @Test("Of a trace only what the run replays counts: the calm half before the horizon is steady")
  func horizon() throws {
    let calm = (0..<1000).map { (i: Int) -> Double in 2 * Double(i) }
    let busy = (0..<4000).map { (i: Int) -> Double in 2000 + 0.5 * Double(i) }
    let times = calm + busy
    let trace = WorkloadTrace(
      arrivals: times.map { SimTime(seconds: $0) }, inputTokens: times.map { _ in 1 },
      outputTokens: times.map { _ in 1001 })
    let stream = ServiceStream(service: "a", arrivals: .trace(trace))
    let half = try run([Fixtures.group(clock(seats: 1))], [stream]) { $0.horizon = 1990 }
    #expect(half.steady, "\(half.overall.unsteadyReason ?? "")")
    #expect(try !run([Fixtures.group(clock(seats: 1))], [stream]).steady)
  }

  @Test("Moments of drawn lengths are those of the draws", arguments: [0, 1, 2, 3])
  func moments(kind: Int) {
    let lengths: [SyntheticArrivals.Lengths] = [
      .fixed(7), .exponential(mean: 12), .lognormal(mean: 90, sigma: 0.8),
      .hyperexponential(mean: 40, scv: 4),
    ]
    let sampler = LengthSampler(lengths[kind])
    var random = RandomStream(5, "moments")
    var (sum, square) = (0.0, 0.0)
    for _ in 0..<200_000 {
      let draw = Double(sampler.draw(&random))
      sum += draw
      square += draw * draw
    }
    // Standard errors of 200,000 draws: under half a percent of the mean, two percent of the square.
    #expect((sampler.moments.mean / (sum / 200_000) - 1).magnitude < 0.02)
    #expect((sampler.moments.square / (square / 200_000) - 1).magnitude < 0.06)
  }
}

@Suite("An overload names what gave out")
struct BottleneckTests {
  @Test("Links that carry caches too slowly are named, and widening them is the remedy")
  func slowLinks() throws {
    // 1,000 tokens of 131,072 bytes over 1 GB/s: 7.6 caches a second, of 10 that come.
    let link = ReplicaGroup.KVLink(bandwidth: 1e9, latency: 0)
    let result = try FleetSimulation(
      groups: [
        Fixtures.group(Fixtures.eightBillion, 1, id: "prefill", role: .prefill(link)),
        Fixtures.group(Fixtures.eightBillion, 2, id: "decode", role: .decode),
      ], streams: [Fixtures.stream(10, 3000, input: .fixed(1000), output: .fixed(20))]
    ).run()
    let reason = try #require(result.overall.unsteadyReason)
    #expect(
      reason.contains("the links out of prefill are busy") && reason.contains("widen them"), "\(reason)")
    #expect(result.groups[0].transfers == 3000 && result.groups[0].linkUtilization > 0.95)
  }

  @Test("An uplink that carries requests too slowly is named with both its ends")
  func slowUplink() throws {
    var stream = Fixtures.stream(10, 3000, input: .fixed(1000), output: .fixed(5))
    stream.regionShares = [.init(region: "north", share: 1)]
    // 4,000 bytes at 30 kB/s: 7.5 requests a second.
    let result = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 2)], streams: [stream],
      roundTrips: [RoundTrip(region: "north", site: "s", time: 0.02, bandwidth: 30e3)]
    ).run()
    let reason = try #require(result.overall.unsteadyReason)
    #expect(reason.contains("the uplink from north to s is busy"), "\(reason)")
    #expect(result.uplinks.map(\.utilization).max()! > 0.95)
  }
}
