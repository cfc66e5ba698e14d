import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("Requests that are not served")
struct UnservedTests {
  /// One replica under twice its load, with a queue of eight: half of the requests are refused.
  private func refused(percentile: Double) throws -> (levels: ServiceLevels, slo: ServiceLevelObjective) {
    var group = Fixtures.group(Fixtures.eightBillion)
    group.replicas = 1
    let limits = SchedulerLimits()
    let rate = 2 * group.requestCapacity(inputTokens: 500, outputTokens: 100, limits: limits)
    var stream = Fixtures.stream(rate, 4000, input: .fixed(500), output: .fixed(100))
    stream.queueLimit = 8
    stream.slo = ServiceLevelObjective(ttft: 1e6, endToEnd: 1e6, percentile: percentile)
    let result = try FleetSimulation(groups: [group], streams: [stream], limits: limits).run()
    return (result.services[0], stream.slo)
  }

  @Test("A promise to more than were served is broken, however fast those were that were")
  func promiseToThoseRefused() throws {
    let (levels, slo) = try refused(percentile: 0.99)
    #expect(levels.rejected > levels.arrived / 4)
    #expect(levels.unservedShare == Double(levels.rejected) / Double(levels.arrived))
    #expect(!FleetSimulation.keeps(levels, slo))
  }

  @Test("A promise to fewer than were served is judged on all that arrived: the refused are the slowest")
  func percentileOfAllThatArrived() throws {
    let (levels, slo) = try refused(percentile: 0.3)
    #expect(FleetSimulation.keeps(levels, slo))
    let served = 1 - levels.unservedShare
    #expect(0.3 / served > 0.5)
    let (target, median) = (try #require(levels.endToEndAtTarget), try #require(levels.endToEnd))
    #expect(target.value >= median.p50)
  }
}
