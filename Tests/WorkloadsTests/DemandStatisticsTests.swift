import FleetData
import Quantities
import Testing

@testable import Workloads

@Suite("Measured demand")
struct DemandStatisticsTests {
  private func trace(_ seconds: [Double], input: [UInt32], output: [UInt32]) -> WorkloadTrace {
    WorkloadTrace(arrivals: seconds.map { SimTime(seconds: $0) }, inputTokens: input, outputTokens: output)
  }

  @Test("Totals, means and percentiles are those of the sorted lengths, straight lines between")
  func lengths() throws {
    let statistics = try #require(
      DemandStatistics(trace([0, 1, 3, 4], input: [10, 20, 30, 100], output: [1, 1, 1, 70_000])))
    #expect(statistics.requests == 4)
    #expect(statistics.durationSeconds == 4)
    #expect(statistics.ratePerSecond == 1)
    #expect(statistics.inputTokens.total == 160)
    #expect(statistics.inputTokens.mean == 40)
    // Between the second and the third of four: 20 + 0.5·10; the share 0.9 lies 0.7 of the way from 30 to 100.
    #expect(statistics.inputTokens.p50 == 25)
    #expect(abs(statistics.inputTokens.p90 - 79) < 1e-9)
    #expect(statistics.outputTokens.max == 70_000)
    // Gaps 1, 2, 1: mean 4/3, population variance 2/9.
    let cv = try #require(statistics.interarrivalCV)
    #expect(abs(cv - (2.0 / 9).squareRoot() / (4.0 / 3)) < 1e-12)
  }

  @Test("Measuring in pieces gives what measuring the whole gives")
  func pieces() throws {
    var client = ClientRecipe(
      name: "a", ratePerSecond: 3, input: .lognormal(mean: 900, sigma: 1.2),
      output: .lognormal(mean: 100, sigma: 1))
    client.session = SessionRecipe(turns: 3, thinkSeconds: 10)
    let trace = WorkloadRecipe(durationSeconds: 900, clients: [client]).trace(seed: 4)
    var accumulator = DemandAccumulator()
    for start in stride(from: 0, to: trace.count, by: 97) {
      accumulator.add(trace[Array(start..<min(trace.count, start + 97))])
    }
    #expect(accumulator.statistics() == DemandStatistics(trace))
  }

  @Test("Independent arrivals have a dispersion of 1, bursts more")
  func dispersion() throws {
    for (renewal, range) in [(Renewal.poisson, 0.8...1.2), (.gamma(cv: 3), 4...14)]
      as [(Renewal, ClosedRange<Double>)]
    {
      var client = ClientRecipe(
        name: "a", ratePerSecond: 5, input: .constant(tokens: 10), output: .constant(tokens: 10))
      client.renewal = renewal
      let trace = WorkloadRecipe(durationSeconds: 7200, clients: [client]).trace(seed: 8)
      let statistics = try #require(DemandStatistics(trace))
      let tens = try #require(statistics.dispersion.first { $0.windowSeconds == 10 })
      #expect(range.contains(tens.index))
    }
  }

  @Test("Concurrency follows Little's law and the peak counts what overlaps")
  func concurrency() throws {
    // Four requests of 10 s each, two of which overlap.
    let demand = trace([0, 5, 30, 60], input: [1, 1, 1, 1], output: [10, 10, 10, 10])
    let statistics = try #require(DemandStatistics(demand, secondsPerOutputToken: 1))
    #expect(statistics.concurrency.peak == 2)
    #expect(abs(statistics.concurrency.mean - 40.0 / 60) < 1e-9)
  }

  @Test("Ideal prefix hits are whole leading blocks seen before; a small cache finds fewer")
  func prefixes() throws {
    var demand = trace([0, 1, 2], input: [1024, 1024, 1000], output: [1, 1, 1])
    demand.blockOffsets = [0, 2, 4, 6]
    demand.blockHashes = [1, 2, 1, 3, 1, 2]
    let prefixes = try #require(DemandStatistics(demand)?.prefixes)
    #expect(prefixes.blocks == 6)
    #expect(prefixes.distinctBlocks == 3)
    // The second request finds block 1 (512 tokens), the third finds both (all its 1,000 tokens).
    #expect(abs(prefixes.idealHitRate - 1512.0 / 3048) < 1e-12)
    #expect(prefixes.sampledShare == 1)
  }

  @Test("Following a share of the blocks gives nearly the curve of following all")
  func sampledPrefixes() throws {
    var stream = RandomStream(2, "blocks")
    var demand = WorkloadTrace(blockOffsets: [0])
    // Popular blocks are few: ranks fall off as a power law, so that caches of every size find something.
    let rows = 60_000
    for i in 0..<rows {
      demand.arrivals.append(SimTime(nanoseconds: Int64(i)))
      demand.inputTokens.append(5120)
      demand.outputTokens.append(1)
      for _ in 0..<10 {
        let u = stream.uniform()
        demand.blockHashes.append(UInt64(40_000 * u * u * u))
      }
      demand.blockOffsets.append(demand.blockHashes.count)
    }
    let sampled = try #require(DemandStatistics(demand)?.prefixes)
    #expect(sampled.sampledShare < 1)
    let found = Double(600_000 - Set(demand.blockHashes).count) / 600_000
    #expect(abs(sampled.curve.last!.hitRate - found) < 0.02)
    #expect(zip(sampled.curve, sampled.curve.dropFirst()).allSatisfy { $0.hitRate <= $1.hitRate })
  }

  @Test("Rates over time keep every request however the bins are merged")
  func series() throws {
    var series = RateSeries()
    for second in stride(from: 0, to: 100_000, by: 7) {
      series.add(second: second, requests: 2, input: 3, output: 4)
    }
    series.add(second: -50, requests: 1, input: 1, output: 1)
    #expect(series.requests.count <= RateSeries.limit)
    #expect(series.requests.reduce(0, +) == 2 * 14_286 + 1)
    #expect(series.coarsened(to: 10).requests.reduce(0, +) == 2 * 14_286 + 1)
  }

  @Test("Hours and weekdays are those of the calendar, before 1970 as after")
  func calendar() throws {
    for (start, hour, weekday) in [
      // Friday 2023-11-17 00:30 UTC; Wednesday 1969-12-31 23:00 UTC.
      (1_700_181_000.0, 0, 4), (-3600.0, 23, 2),
    ] {
      var demand = trace([0, 1, 5400], input: [1, 1, 1], output: [1, 1, 1])
      demand.start = start
      let statistics = try #require(DemandStatistics(demand))
      #expect(statistics.hours?[hour] == 2)
      #expect(statistics.hours?[(hour + (start < 0 ? 1 : 2)) % 24] == 1)
      #expect(statistics.weekdays?[weekday] == (start < 0 ? 2 : 3))
    }
  }
}
