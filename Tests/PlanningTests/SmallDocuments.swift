import FleetData

@testable import Ingest

/// A scenario and a fleet as documents: one service, two sites with a pod each, two months.
enum SmallDocuments {
  static func make(_ more: String = "") throws -> StudyDocuments {
    let scenario = """
      schema: scenario/1
      name: small
      fleet: fleet.yaml
      start: 2027-01
      horizon: 2months
      services:
        chat:
          model: llama-3.1-8b
          trace: t.csv
          peak_rate: 2req/s
          slo: {ttft: 2s, tpot: 60ms, percentile: 95%}
          regions: {americas: 100%}

      """
    let fleet = """
      schema: fleet/1
      regions: {americas: {latitude: 39, longitude: -77}}
      sites:
        east: {latitude: 41, longitude: -76, power_cap: 1MW, pue: 1.1, electricity: $0.07/kWh}
        west: {latitude: 41, longitude: -95, power_cap: 1MW, pue: 1.1, electricity: $0.07/kWh}
      pods:
        a: {site: east, chip: tpu-v5e, topology: 4x4, price: {on_demand: $1.20/chip.h}}
        b: {site: west, chip: tpu-v5e, topology: 4x4, price: {on_demand: $1.00/chip.h}}
      """
    return StudyDocuments(
      scenario: try ConfigNode.parse(scenario + more, file: "s.yaml"),
      fleet: try ConfigNode.parse(fleet, file: "fleet.yaml"), files: ["s.yaml", "fleet.yaml"])
  }
}
