import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("Sessions, remote caches, uplinks, power, spares and maintenance")
struct FleetFeatureTests {
  /// Two turns of one session, 10 s apart, of 100 tokens in and 10 out, then 200 in and 10 out.
  private func twoTurns(_ keeping: SessionKeeping?) -> ServiceStream {
    let trace = WorkloadTrace(
      arrivals: [SimTime(seconds: 0), SimTime(seconds: 10)], inputTokens: [100, 200], outputTokens: [10, 10],
      sessions: [0, 0])
    return ServiceStream(service: "a", arrivals: .trace(trace), sessions: keeping)
  }

  private func run(
    _ stream: ServiceStream, _ group: ReplicaGroup = Fixtures.group(Fixtures.eightBillion),
    _ edit: (inout FleetSimulation) -> Void = { _ in }
  ) throws -> SimulationResult {
    var simulation = FleetSimulation(groups: [group], streams: [stream], warmUp: .fixed(0))
    edit(&simulation)
    let result = try simulation.run()
    #expect(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
    return result
  }

  @Test("A held session spares the next turn what the last one computed: 100 + 10 − 1 tokens")
  func heldSession() throws {
    let held = try run(twoTurns(SessionKeeping(hold: 20)))
    #expect(held.groups[0].reusedTokens == 109)
    // 109 tokens from the end of the first turn to the start of the second, 10 s after the first began.
    let first = held.groups[0].heldTokenSeconds / 109
    #expect(first > 9.5 && first < 30)
  }

  @Test("A hold that has ended, or none, spares nothing", arguments: [0.0, 5.0])
  func droppedSession(hold: Double) throws {
    #expect(try run(twoTurns(SessionKeeping(hold: Seconds(hold)))).groups[0].reusedTokens == 0)
  }

  @Test("An agent whose next turn meets another replica moves its state first")
  func agentState() throws {
    let keeping = SessionKeeping(hold: 20, stateBytes: 3e9, stateBandwidth: 1e9)
    var ttft: [Double] = []
    let group = Fixtures.group(Fixtures.eightBillion, 2)
    _ = try FleetSimulation(groups: [group], streams: [twoTurns(keeping)], routing: .roundRobin).run(
      onFinish: { ttft.append($0.ttft!) })
    #expect((ttft[1] - 3).magnitude < 0.1)
    #expect(ttft[0] < 0.1)
  }

  @Test("What the host gave up comes back from the remote tier at its bandwidth")
  func remoteTier() throws {
    func ttft(_ bandwidth: BytesPerSecond) throws -> Double {
      let trace = WorkloadTrace(
        arrivals: [SimTime(seconds: 0), SimTime(seconds: 10)], inputTokens: [1024, 1024],
        outputTokens: [5, 5],
        blockOffsets: [0, 2, 4], blockHashes: [11, 12, 11, 12], blockTokens: 512)
      var group = Fixtures.group(Fixtures.eightBillion)
      group.prefixCache = PrefixCache(deviceShare: 0, remoteTokens: 4096, remoteBandwidth: bandwidth)
      let result = try run(ServiceStream(service: "a", arrivals: .trace(trace)), group)
      #expect(result.groups[0].reusedTokens == 1023)
      return result.overall.ttft!.mean
    }
    // 1,023 tokens of 131,072 bytes at 1 GB/s against 1 TB/s: 0.134 s in one of two requests.
    #expect((try ttft(1e9) - ttft(1e12) - 1023 * 131_072 / 1e9 * 0.999 / 2).magnitude < 1e-9)
  }

  @Test("Requests queue for an uplink: the tenth of ten that come together has the bytes of all before it")
  func uplink() throws {
    let trace = WorkloadTrace(
      arrivals: (0..<10).map { _ in SimTime(seconds: 0) }, inputTokens: Array(repeating: 1000, count: 10),
      outputTokens: Array(repeating: 1, count: 10))
    var stream = ServiceStream(service: "a", arrivals: .trace(trace))
    stream.regionShares = [.init(region: "far", share: 1)]
    var last = 0.0
    _ = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 10)], streams: [stream],
      roundTrips: [RoundTrip(region: "far", site: "s", time: 0.2, bandwidth: 4000)]
    ).run(onFinish: { last = max(last, $0.ttft!) })
    // 10 × 1,000 tokens × 4 bytes at 4 kB/s, the round trip, and one prefill of a few hundredths of a second.
    #expect(last > 10.2 && last < 10.3)
  }

  @Test("A cap of two replicas' power keeps the other two of four off")
  func powerCap() throws {
    let result = try run(Fixtures.stream(5, 500), Fixtures.group(Fixtures.eightBillion, 4)) {
      $0.powerCaps = [SitePowerCap(site: "s", limit: 1500)]
    }
    let line = result.ledger.lines[0]
    #expect((line.capacityChipSeconds - 2 * result.simulated.value).magnitude < 1e-6)
  }

  @Test("A spare takes the place of a failed replica after loading its weights")
  func spare() throws {
    var group = Fixtures.group(Fixtures.eightBillion, 3)
    group.spares = 1
    group.startDelay = 5
    let result = try run(Fixtures.stream(5, 500), group) {
      $0.disruptions.outages = [.init(.replica(group: "g", index: 0), start: 20, duration: 1000)]
    }
    let line = result.ledger.lines[0]
    let time = result.simulated.value
    // Two powered throughout, the third off until 20 s and starting then; the failed one is down.
    #expect((line.busyChipSeconds + line.idleChipSeconds - 2 * time).magnitude < 1e-6)
    #expect((line.downChipSeconds - (time - 20)).magnitude < 1e-6)
  }

  @Test("Maintenance loses no request and restarts none: the replica goes down when its last one has left")
  func maintenance() throws {
    let result = try run(Fixtures.stream(10, 1000), Fixtures.group(Fixtures.eightBillion, 2)) {
      $0.disruptions = Disruptions(
        outages: [.init(.replica(group: "g", index: 0), start: 20, duration: 30, isPlanned: true)],
        retries: false)
    }
    #expect(result.overall.completed == 1000 && result.groups[0].lost == 0)
    #expect(result.ledger.lines[0].downChipSeconds > 10 && result.ledger.lines[0].downChipSeconds < 30)
  }

  @Test("While its link is down a region's requests go to the other site")
  func linkFailure() throws {
    var stream = Fixtures.stream(5, 500)
    stream.regionShares = [.init(region: "north", share: 1)]
    let groups = ["east", "west"].map { Fixtures.group(Fixtures.eightBillion, 2, id: $0, site: $0) }
    let trips = [("east", 0.01), ("west", 0.05)].map {
      RoundTrip(region: "north", site: $0.0, time: Seconds($0.1))
    }
    var served = [0, 0]
    _ = try FleetSimulation(
      groups: groups, streams: [stream], roundTrips: trips, routing: .nearestSite,
      disruptions: Disruptions(
        outages: [.init(.link(region: "north", site: "east"), start: 20, duration: 40)])
    ).run(onFinish: { served[$0.group!] += 1 })
    #expect(served[1] > 150 && served[1] < 250)
  }

  @Test(
    "Of a link that fails by chance, the share of the time it is down is the share of requests that go elsewhere"
  )
  func drawnLinkFailures() throws {
    var stream = Fixtures.stream(5, 20_000, input: .fixed(100), output: .fixed(5))
    stream.regionShares = [.init(region: "north", share: 1)]
    let groups = ["east", "west"].map { Fixtures.group(Fixtures.eightBillion, 2, id: $0, site: $0) }
    let trips = [("east", 0.01), ("west", 0.05)].map {
      RoundTrip(region: "north", site: $0.0, time: Seconds($0.1))
    }
    var served = [0, 0]
    let simulation = FleetSimulation(
      groups: groups, streams: [stream], roundTrips: trips, routing: .nearestSite,
      disruptions: Disruptions(
        rates: [.init(group: "east", part: .link(region: "north"), betweenFailures: 30, repair: 10)]))
    let result = try simulation.run(onFinish: { served[$0.group!] += 1 })
    // 10/(30 + 10) of 4,000 s in about 100 outages: a standard error of a tenth of it, and the links hurt no chip.
    #expect((Double(served[1]) / 20_000 - 0.25).magnitude < 0.075)
    #expect(
      result.ledger.lines.allSatisfy { $0.downChipSeconds == 0 } && result.groups.allSatisfy { $0.lost == 0 })
    var other = simulation
    other.seed = 2
    var servedThen = [0, 0]
    _ = try other.run(onFinish: { servedThen[$0.group!] += 1 })
    #expect(servedThen != served)
  }

  @Test("Users whose only link fails wait for its repair, and none is lost")
  func onlyLink() throws {
    var stream = Fixtures.stream(2, 4000, input: .fixed(100), output: .fixed(5))
    stream.regionShares = [.init(region: "north", share: 1)]
    let result = try run(stream, Fixtures.group(Fixtures.eightBillion, 2)) {
      $0.disruptions.rates = [
        .init(group: "g", part: .link(region: "north"), betweenFailures: 20, repair: 5)
      ]
    }
    #expect(result.overall.completed == 4000)
    // A fifth comes while the link is down and waits 5 s on average, exponentially: 1 s at the mean of all, 15 s at p99.
    let ttft = try #require(result.overall.ttft)
    #expect(ttft.mean > 0.6 && ttft.mean < 1.5, "\(ttft)")
    #expect(ttft.p99 > 8 && ttft.p99 < 25 && ttft.p50 < 0.1, "\(ttft)")
  }

  @Test("The ledger's FLOPs are the work at the chip's peak")
  func flops() throws {
    var group = Fixtures.group(Fixtures.eightBillion)
    group.peakPerChip = 989e12
    let result = try run(Fixtures.stream(1, 1, input: .fixed(100), output: .fixed(11)), group)
    // 100 prompt tokens, 10 decode steps, 100·101/2 attention pairs; 60 % of the time remains at peak.
    let seconds = 110 * 2.7e-5 + 5050 * 4.4e-10
    #expect((result.ledger.lines[0].flops.value / (seconds * 0.6 * 989e12) - 1).magnitude < 1e-12)
  }

  @Test("Goodput per dollar is goodput over the price of the powered chips per second")
  func goodputPerDollar() throws {
    var group = Fixtures.group(Fixtures.eightBillion, 2)
    group.price = 0.001
    let result = try run(Fixtures.stream(5, 1000), group)
    #expect((result.goodputPerDollar! - result.goodput / 0.002).magnitude < 1e-6)
  }
}
