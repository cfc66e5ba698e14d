import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("The laws hold on every run")
struct LawTests {
  @Test("A busy fleet of eight loses nothing and keeps every law")
  func lawsHold() throws {
    let simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 8)], streams: [Fixtures.stream(100, 5_000)])
    let result = try simulation.run()
    #expect(result.brokenLaws.isEmpty)
    #expect(result.overall.completed == 5_000)
    #expect(result.overall.arrived == 5_000)
    #expect(result.utilization > 0.3 && result.utilization <= 1)
  }

  @Test("Cut off at any moment, a run balances its books and has finished what the whole run had by then")
  func anyHorizon() throws {
    var fleet = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 2)], streams: [Fixtures.stream(12, 400)],
      warmUp: .fixed(0))
    var finished: [Double] = []
    _ = try fleet.run(onFinish: { finished.append($0.arrival + ($0.endToEnd ?? 0)) })
    for i in 1...60 {
      let horizon = 0.53 * Double(i)
      fleet.horizon = Seconds(horizon)
      let result = try fleet.run()
      #expect(result.brokenLaws.isEmpty, "at \(horizon) s: \(result.brokenLaws)")
      #expect(result.overall.completed == finished.count { $0 <= horizon }, "at \(horizon) s")
      #expect(result.utilization <= 1)
    }
  }

  @Test("A replica's state fills whole cache lines")
  func layout() {
    #expect(MemoryLayout<ReplicaState>.stride % 64 == 0)
    #expect(MemoryLayout<RequestRecord>.stride == 64)
  }
}
