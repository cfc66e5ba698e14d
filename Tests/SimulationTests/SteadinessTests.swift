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
}
