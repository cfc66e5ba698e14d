import FleetData
import Foundation
import Quantities
import Testing

@testable import Ingest

@Suite("Setup files of simulate")
struct SetupTests {
  private func read(_ text: String, beside files: [String: String] = [:]) throws -> SimulationSetup {
    let folder = NSTemporaryDirectory() + "setup-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, content) in files {
      try content.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try text.write(toFile: folder + "/setup.yaml", atomically: true, encoding: .utf8)
    return try SimulationSetup.read(folder + "/setup.yaml", catalog: .builtIn)
  }

  /// What is wrong, without places.
  private func problems(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch {
      return ((error as? Diagnostics)?.all ?? []).map {
        "\($0.location?.line ?? 0): \($0.what)" + ($0.found.map { "; found \($0)" } ?? "")
      }
    }
  }

  private static let smallest = """
    schema: setup/1
    groups:
      a: {model: llama-3.1-8b, chip: h100-sxm}
    services:
      chat: {model: llama-3.1-8b, arrivals: {rate: 2req/s, count: 10, input: 100, output: 20}}
    """

  @Test("The smallest setup: one group, one service, everything else has its usual value")
  func smallest() throws {
    let setup = try read(Self.smallest)
    #expect(setup.groups[0].services == ["chat"] && setup.groups[0].site == "site")
    #expect(setup.groups[0].role == .both && setup.groups[0].replicas == 1 && setup.groups[0].chips == 1)
    #expect(setup.limits == SchedulerLimits() && setup.routing == .leastLoaded && setup.seed == 1)
    #expect(setup.disruptions.isEmpty && setup.powerCaps.isEmpty && setup.links.isEmpty)
    guard case .drawn(let arrivals) = setup.services[0].demand else { throw Wrong() }
    #expect(arrivals.process == .poisson && arrivals.input == .fixed(100))
    // 700 W of the board and four tenths more for its host.
    #expect((setup.groups[0].powerPerChip!.value - 980).magnitude < 1e-9)
  }

  private struct Wrong: Error {}

  @Test("Every unit arrives in seconds, bytes, dollars and shares")
  func units() throws {
    let setup = try read(
      """
      schema: setup/1
      seed: 7
      warm_up: 2min
      horizon: 1h
      routing: nearest-site
      lose_failed: true
      scheduler: {max_batch: 64, chunk: 1024, kv_block: 32, watermark: 5%, swap: 25GB/s}
      regions: {us: {catalog: gcp/us-east4}}
      sites: {iowa: {catalog: gcp/us-central1, pue: 1.2, electricity: $0.36/kWh, power_cap: 24kW}}
      links: [{from: us, to: iowa, rtt: 30ms, bandwidth: 1Gbit/s}]
      groups:
        p: {model: llama-3.1-8b, chip: h100-sxm, role: prefill, kv_link: {bandwidth: 25GB/s, latency: 200us}, replicas: 3, spares: 1, start_delay: 90s}
        d:
          model: llama-3.1-8b
          chip: h100-sxm
          chips: 2
          sharding: {pipeline: 2}
          role: decode
          price: $3.60/chip.h
          speculation: {draft_tokens: 3, acceptance: 70%, draft_step: 2ms}
          prefix_cache: {device: 20%, host_tokens: 1000, host_bandwidth: 10GB/s}
          autoscale: {minimum: 1, target: 32, interval: 1min}
          replicas: 4
      services:
        chat:
          model: llama-3.1-8b
          trace: t.csv
          rate: 120req/min
          repeat: 3
          thinking: 2x
          slo: {ttft: 800ms, tpot: 40ms, end_to_end: 30s, percentile: 95%}
          queue_limit: 9
          deadline: 5s
          sessions: {hold: 5min, state: 2GB, state_bandwidth: 1GB/s}
          bytes_per_token: 6
      """)
    #expect(setup.seed == 7 && setup.warmUp == 120 && setup.horizon == 3600 && !setup.disruptions.retries)
    #expect(setup.limits.preemption == .swap(25e9) && setup.limits.watermark == 0.05)
    #expect(setup.links[0].roundTrip == 0.03 && setup.links[0].bandwidth == 1.25e8)
    #expect((setup.sites[0].electricity!.value * 3.6e6 - 0.36).magnitude < 1e-12)
    // The building's 24 kW leave 20 kW for machines.
    #expect(setup.powerCaps == [SitePowerCap(site: "iowa", limit: 20_000)])
    let (p, d) = (setup.groups[0], setup.groups[1])
    #expect(p.linkBandwidth == 25e9 && (p.linkLatency.value - 2e-4).magnitude < 1e-15 && p.startDelay == 90)
    #expect(
      d.sharding == Sharding(tensor: 1, pipeline: 2) && d.drafts?.step == 0.002
        && d.prefixCache?.hostTokens == 1000)
    #expect(d.autoscaling?.interval == 60 && d.autoscaling?.initial == 1)
    let chat = setup.services[0]
    #expect((chat.slo.percentile - 0.95).magnitude < 1e-12)
    #expect(chat.slo.endToEnd == 30)
    #expect(chat.thinking == 2)
    #expect(chat.sessions == SessionKeeping(hold: 300, stateBytes: 2e9, stateBandwidth: 1e9))
    #expect(chat.regionShares == [.init(region: "us", share: 1)])
    guard case .trace(let trace) = chat.demand else { throw Wrong() }
    #expect(trace.rate == 2 && trace.repeats == 3 && trace.file.path.hasSuffix("/t.csv"))
  }

  @Test("Round trips that nobody wrote are the catalog's, or follow from the distance")
  func roundTrips() throws {
    let places = """
      regions: {us: {catalog: gcp/us-east4}, sea: {latitude: 0, longitude: -40}}
      sites: {iowa: {catalog: gcp/us-central1}}
      """
    let setup = try read(
      Self.smallest.replacing("groups:", with: places + "\ngroups:").replacing(
        "output: 20}", with: "output: 20}, regions: {us: 50%, sea: 50%}"))
    #expect(setup.links.map(\.from) == ["us", "sea"])
    #expect(
      setup.links[0].roundTrip == RoundTrips.builtIn.measured(from: "gcp/us-east4", to: "gcp/us-central1"))
    #expect(setup.links[1].roundTrip > 0.05 && setup.links[1].grade == .derived)
  }

  @Test("Priorities of the file, higher first, become the simulator's classes, 0 first")
  func priorities() throws {
    let services = [("a", 0), ("b", 7), ("c", 3), ("d", 7)].map {
      "  \($0.0): {model: llama-3.1-8b, priority: \($0.1), arrivals: {rate: 1req/s, count: 1, input: 1, output: 1}}"
    }.joined(separator: "\n")
    let head = "schema: setup/1\ngroups:\n  g: {model: llama-3.1-8b, chip: h100-sxm}\nservices:\n"
    #expect(try read(head + services).services.map(\.priorityClass) == [2, 0, 1, 0])
    let many = (0..<5).map {
      "  s\($0): {model: llama-3.1-8b, priority: \($0), arrivals: {rate: 1req/s, count: 1, input: 1, output: 1}}"
    }.joined(separator: "\n")
    #expect(problems(head + many) == ["9: there are more priorities than classes; found 0, 1, 2, 3, 4"])
  }

  @Test("Lengths: a number, a lognormal, an exponential, a hyperexponential")
  func lengths() throws {
    let forms: [(String, SyntheticArrivals.Lengths)] = [
      ("512", .fixed(512)), ("{mean: 900, sigma: 0.8}", .lognormal(mean: 900, sigma: 0.8)),
      ("{mean: 300}", .exponential(mean: 300)), ("{mean: 300, scv: 4}", .hyperexponential(mean: 300, scv: 4)),
    ]
    for (text, expected) in forms {
      let setup = try read(Self.smallest.replacing("input: 100", with: "input: \(text)"))
      guard case .drawn(let arrivals) = setup.services[0].demand else { throw Wrong() }
      #expect(arrivals.input == expected)
    }
    let even = try read(Self.smallest.replacing("count: 10", with: "count: 10, process: evenly-spaced"))
    guard case .drawn(let arrivals) = even.services[0].demand else { throw Wrong() }
    #expect(arrivals.process == .evenlySpaced)
  }

  @Test("Disruptions mean every group, or one site's building once, unless they name one")
  func disruptions() throws {
    let setup = try read(
      """
      schema: setup/1
      regions: {us: {catalog: gcp/us-east4}}
      sites: {iowa: {catalog: gcp/us-central1}, oregon: {catalog: gcp/us-west1}}
      groups:
        a: {site: iowa, model: llama-3.1-8b, chip: h100-sxm, replicas: 2}
        b: {site: iowa, model: llama-3.1-8b, chip: h100-sxm}
        c: {site: oregon, model: llama-3.1-8b, chip: h100-sxm}
      services:
        chat: {model: llama-3.1-8b, arrivals: {rate: 2req/s, count: 10, input: 100, output: 20}}
      disruptions:
        - {fail: chip, mtbf: 100h, mttr: 30min}
        - {fail: site, mtbf: 1000h, mttr: 1h}
        - {fail: link, site: oregon, mtbf: 50h, mttr: 1min}
        - {outage: slice/1, group: a, start: 1min, duration: 30s}
        - {maintenance: site, site: oregon, start: 1h, duration: 1h}
        - {power_cap: 10kW, site: iowa, start: 10min}
      """)
    let rates = setup.disruptions.rates
    #expect(rates.filter { $0.part == .chip }.map(\.group) == ["a", "b", "c"])
    #expect(rates.filter { $0.part == .site }.map(\.group) == ["a", "c"])
    #expect(rates.filter { $0.part == .link(region: "us") }.map(\.group) == ["c"])
    #expect(
      setup.disruptions.outages == [
        .init(.replica(group: "a", index: 1), start: 60, duration: 30),
        .init(.site("oregon"), start: 3600, duration: 3600, isPlanned: true),
      ])
    #expect(setup.powerCaps.map(\.site) == ["iowa"] && setup.powerCaps[0].start == 600)
  }

  @Test("Groups that stand in pods of a fleet take site, chip, price and power from there")
  func pods() throws {
    let fleet = try String(contentsOfFile: "fixtures/fleets/northwind.yaml", encoding: .utf8)
    let setup = try read(
      """
      schema: setup/1
      fleet: fleet.yaml
      groups: {a: {pod: osaka-h100, model: llama-3.1-8b, replicas: 2}}
      services:
        chat: {model: llama-3.1-8b, arrivals: {rate: 2req/s, count: 10, input: 100, output: 20}, regions: {asia: 100%}}
      """, beside: ["fleet.yaml": fleet])
    let group = setup.groups[0]
    #expect(group.site == "osaka" && group.chip.id == "h100-sxm" && group.pod == "osaka-h100")
    guard case .owned(let capital, _, _)? = group.price else { throw Wrong() }
    #expect(capital == 38_000)
    #expect(setup.links.filter { $0.to == "osaka" }.map(\.from) == ["americas", "europe", "asia"])
    #expect(setup.powerCaps.contains { $0.site == "osaka" && $0.limit < 160_000 })
  }

  @Test(
    "Every mistake is found with its line, and none hides another",
    arguments: [
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, role: prefil",
        "3: 'role' is not one of its values; found 'prefil'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, role: prefill",
        "3: 'groups.a' needs 'kv_link'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, replica: 3",
        "3: unknown key; found 'replica'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, chips: 4, slice: 2x3",
        "3: this is no shape of 4 chips; found '2x3'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm",
        "model: llama-3.1-8b, chip: h100-sxm, chips: 4, sharding: {tensor: 3}",
        "3: the axes do not make up the chips; found 3 ways"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-70b, chip: h100-sxm",
        "5: no group serves 'chat'; found model llama-3.1-8b"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, services: [chatt]",
        "3: 'groups.a' serves an unknown service; found 'chatt'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, pod: x",
        "3: unknown pod; found 'x'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm", "model: llama-3.1-8b, chip: h100-sxm, site: iowa",
        "3: unknown site; found 'iowa'"
      ),
      (
        "model: llama-3.1-8b, chip: h100-sxm",
        "model: llama-3.1-8b, chip: h100-sxm, spares: 1, autoscale: {target: 4}",
        "3: 'groups.a' has spares and scales; found spares and autoscale"
      ),
      ("rate: 2req/s", "rate: 2", "5: 'rate': a unit is missing; found '2'"),
      ("rate: 2req/s", "rate: 2GB/s", "5: 'rate': wrong unit; found '2GB/s'"),
      (
        "output: 20}", "output: {mean: 20, sigma: 1, scv: 2}}",
        "5: 'services.chat.arrivals.output' is of two distributions; found sigma and scv"
      ),
      ("output: 20}", "output: 20}, trace: t.csv", "5: 'services.chat' says both 'trace' and 'arrivals'"),
      (
        "output: 20}", "output: 20}, regions: {us: 100%}",
        "5: there are no regions to take shares of; found regions in 'services.chat' alone"
      ),
      ("schema: setup/1", "schema: scenario/1", "1: this file is of another schema; found 'scenario/1'"),
    ])
  func mistakes(_ example: (what: String, with: String, message: String)) {
    let text = Self.smallest.replacing(example.what, with: example.with)
    let found = problems(text)
    #expect(found.contains { $0.hasPrefix(example.message) }, "\(found)")
  }

  @Test("A disruption that hits nothing says what there is")
  func wrongDisruptions() {
    let text =
      Self.smallest + """

        disruptions:
          - {outage: slice/1, start: 1min, duration: 1min}
          - {fail: rack, mtbf: 1h, mttr: 1min}
          - {fail: chip, mtbf: 1h}
          - {fail: chip, outage: site}
          - {power_cap: 500W}
          - {outage: site, group: b, start: 0s, duration: 1s}
        """
    #expect(
      problems(text) == [
        "7: there is no such slice; found 'slice/1'", "8: unknown part; found 'rack'",
        "9: 'disruptions.3' needs 'mttr'",
        "10: 'disruptions.4' needs one kind of disruption; found fail and outage",
        "11: a cap under which no replica may run; found '500W'", "12: unknown group; found 'b'",
      ])
  }
}
