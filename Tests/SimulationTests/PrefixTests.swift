import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("Prefix caches and replications")
struct PrefixTests {
  @Test("The cache holds what a search through a list of the most recent would hold")
  func leastRecentlyUsed() {
    var random = RandomStream(2, "blocks")
    var cache = BlockCache(capacity: 20)
    var recent: [UInt64] = []
    for _ in 0..<5000 {
      let key = random.next() % 50
      let isThere = recent.contains(key)
      if random.uniform() < 0.5 {
        let wasTouched = cache.touch(key)
        #expect(wasTouched == isThere)
        if isThere {
          recent.removeAll { $0 == key }
          recent.append(key)
        }
      } else {
        let evicted = cache.insert(key)
        recent.removeAll { $0 == key }
        recent.append(key)
        let expected: UInt64? = !isThere && recent.count > 20 ? recent.removeFirst() : nil
        #expect(evicted == expected)
      }
    }
    for key in 0..<50 as Range<UInt64> {
      let isHeld = cache.contains(key)
      #expect(isHeld == recent.contains(key))
    }
  }

  /// Two requests of 1,024 tokens with the same two blocks, one after the other.
  private func twice(_ cache: PrefixCache?) throws -> SimulationResult {
    let trace = WorkloadTrace(
      arrivals: [SimTime(seconds: 0), SimTime(seconds: 10)], inputTokens: [1024, 1024], outputTokens: [5, 5],
      blockOffsets: [0, 2, 4], blockHashes: [11, 12, 11, 12], blockTokens: 512)
    var group = Fixtures.group(Fixtures.eightBillion)
    group.prefixCache = cache
    return try FleetSimulation(
      groups: [group], streams: [ServiceStream(service: "a", arrivals: .trace(trace))], warmUp: .fixed(0)
    ).run()
  }

  @Test("A prompt seen before is not computed again, but for its last token")
  func reuse() throws {
    let result = try twice(PrefixCache(deviceShare: 0.2))
    #expect(result.groups[0].reusedTokens == 1023)
    let plain = try twice(nil)
    #expect(result.overall.ttft!.mean < plain.overall.ttft!.mean)
    #expect(plain.groups[0].reusedTokens == 0)
  }

  @Test("A device without room leaves the blocks to the host, and reading them back takes its time")
  func hostTier() throws {
    let slow = try twice(PrefixCache(deviceShare: 0, hostTokens: 4096, hostBandwidth: 1e9))
    let fast = try twice(PrefixCache(deviceShare: 0, hostTokens: 4096, hostBandwidth: 1e12))
    #expect(slow.groups[0].reusedTokens == 1023)
    // 1,023 tokens of 131,072 bytes at 1 GB/s against 1 TB/s: 0.134 s in one of two requests.
    let difference = slow.overall.ttft!.mean - fast.overall.ttft!.mean
    #expect((difference - 1023 * 131_072 / 1e9 * 0.999 / 2).magnitude < 1e-9)
  }

  @Test("Replications on one core and on two give the same results, each with its own draws")
  func replications() async throws {
    let simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 2)], streams: [Fixtures.stream(10, 400)])
    let one = try await simulation.replications(4, jobs: 1)
    let two = try await simulation.replications(4, jobs: 2)
    #expect(one.map(\.overall) == two.map(\.overall))
    #expect(Set(one.map { $0.overall.endToEnd!.mean }).count == 4)
    let interval = FleetSimulation.interval(one) { $0.overall.ttft?.p99 }!
    #expect(interval.low < interval.value && interval.value < interval.high)
  }

  @Test("Told to stop, replications end with what they have, and no further one begins")
  func stopped() async throws {
    let simulation = FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 2)],
      streams: [Fixtures.stream(20, 200_000, input: .fixed(50), output: .fixed(2))])
    let results = try await simulation.replications(4, jobs: 1, progress: { share in share >= 1 })
    #expect(results.count == 1 && results[0].interrupted)
    #expect(results[0].overall.arrived < 200_000 && results[0].brokenLaws.isEmpty)
  }
}
