import FleetData
import Foundation
import Quantities
import Testing

@testable import Simulation

/// Where theory has closed forms the simulator meets them. A step that costs 1 ms whatever the batch makes a batch of
/// c seats c servers; a step that costs 1 ms per sequence makes it one shared processor. Lengths are in tokens, 1,000
/// on average, so services take a second. Ten seeds; the closed form lies within the 95 % interval of their means,
/// widened by the one step an arrival may wait for a boundary.
@Suite("Degenerate fleets meet queueing theory")
struct QueueingTheoryTests {
  static let step = 1e-3

  /// A server that takes `perStep` for every step and `perSequence` more for every sequence in it.
  private func profile(perStep: Double, perSequence: Double) -> ReplicaProfile {
    Fixtures.profile(
      StepCost(
        computePerSequence: perSequence, computePerPrefillToken: perSequence, computePerAttentionPair: 0,
        weightRead: 0, kvReadPerToken: 0, overhead: perStep))
  }

  /// Mean seconds from arrival to departure by seed.
  private func sojourns(
    _ profile: ReplicaProfile, seats: Int, rate: Double, lengths: SyntheticArrivals.Lengths, requests: Int
  ) throws -> [Double] {
    try (1...10).map { seed in
      let simulation = FleetSimulation(
        groups: [Fixtures.group(profile)],
        streams: [Fixtures.stream(rate, requests, input: .fixed(1), output: lengths)],
        limits: SchedulerLimits(maxBatch: seats, chunkTokens: 1 << 20, kvBlockTokens: 1), seed: UInt64(seed),
        warmUp: .fixed(Seconds(Double(requests) / rate * 0.1)))
      let result = try simulation.run()
      #expect(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
      return result.overall.endToEnd!.mean
    }
  }

  private func expect(_ expected: Double, within means: [Double], slack: Double, _ what: String) {
    let interval = Confidence.interval(ofMeans: means)!
    #expect(
      interval.low - slack <= expected && expected <= interval.high + slack,
      "\(what): \(expected) outside \(interval.low)...\(interval.high)")
  }

  /// Erlang C: Wq = C/(c − a) mean services, B from its recursion.
  private func erlangWait(servers: Int, offered: Double) -> Double {
    var blocking = 1.0
    for i in 1...servers { blocking = offered * blocking / (Double(i) + offered * blocking) }
    let delayed = blocking / (1 - offered / Double(servers) * (1 - blocking))
    return delayed / (Double(servers) - offered)
  }

  @Test(
    "The waits of Erlang C, from one server to fifty",
    arguments: [(1, 0.8), (2, 1), (5, 4), (10, 8), (50, 45)])
  func erlangC(servers: Int, offered: Double) throws {
    // Whole tokens: ⌈Exp(1000)⌉ has mean 1/(1 − e^−0.001) = 1000.5.
    let service = Self.step / (1 - exp(-0.001))
    let means = try sojourns(
      profile(perStep: Self.step, perSequence: 0), seats: servers, rate: offered / service,
      lengths: .exponential(mean: 1000), requests: 6000)
    let expected = service * (1 + erlangWait(servers: servers, offered: offered))
    expect(expected, within: means, slack: Self.step, "M/M/\(servers)")
  }

  /// Waits by seed: TTFT less the one step that makes the first token. Steps of 0.1 ms keep boundaries out of sight.
  @Test(
    "Erlang C in halls of servers: 20, 100 and 1,000 wait 0.275385, 0.101291 and 0.020610 services",
    arguments: [(20, 18.0, 0.275385, 8000), (100, 95, 0.101291, 10_000), (1000, 980, 0.020610, 16_000)])
  func manyServers(servers: Int, offered: Double, table: Double, requests: Int) throws {
    #expect((erlangWait(servers: servers, offered: offered) - table).magnitude < 1e-6)
    let step = 1e-4
    let service = step / (1 - exp(-1e-4))
    let rate = offered / service
    let waits = try (1...10).map { seed in
      let result = try FleetSimulation(
        groups: [Fixtures.group(profile(perStep: step, perSequence: 0))],
        streams: [Fixtures.stream(rate, requests, input: .fixed(1), output: .exponential(mean: 10_000))],
        limits: SchedulerLimits(maxBatch: servers, chunkTokens: 1 << 20, kvBlockTokens: 1),
        seed: UInt64(seed), warmUp: .fixed(Seconds(Double(requests) / rate * 0.4))
      ).run()
      #expect(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
      return result.overall.ttft!.mean - step
    }
    expect(service * table, within: waits, slack: step, "M/M/\(servers)")
  }

  @Test("The table of Erlang C itself: 10 servers and 8 erlangs wait 0.204590 services")
  func erlangTable() {
    #expect((erlangWait(servers: 10, offered: 8) - 0.204590).magnitude < 1e-6)
    #expect((erlangWait(servers: 50, offered: 45) - 0.072773).magnitude < 1e-6)
  }

  @Test("M/D/1 waits ρ/(2(1 − ρ)) services: 2 at ρ = 0.8")
  func deterministicService() throws {
    let means = try sojourns(
      profile(perStep: Self.step, perSequence: 0), seats: 1, rate: 0.8, lengths: .fixed(1000), requests: 6000)
    expect(3, within: means, slack: Self.step, "M/D/1")
  }

  @Test("M/G/1 waits (1 + c²)/2 times as long as M/M/1: 3.75 services at ρ = 0.6 and c² = 4")
  func generalService() throws {
    let means = try sojourns(
      profile(perStep: Self.step, perSequence: 0), seats: 1, rate: 0.6,
      lengths: .hyperexponential(mean: 1000, scv: 4), requests: 6000)
    expect(4.75, within: means, slack: 5e-3, "M/G/1")
  }

  @Test("Processor sharing takes S/(1 − ρ) on average whatever the distribution of lengths")
  func processorSharing() throws {
    let shared = profile(perStep: 0, perSequence: Self.step)
    for lengths in [SyntheticArrivals.Lengths.exponential(mean: 1000), .fixed(1000)] {
      let means = try sojourns(shared, seats: 2000, rate: 0.7, lengths: lengths, requests: 4000)
      expect(1 / 0.3, within: means, slack: 5e-3, "PS \(lengths)")
    }
  }
}
