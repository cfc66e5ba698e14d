import FleetData
import Quantities

@testable import Ingest
@testable import Planning

/// A study small enough to plan in a second: one 8B service, two months, one pod of 64 chips or one at each of three
/// sites.
struct SmallStudy {
  /// Lines of the service besides its model, trace and promise.
  var service = ["peak_rate: 2req/s", "growth: 10%/month", "regions: {americas: 100%}"]
  var model = "llama-3.1-8b"
  var slo = "{ttft: 2s, tpot: 60ms, percentile: 95%}"
  /// Further lines of the scenario.
  var scenario: [String] = []
  var power = "200kW"
  var price = "{on_demand: $1.20/chip.h}"
  /// Lines of further sites, pods and regions.
  var sites: [String] = []
  var pods: [String] = []
  var regions = "{americas: {latitude: 39, longitude: -77}, europe: {latitude: 50, longitude: 8}}"
  var construction: String?
  var months = 2
  var explores = false

  /// Three like sites, one on each side of an ocean and one far from both.
  static var threeSites: SmallStudy {
    var study = SmallStudy()
    study.sites = [
      "paris: {latitude: 48.9, longitude: 2.4, power_cap: 200kW, pue: 1.1, electricity: $0.09/kWh, carbon: 60g/kWh, residency: eu}",
      "osaka: {latitude: 34.7, longitude: 135.5, power_cap: 200kW, pue: 1.2, electricity: $0.12/kWh, carbon: 480g/kWh}",
    ]
    study.pods = [
      "v5e-paris: {site: paris, chip: tpu-v5e, topology: 4x4, count: 4, price: {on_demand: $1.50/chip.h}}",
      "v5e-osaka: {site: osaka, chip: tpu-v5e, topology: 4x4, count: 4, price: {on_demand: $1.60/chip.h}}",
    ]
    study.service = ["peak_rate: 12req/s", "regions: {americas: 60%, europe: 40%}"]
    return study
  }

  var options: PlanningOptions {
    PlanningOptions(maximumRounds: 6, capacityRequests: 200, judgedRequests: 300, explores: explores)
  }

  func study() throws -> Study {
    let documents = StudyDocuments(
      scenario: try ConfigNode.parse(scenarioText, file: "scenario.yaml"),
      fleet: try ConfigNode.parse(fleetText, file: "fleet.yaml"), files: ["scenario.yaml", "fleet.yaml"])
    return try Study.decode(documents, catalog: .builtIn)
  }

  func pipeline() throws -> PlanPipeline {
    PlanPipeline(
      study: try study(), traces: ["chat": try TraceReader.read(bytes: Array(Self.trace.utf8))], sources: [],
      toolVersion: "test", options: options)
  }

  func plan() throws -> Plan { try pipeline().run() }

  private var scenarioText: String {
    let lines = service.map { "    \($0)" }.joined(separator: "\n")
    return """
      schema: scenario/1
      name: small
      fleet: fleet.yaml
      start: 2027-11
      horizon: \(months)months
      \(scenario.joined(separator: "\n"))
      services:
        chat:
          model: \(model)
          trace: t.csv
          slo: \(slo)

      """ + lines + "\n"
  }

  private var fleetText: String {
    func block(_ lines: [String]) -> String { lines.map { "\n  \($0)" }.joined() }
    return """
      schema: fleet/1
      regions: \(regions)
      sites:
        iowa: {latitude: 41.3, longitude: -95.9, power_cap: \(power), pue: 1.1, electricity: $0.07/kWh, carbon: 400g/kWh, residency: us\(construction.map { ", construction: \($0)" } ?? "")}\(block(sites))
      pods:
        v5e: {site: iowa, chip: tpu-v5e, topology: 4x4, count: 4, price: \(price)}\(block(pods))

      """
  }

  /// Two hundred requests with seeded gaps and lengths.
  static var trace: String {
    var random = RandomStream(3, "small")
    var clock = 0.0
    let rows = (0..<200).map { _ in
      clock += 2 * random.uniform()
      return "\(clock),\(200 + Int(600 * random.uniform())),\(20 + Int(100 * random.uniform()))"
    }
    return "arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows.joined(separator: "\n") + "\n"
  }
}
