import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("More fleet is never worse, and no replica beats its limit")
struct CapacityTests {
  @Test("A replica offered ten times its analytic limit serves no more than the limit")
  func analyticLimit() throws {
    let profile = Fixtures.eightBillion
    let limit = profile.requestCapacity(inputTokens: 1000, outputTokens: 200, limits: SchedulerLimits())
    let stream = Fixtures.stream(10 * limit, 3000, input: .fixed(1000), output: .fixed(200))
    let result = try FleetSimulation(groups: [Fixtures.group(profile)], streams: [stream]).run()
    #expect(Double(result.overall.completed) / result.simulated.value <= limit)
    #expect(!result.steady)
  }

  @Test("Doubling the replicas at fixed load never raises p99 TTFT", arguments: RoutingPolicy.allCases)
  func doubling(routing: RoutingPolicy) throws {
    var before = Double.infinity
    for replicas in [1, 2, 4, 8, 16] {
      let result = try FleetSimulation(
        groups: [Fixtures.group(Fixtures.eightBillion, replicas)], streams: [Fixtures.stream(12, 1500)],
        routing: routing, warmUp: .fixed(0)
      ).run()
      let p99 = result.overall.ttft!.p99
      #expect(p99 <= before, "\(replicas) replicas")
      before = p99
    }
  }

  @Test("Ties are spread: at light load every one of eight replicas does its share")
  func tiesSpread() throws {
    let stream = Fixtures.stream(1, 4000, input: .fixed(500), output: .fixed(20))
    let result = try FleetSimulation(groups: [Fixtures.group(Fixtures.eightBillion, 8)], streams: [stream])
      .run()
    #expect(result.groups[0].busiestUtilization < 1.1 * result.groups[0].idlestUtilization)
  }

  @Test("The rate is what was asked, within its noise of 1/√n")
  func rate() throws {
    var last = 0.0
    let simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 4)], streams: [Fixtures.stream(20, 4000)])
    _ = try simulation.run(onFinish: { last = max(last, $0.arrival) })
    #expect((4000 / last - 20).magnitude < 20 * 4 / 4000.0.squareRoot())
  }

  @Test("The same seed gives the same result, another seed another")
  func seeds() throws {
    func mean(_ seed: UInt64) throws -> Double {
      var simulation = FleetSimulation(
        groups: [Fixtures.group(Fixtures.eightBillion, 2)], streams: [Fixtures.stream(10, 500)])
      simulation.seed = seed
      return try simulation.run().overall.endToEnd!.mean
    }
    #expect(try mean(1) == mean(1))
    #expect(try mean(1) != mean(2))
  }

  @Test("Chip-seconds of the ledger are busy, idle or down, and idle chips draw their share of power")
  func ledger() throws {
    let result = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 4)], streams: [Fixtures.stream(5, 500)]
    ).run()
    let line = result.ledger.lines[0]
    let capacity = 4 * result.simulated.value
    #expect((line.capacityChipSeconds - capacity).magnitude < 1e-9 * capacity)
    let joules = 700 * (line.busyChipSeconds + 0.3 * line.idleChipSeconds)
    #expect((line.energy.value - joules).magnitude < 1e-6 * joules)
  }
}
