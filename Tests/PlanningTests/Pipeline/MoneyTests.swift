import FleetData
import Testing

@testable import Ingest
@testable import Planning

/// Owned chips at two sites with a tariff each, users on both sides of an ocean with a curve, links that charge.
private func priced() -> SmallStudy {
  var study = SmallStudy.threeSites
  study.price = "{owned: $5000/chip, depreciation: 5years}"
  study.pods[0] =
    "v5e-paris: {site: paris, chip: tpu-v5e, topology: 4x4, count: 4, price: {owned: $5200/chip, depreciation: 5years}}"
  study.sites[0] =
    "paris: {latitude: 48.9, longitude: 2.4, power_cap: 200kW, pue: 1.1, electricity: $0.09/kWh, carbon: 60g/kWh, construction: $10/W, tariff: [{from: 17, to: 21, price: $0.40/kWh}]}"
  study.pods.append(
    """
    spare: {site: osaka, chip: tpu-v5e, topology: 4x4, count: 1, price: {committed: $0.50/chip.h}, commitment: {until: 1, otherwise: $3.00/chip.h}}
    links:
      - {from: americas, to: iowa, rtt: 30ms, egress: $0.08/GB}
      - {from: europe, to: paris, rtt: 15ms, egress: $0.05/GB}
    """)
  study.service.append(officeHours)
  return study
}

/// Busy from nine to five.
private let officeHours =
  "load_curve: [" + (0..<24).map { (9..<17).contains($0) ? "100%" : "20%" }.joined(separator: ", ") + "]"

@Test("The bill is what was planned, and its sums by site, by service and by month are its total")
func theBillAddsUp() throws {
  let plan = try priced().plan()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  for check in plan.checks { #expect(check.passed, "\(check.name): \(check.detail)") }
  #expect(plan.checks.contains { $0.name == "cost: each month is billed as it was planned" })
  let total = plan.months.reduce(0) { $0 + $1.totalCost }
  func sum<Key: Hashable>(by key: (Plan.CostLine) -> Key) -> Double {
    Set(plan.costs.map(key)).map { name in
      plan.costs.filter { key($0) == name }.reduce(0) { $0 + $1.cost }
    }.reduce(0, +)
  }
  #expect(abs(sum { $0.site } - total) < 1e-6 * total)
  #expect(abs(sum { $0.service } - total) < 1e-6 * total)
  #expect(abs(sum { $0.month } - total) < 1e-6 * total)
  #expect(abs(sum { $0.category } - total) < 1e-6 * total)
  for line in plan.costs { #expect(abs(line.cost - line.quantity * line.unitPrice) <= 1e-9 * line.cost) }
  #expect(Set(plan.costs.map(\.category)) == [.compute, .energy, .facility, .network])
}

@Test("Energy costs what its hours cost: work in the dear hours more than the mean of the day")
func energyIsPricedByTheHour() throws {
  let plan = try priced().plan()
  let site = try #require(plan.sites.first { $0.id == "paris" })
  // 20 hours at $0.09 and 4 at $0.40.
  #expect(abs(site.electricityUSDPerKWh - (20 * 0.09 + 4 * 0.40) / 24) < 1e-12)
  let lines = plan.costs.filter { $0.site == "paris" && $0.category == .energy }
  let idle = try #require(lines.first { $0.service == nil })
  #expect(abs(idle.unitPrice - site.electricityUSDPerKWh) < 1e-12)
  for line in lines where line.service != nil {
    #expect(line.unitPrice != site.electricityUSDPerKWh && line.unitPrice > 0.09 && line.unitPrice < 0.40)
  }
}

@Test("Chips cost their agreed price until the commitment ends, then what they cost on demand")
func commitmentsEndOnTheBill() throws {
  var study = SmallStudy.threeSites
  study.price = "{committed: $0.60/chip.h}, commitment: {from: 0, until: 2027-12, otherwise: $0.90/chip.h}"
  let plan = try study.plan()
  func prices(_ month: Int) -> Set<Double> {
    Set(
      plan.costs.filter { $0.pod == "v5e" && $0.month == month && $0.category == .compute }.map {
        ($0.unitPrice * 1e9).rounded() / 1e9
      })
  }
  #expect(prices(0) == [0.6] && prices(1) == [0.9])
  // 64 chips are paid in the first month, used or not; in the second those in use.
  func hours(_ month: Int) -> Double {
    plan.costs.filter { $0.pod == "v5e" && $0.month == month && $0.category == .compute }
      .reduce(0) { $0 + $1.quantity }
  }
  #expect(abs(hours(0) - 64 * 730.5) < 1e-6 && hours(1) < hours(0))
  #expect(plan.checks.allSatisfy { $0.passed })
}

@Test("An interruption of a spot chip is paid once: in more replicas, not in their price")
func spotIsPaidOnce() throws {
  func plan(_ price: String) throws -> Plan {
    var study = SmallStudy()
    study.service = ["peak_rate: 12req/s", "regions: {americas: 100%}"]
    study.price = price
    return try study.plan()
  }
  let calm = try plan("{spot: $0.80/chip.h, interruptions: 0/h}")
  let stormy = try plan("{spot: $0.80/chip.h, interruptions: 4/h}")
  for line in stormy.costs where line.category == .compute { #expect(abs(line.unitPrice - 0.8) < 1e-12) }
  let hours: (Plan) -> Double = { plan in
    plan.costs.filter { $0.category == .compute && $0.month == 0 }.reduce(0) { $0 + $1.quantity }
  }
  let chips = stormy.deployments.filter { $0.month == 0 }.reduce(0) { $0 + $1.replicas * $1.chipsPerReplica }
  #expect(hours(stormy) > hours(calm) && abs(hours(stormy) - Double(chips) * 730.5) < 1e-6)
  #expect(stormy.checks.allSatisfy { $0.passed } && calm.checks.allSatisfy { $0.passed })
}

@Test("Regions that wake at different hours share chips, and every site is judged in its own busiest hour")
func peaksThatDoNotCoincideShareChips() throws {
  var study = SmallStudy.threeSites
  study.service = ["peak_rate: 40req/s", "regions: {americas: 50%, europe: 50%}"]
  let together = try study.plan()
  study.service.append(officeHours)
  let apart = try study.plan()
  #expect(apart.verdict.status == .feasible, "\(apart.verdict.sentence)")
  // Americas lies five hours behind, Europe one ahead: 14 to 22 and 8 to 16 UTC, of which two hours are shared.
  #expect(
    apart.deployments.allSatisfy { $0.peakHour != nil }
      && together.deployments.allSatisfy { $0.peakHour == nil })
  #expect(apart.demand[0].requestsPerSecond == 40)
  #expect(apart.months[0].chipsUsed <= together.months[0].chipsUsed)
  #expect(apart.serviceLevels.allSatisfy { $0.result.value <= $0.targetSeconds })
  #expect(apart.serviceLevels.allSatisfy { $0.note?.contains(":00 UTC") == true })
  #expect(apart.checks.allSatisfy { $0.passed })
}
