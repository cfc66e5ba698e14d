import FleetData
import Quantities
import Testing

@testable import Workloads

@Suite("Descriptions learnt from traces")
struct FitTests {
  /// A bursty client with a daily swing, and a steady one.
  private var recipe: WorkloadRecipe {
    var bursty = ClientRecipe(
      name: "bursty", ratePerSecond: 1.2, input: .lognormal(mean: 1500, sigma: 1.1),
      output: .lognormal(mean: 200, sigma: 0.9))
    bursty.renewal = .gamma(cv: 2.5)
    bursty.shape = .diurnal(amplitude: 0.6, peakHour: 1)
    bursty.correlation = 0.4
    bursty.service = "chat"
    var steady = ClientRecipe(
      name: "steady", ratePerSecond: 0.5, input: .pareto(minimum: 300, alpha: 1.5, maximum: 30_000),
      output: .constant(tokens: 30))
    steady.service = "code"
    return WorkloadRecipe(durationSeconds: 4 * 3600, clients: [bursty, steady])
  }

  @Test(
    "A fitted and regenerated trace has the rate, burstiness and lengths of the original within 5 %",
    arguments: [1, 2] as [UInt64])
  func regenerated(seed: UInt64) throws {
    let original = recipe.trace(seed: 21)
    let again = try #require(WorkloadRecipe.fit(original)).trace(seed: seed)
    let a = try #require(DemandStatistics(original))
    let b = try #require(DemandStatistics(again))
    #expect(abs(b.ratePerSecond / a.ratePerSecond - 1) < 0.05)
    #expect(abs(b.interarrivalCV! / a.interarrivalCV! - 1) < 0.05)
    for (x, y) in [(a.inputTokens, b.inputTokens), (a.outputTokens, b.outputTokens)] {
      for (p, q) in [(x.mean, y.mean), (x.p10, y.p10), (x.p50, y.p50), (x.p90, y.p90), (x.p99, y.p99)] {
        #expect(abs(q / p - 1) < 0.05)
      }
    }
    #expect(abs(b.rankCorrelation! - a.rankCorrelation!) < 0.05)
    #expect(Set(again.serviceNames) == ["chat", "code"])
  }

  @Test("Rank correlation is 1, -1 and 0 where it should be")
  func correlation() {
    #expect(rankCorrelation([1, 2, 3], [10, 20, 90]) == 1)
    #expect(rankCorrelation([1, 2, 3], [9, 8, 1]) == -1)
    #expect(rankCorrelation([1, 2, 3], [5, 5, 5]) == 0)
  }
}
