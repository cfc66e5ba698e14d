import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("Failures, scaling and disaggregation")
struct DisruptionTests {
  private func twoSites(_ disruptions: Disruptions) -> FleetSimulation {
    FleetSimulation(
      groups: [
        Fixtures.group(Fixtures.eightBillion, 2, id: "east", site: "east"),
        Fixtures.group(Fixtures.eightBillion, 2, id: "west", site: "west"),
      ], streams: [Fixtures.stream(20, 2000)], disruptions: disruptions)
  }

  @Test("A site killed at peak loses no request that may be retried, and its chips are down for the outage")
  func siteKill() throws {
    let outage = Disruptions.Outage(.site("east"), start: 40, duration: 20)
    let result = try twoSites(Disruptions(outages: [outage])).run()
    let calm = try twoSites(Disruptions()).run()
    #expect(result.overall.completed == 2000)
    #expect(result.groups[0].lost > 0)
    #expect(result.ledger.lines[0].downChipSeconds == 2 * 20)
    #expect(result.overall.endToEnd!.p99 >= calm.overall.endToEnd!.p99)
    #expect(result.brokenLaws.isEmpty)
  }

  @Test("Without retries the requests on a failed replica are lost and counted as rejected")
  func lost() throws {
    let outage = Disruptions.Outage(.site("east"), start: 40, duration: 20)
    let result = try twoSites(Disruptions(outages: [outage], retries: false)).run()
    #expect(result.overall.rejected > 0)
    #expect(result.overall.completed + result.overall.rejected == 2000)
    #expect(result.brokenLaws.isEmpty)
  }

  @Test("When every replica is down requests wait for the repair")
  func allDown() throws {
    var simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion)],
      streams: [Fixtures.stream(1, 20, input: .fixed(100), output: .fixed(10))],
      disruptions: Disruptions(outages: [.init(.group("g"), start: 0, duration: 100)]))
    simulation.warmUp = .fixed(0)
    let result = try simulation.run()
    #expect(result.overall.completed == 20)
    #expect(result.overall.ttft!.p50 > 80)
  }

  @Test("The down time of drawn failures approaches MTTR/(MTBF + MTTR)")
  func availability() throws {
    var simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 40)],
      streams: [Fixtures.stream(2, 2000, input: .fixed(100), output: .fixed(10))],
      disruptions: Disruptions(rates: [.init(group: "g", part: .chip, betweenFailures: 90, repair: 10)]))
    simulation.seed = 3
    let line = try simulation.run().ledger.lines[0]
    #expect((line.downChipSeconds / line.capacityChipSeconds - 0.1).magnitude < 0.01)
  }

  @Test("A group scaled to zero serves the first request after provisioning, and is off again afterwards")
  func scaleToZero() throws {
    var simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 4)],
      streams: [
        ServiceStream(
          service: "a",
          arrivals: .trace(
            WorkloadTrace(
              arrivals: [SimTime(seconds: 100), SimTime(seconds: 2000)], inputTokens: [100, 100],
              outputTokens: [10, 10])))
      ],
      autoscaling: [
        Autoscaling(group: "g", minimum: 0, initial: 0, targetInFlight: 4, interval: 10, startDelay: 60)
      ])
    simulation.warmUp = .fixed(0)
    var latencies: [Double] = []
    let result = try simulation.run(onFinish: { latencies.append($0.ttft!) })
    #expect(latencies.allSatisfy { $0 > 60 && $0 < 75 })
    #expect(result.ledger.lines[0].capacityChipSeconds < 4 * result.simulated.value * 0.1)
  }

  @Test("Disaggregated, a decode batch is never held up by prefill: TPOT falls where both share a replica")
  func disaggregation() throws {
    let link = ReplicaGroup.KVLink(bandwidth: 50e9, latency: 1e-4)
    let split = FleetSimulation(
      groups: [
        Fixtures.group(Fixtures.eightBillion, 3, id: "prefill", role: .prefill(link)),
        Fixtures.group(Fixtures.eightBillion, 3, id: "decode", role: .decode),
      ], streams: [Fixtures.stream(40, 2000)])
    let together = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 6)], streams: [Fixtures.stream(40, 2000)])
    let (a, b) = (try split.run(), try together.run())
    #expect(a.brokenLaws.isEmpty && a.overall.completed == 2000)
    #expect(a.overall.tpot!.p99 < b.overall.tpot!.p99)
  }

  @Test("A prefill group without a decode group to hand over to is refused")
  func noDecodeGroup() {
    let link = ReplicaGroup.KVLink(bandwidth: 50e9, latency: 0)
    let simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, role: .prefill(link))], streams: [Fixtures.stream(1, 1)])
    #expect(throws: SimulationError.noDecodeGroup(service: "a")) { try simulation.run() }
  }

  @Test("Half the accepted drafts of one token: 1.5 tokens per step and faster answers")
  func speculation() throws {
    let draft = SpeculativeDecoding(draftTokens: 1, acceptance: 0.5, draftStep: 5e-4)
    #expect(draft.tokensPerStep == 1.5)
    var group = Fixtures.group(Fixtures.eightBillion)
    let stream = Fixtures.stream(1, 200, input: .fixed(100), output: .fixed(301))
    let plain = try FleetSimulation(groups: [group], streams: [stream]).run()
    group.speculation = draft
    let fast = try FleetSimulation(groups: [group], streams: [stream]).run()
    #expect(fast.overall.tpot!.mean < plain.overall.tpot!.mean)
    #expect(fast.brokenLaws.isEmpty)
  }
}
