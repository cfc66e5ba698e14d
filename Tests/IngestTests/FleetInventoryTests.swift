import FleetData
import Quantities
import Testing

@testable import Ingest

/// Reads a fleet of one site and one pod with further fields.
private func read(site: String = "", pod: String = "", more: String = "") throws -> (Fleet, [Diagnostic]) {
  let text = """
    schema: fleet/1
    regions: {users: {latitude: 41, longitude: -95}}
    sites:
      home: {latitude: 41, longitude: -96, power_cap: 2MW, pue: 1.1, \(site)}
    pods:
      own: {site: home, chip: h100-sxm, topology: 8, count: 4, price: {committed: $2/chip.h}, \(pod)}
    \(more)
    """
  let log = StudyLog()
  let reader = FleetReader(catalog: .builtIn, sites: .builtIn, log: log)
  return (reader.fleet(try ConfigNode.parse(text, file: "f.yaml")), log.diagnostics)
}

private let flat = "electricity: $0.06/kWh"
private func day(_ value: (Int) -> String) -> String {
  "[" + (0..<24).map(value).joined(separator: ", ") + "]"
}

@Test("A site's tariff and carbon by the hour stand for their means where nothing else is said")
func hoursAreRead() throws {
  let tariff = day { $0 < 12 ? "$0.02/kWh" : "$0.10/kWh" }
  let (fleet, problems) = try read(
    site: "electricity_by_hour: \(tariff), carbon_by_hour: \(day { _ in "300g/kWh" })")
  #expect(problems.isEmpty)
  let site = fleet.sites[0]
  #expect(abs(site.electricity.value * 3.6e6 - 0.06) < 1e-12)
  #expect(abs(site.electricity(inHour: 13).value * 3.6e6 - 0.10) < 1e-12)
  #expect(abs((site.carbon(inHour: 5)?.value ?? 0) * 3.6e6 - 300) < 1e-9)
}

@Test("Ramps, cooling, racks and hourly caps are read with their units")
func siteLimitsAreRead() throws {
  let (fleet, problems) = try read(
    site: "\(flat), power_ramp: [{from: 3, cap: 4MW}, {from: 9, cap: 5MW}], hourly_ramp: 500kW, "
      + "cooling: 1.5MW, racks: 40, power_by_hour: \(day { $0 == 18 ? "60%" : "100%" })",
    pod: "racks_per_block: 2")
  #expect(problems.isEmpty)
  let site = fleet.sites[0]
  #expect([0, 3, 8, 9].map { site.powerCap(inMonth: $0).value } == [2e6, 4e6, 4e6, 5e6])
  #expect(site.hourlyRamp == 500_000)
  #expect(site.cooling == 1.5e6)
  #expect(site.racks == 40)
  #expect(site.powerShareByHour[18] == 0.6)
}

@Test("Blocks drain, commitments end and restarts take their time as the file says")
func podDatesAreRead() throws {
  let (fleet, problems) = try read(
    site: flat,
    pod: "retirements: [{from: 6, count: 1}], restart: 2min, "
      + "commitment: {from: 0, until: 12, otherwise: $4/chip.h}",
    more: "quotas: [{chip: h100-sxm, site: home, chips: 24}]")
  #expect(problems.isEmpty)
  let pod = fleet.pods[0]
  #expect([0, 5, 6].map { pod.standingBlocks(inMonth: $0) } == [4, 4, 3])
  #expect(pod.restart == 120)
  #expect(pod.price(inMonth: 11).kind == .committed(USDPerSecond(2.0 / 3600)))
  #expect(pod.price(inMonth: 12).kind == .onDemand(USDPerSecond(4.0 / 3600)))
  #expect(fleet.quotas == [ChipQuota(chip: "h100-sxm", site: "home", chips: 24)])
}

@Test(
  "Dates and counts that contradict each other are errors",
  arguments: [
    ("available_from: 6, retired_from: 3", "'pods.own' is retired before it can be used"),
    ("retirements: [{from: 2, count: 3}, {from: 4, count: 2}]", "'pods.own' retires more blocks than stand"),
    ("commitment: {from: 6, until: 6}", "a commitment ends after it starts"),
  ])
func contradictionsAreErrors(pod: String, what: String) throws {
  #expect(try read(site: flat, pod: pod).1.map(\.what) == [what])
}

@Test(
  "A site whose figures make no sense is refused",
  arguments: [
    ("electricity_by_hour: [$0.06/kWh]", "'sites.home.electricity_by_hour' needs 24 values"),
    (
      "power_ramp: [{from: 9, cap: 4MW}, {from: 3, cap: 5MW}]",
      "the months of 'sites.home.power_ramp' do not ascend"
    ),
    ("racks: 40", "'pods.own' needs 'racks_per_block'"),
  ])
func senselessSitesAreErrors(site: String, what: String) throws {
  #expect(try read(site: "\(flat), \(site)").1.map(\.what) == [what])
}

@Test("A quota for a site that does not exist is an error with the nearest name")
func unknownQuotaSite() throws {
  let (_, problems) = try read(site: flat, more: "quotas: [{chip: h100-sxm, site: hom, chips: 24}]")
  #expect(problems.map(\.help) == ["did you mean 'home'?"])
}
