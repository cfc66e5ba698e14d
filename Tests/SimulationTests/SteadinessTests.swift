import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("A run that is not steady says so")
struct SteadinessTests {
  /// A 14-billion-parameter model on one H100: 29.5 GB of weights, 164 kB of KV per token, 2 × 14.8e9 FLOPs per
  /// token at 60 % of 989 TFLOP/s. With 512 tokens in and out it takes at most 14.8 requests per second.
  private let fourteenBillion = Fixtures.profile(
    StepCost(
      computePerSequence: 5e-5, computePerPrefillToken: 5e-5, computePerAttentionPair: 5e-10,
      weightRead: 8.8e-3,
      kvReadPerToken: 4.9e-8, overhead: 1e-3), kvCapacity: 260_000, maxSequences: 256)

  private func fleet(_ replicas: Int, requests: Int) -> FleetSimulation {
    var stream = Fixtures.stream(200, requests, input: .fixed(512), output: .fixed(512))
    stream.slo = ServiceLevelObjective(ttft: 0.5)
    return FleetSimulation(groups: [Fixtures.group(fourteenBillion, replicas)], streams: [stream])
  }

  @Test(
    "Five seconds of arrivals on fifteen replicas are too short to judge, and the reason says how long to run"
  )
  func tooShort() throws {
    let result = try fleet(15, requests: 1000).run()
    #expect(!result.steady)
    #expect(result.overall.unsteadyReason!.contains("run at least"))
    #expect(result.longerRun != nil)
  }

  @Test("Five seconds suffice to see that eight replicas are too few: 200 a second are work for 14.5")
  func shortButHopeless() throws {
    let result = try fleet(8, requests: 1000).run()
    let reason = try #require(result.overall.unsteadyReason)
    // 511 steps and 512 prompt tokens at 50 µs, 131,328 pairs at 0.5 ns, 511 · 767.5 cached tokens at 49 ns, and two full
    // steps' overhead of 1 ms: 72.4 ms of a replica, 200 times a second, on eight.
    #expect(reason.contains("are at least 181 % of what g can do"), "\(reason)")
    #expect(result.longerRun == nil)
  }

  @Test("Longer, eight replicas are overloaded from the start, in words")
  func overloaded() throws {
    let result = try fleet(8, requests: 24_000).run()
    #expect(!result.steady)
    let reason = result.overall.unsteadyReason!
    #expect(reason.contains("overload since"))
    #expect(reason.contains("add replicas"))
  }

  @Test("The smallest steady fleet carries the load: no fewer replicas than 200/14.8, and few more")
  func smallestFleet() throws {
    let limit = fourteenBillion.requestCapacity(
      inputTokens: 512, outputTokens: 512, limits: SchedulerLimits())
    let found = try fleet(1, requests: 18_000).smallestSteadyReplicas(upTo: 64)!
    #expect(Double(found) * limit >= 200)
    #expect(Double(found) * limit <= 200 * 1.6)
  }

  @Test("A calm fleet is steady")
  func calm() throws {
    let result = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 2)], streams: [Fixtures.stream(5, 2000)]
    ).run()
    #expect(result.steady, "\(result.overall.unsteadyReason ?? "")")
  }

  @Test("Requests that are unfinished at the horizon count against the objective")
  func unfinishedCount() throws {
    var simulation = fleet(8, requests: 24_000)
    simulation.horizon = 40
    simulation.warmUp = .fixed(0)
    let result = try simulation.run()
    let levels = result.overall
    #expect(levels.arrived == levels.completed + levels.running + levels.queued)
    #expect(levels.running + levels.queued > 0)
    #expect(levels.attainment! <= Double(levels.completed) / Double(levels.arrived))
    #expect(result.brokenLaws.isEmpty)
    #expect(result.simulated.value == 40)
  }

  /// A millisecond per token whatever the batch: seats whose services last a second.
  private func server(seats: Int, _ stream: ServiceStream, seed: UInt64) throws -> SimulationResult {
    let profile = Fixtures.profile(
      StepCost(
        computePerSequence: 0, computePerPrefillToken: 0, computePerAttentionPair: 0, weightRead: 0,
        kvReadPerToken: 0, overhead: 1e-3), maxSequences: seats)
    return try FleetSimulation(groups: [Fixtures.group(profile)], streams: [stream], seed: seed).run()
  }

  private func oneServer(_ stream: ServiceStream, seed: UInt64) throws -> SimulationResult {
    try server(seats: 1, stream, seed: seed)
  }

  @Test("No false alarm: M/M/1 at 80 % load is steady for every one of twenty seeds, at 90 % for 19 at least")
  func noFalseAlarm() throws {
    for (load, allowed) in [(0.8, 0), (0.9, 1)] {
      let alarms = try (1...20 as ClosedRange<UInt64>).filter { seed in
        let stream = Fixtures.stream(load, 3000, input: .fixed(1), output: .exponential(mean: 1000))
        return try !oneServer(stream, seed: seed).steady
      }
      #expect(alarms.count <= allowed, "load \(load), seeds \(alarms)")
    }
  }

  @Test("A tenth too much is found for every one of twenty seeds, and called overload")
  func alwaysFound() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let stream = Fixtures.stream(1.1, 4000, input: .fixed(1), output: .exponential(mean: 1000))
      let result = try oneServer(stream, seed: seed)
      #expect(!result.steady && result.overall.unsteadyReason!.contains("overload since"), "seed \(seed)")
    }
  }

  @Test("So it is with 256 seats in runs of no more than twenty services", arguments: [0.9, 1.1])
  func manySeats(load: Double) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let stream = Fixtures.stream(
        load * 256, 5000, input: .fixed(1), output: .lognormal(mean: 1000, sigma: 0.7))
      let result = try server(seats: 256, stream, seed: seed)
      #expect(result.steady == (load < 1), "seed \(seed): \(result.overall.unsteadyReason ?? "")")
    }
  }

  @Test(
    "A short run just below capacity whose backlog grows asks for a longer one, and calls nothing overload")
  func doubtful() throws {
    let asking = try (1...20 as ClosedRange<UInt64>).filter { seed in
      let stream = Fixtures.stream(0.97, 1000, input: .fixed(1), output: .exponential(mean: 1000))
      let result = try oneServer(stream, seed: seed)
      guard let reason = result.overall.unsteadyReason, reason.contains("may be chance") else { return false }
      return result.longerRun!.value > 3.9 * result.arrivalSpan.value
    }
    #expect((1...12).contains(asking.count), "seeds \(asking)")
  }

  @Test(
    "A backlog of 700 s that comes and goes within an hour is no steady state, and the reason says since when"
  )
  func backlogThatPasses() throws {
    // Every 2 s one request; from 1,000 s to 1,700 s two per second, of which the server does one.
    var times: [Double] = []
    var time = 0.0
    while time < 3400 {
      times.append(time)
      time += time < 1000 || time >= 1700 ? 2 : 0.5
    }
    let trace = WorkloadTrace(
      arrivals: times.map { SimTime(seconds: $0) }, inputTokens: times.map { _ in 1 },
      outputTokens: times.map { _ in 1000 })
    let result = try oneServer(ServiceStream(service: "a", arrivals: .trace(trace)), seed: 1)
    #expect(!result.steady)
    #expect(result.overall.unsteadyReason!.contains("overload since"))
    #expect(result.longerRun!.value > 3400)
  }

  @Test("A line's slope, and how much of what varies lies on it")
  func line() {
    let straight = Line([1, 3, 5, 7])
    #expect(straight.slope == 2 && straight.share == 1)
    // Mean 1, slope (−1.5·0 − 0.5·2 + 0.5·0 + 1.5·2)/5 = 0.4; on it lies 0.4²·5 = 0.8 of Σ(x − 1)² = 4.
    let scattered = Line([0, 2, 0, 2])
    #expect((scattered.slope - 0.4).magnitude < 1e-12 && (scattered.share - 0.2).magnitude < 1e-12)
    #expect(Line([5, 5, 5]).slope == 0 && Line([]).slope == 0)
  }
}
