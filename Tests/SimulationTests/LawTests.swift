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
}
