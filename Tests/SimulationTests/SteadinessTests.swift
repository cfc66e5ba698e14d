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
    "Five seconds of arrivals on eight replicas are too short to judge, and the reason says how long to run")
  func tooShort() throws {
    let result = try fleet(8, requests: 1000).run()
    #expect(!result.steady)
    #expect(result.overall.unsteadyReason!.contains("run at least"))
    #expect(result.longerRun != nil)
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

  /// One seat and a millisecond per token: a server whose services last a second.
  private func oneServer(_ stream: ServiceStream, seed: UInt64) throws -> SimulationResult {
    let profile = Fixtures.profile(
      StepCost(
        computePerSequence: 0, computePerPrefillToken: 0, computePerAttentionPair: 0, weightRead: 0,
        kvReadPerToken: 0, overhead: 1e-3), maxSequences: 1)
    return try FleetSimulation(groups: [Fixtures.group(profile)], streams: [stream], seed: seed).run()
  }

  @Test("No false alarm: M/M/1 at 0.8 is steady for every one of twelve seeds")
  func noFalseAlarm() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      let stream = Fixtures.stream(0.8, 5000, input: .fixed(1), output: .exponential(mean: 1000))
      let result = try oneServer(stream, seed: seed)
      #expect(result.steady, "seed \(seed): \(result.overall.unsteadyReason ?? "")")
    }
  }

  @Test("M/M/1 offered a fifth too much is overloaded for every one of twelve seeds")
  func alwaysFound() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      let stream = Fixtures.stream(1.2, 5000, input: .fixed(1), output: .exponential(mean: 1000))
      let result = try oneServer(stream, seed: seed)
      #expect(!result.steady && result.overall.unsteadyReason!.contains("overload since"), "seed \(seed)")
    }
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

  @Test("A slope is told from noise, also from noise that remembers")
  func drift() {
    var random = RandomStream(4, "drift")
    var (falseAlarms, found) = (0, 0)
    for _ in 0..<200 {
      var level = 0.0
      let walk = (0..<24).map { _ in
        level = 0.7 * level + random.uniform() - 0.5
        return level
      }
      if Steadiness.drifts(walk) { falseAlarms += 1 }
      if Steadiness.drifts(walk.enumerated().map { $1 + Double($0) }) { found += 1 }
    }
    #expect(falseAlarms <= 12)
    #expect(found >= 190)
  }
}
