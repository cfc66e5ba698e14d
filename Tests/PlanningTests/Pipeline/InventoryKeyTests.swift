import FleetData
import Testing

@testable import Ingest
@testable import Planning

/// One key of the inventory, what it is changed to, and what must then be seen.
struct InventoryKey: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var edit: @Sendable (inout SmallStudy) -> Void
  var sees: @Sendable (Plan) -> Bool
}

private func replicas(_ plan: Plan, _ site: String, month: Int = 0) -> Int {
  plan.deployments.filter { $0.site == site && $0.month == month }.reduce(0) { $0 + $1.replicas }
}

/// The study's own pod, at the cheapest site, with more keys.
private func iowa(_ keys: String) -> @Sendable (inout SmallStudy) -> Void {
  { $0.price += ", \(keys)" }
}

let inventoryKeys = [
  InventoryKey(
    testDescription: "available_from: a month of the calendar", edit: iowa("available_from: 2027-12")
  ) {
    replicas($0, "iowa") == 0 && replicas($0, "iowa", month: 1) > 0
  },
  InventoryKey(testDescription: "available_from: a number of months", edit: iowa("available_from: 1")) {
    replicas($0, "iowa") == 0 && replicas($0, "iowa", month: 1) > 0
  },
  InventoryKey(testDescription: "retired_from: gone from then on", edit: iowa("retired_from: 2027-12")) {
    replicas($0, "iowa") > 0 && replicas($0, "iowa", month: 1) == 0
  },
  InventoryKey(
    testDescription: "retirements: blocks drain in part",
    edit: iowa("retirements: [{from: 2027-12, count: 4}]")
  ) {
    replicas($0, "iowa") > 0 && replicas($0, "iowa", month: 1) == 0
      && $0.inventory.first { $0.pod == "v5e" && $0.month == 1 }?.installed == 0
  },
  InventoryKey(testDescription: "quotas: chips in use are limited") {
    $0.pods.append(
      "x: {site: osaka, chip: tpu-v5e, topology: 4x4, count: 1, price: {on_demand: $9/chip.h}}\nquotas: [{chip: tpu-v5e, site: iowa, chips: 0}]"
    )
  } sees: {
    replicas($0, "iowa") == 0 && replicas($0, "paris") > 0
  },
  InventoryKey(testDescription: "cooling: a site runs what it can cool") {
    $0.sites.append(
      "cold: {latitude: 60, longitude: 20, power_cap: 1MW, pue: 1.1, electricity: $0.05/kWh, cooling: 10W}")
    $0.pods.append(
      "cheap: {site: cold, chip: tpu-v5e, topology: 4x4, count: 4, price: {on_demand: $0.10/chip.h}}")
  } sees: {
    replicas($0, "cold") == 0
  },
  InventoryKey(testDescription: "standby_replicas: each deployment may lose one and keeps its promises") {
    $0.scenario = ["standby_replicas: 1"]
  } sees: { plan in
    let own = plan.deployments.filter { $0.month == 0 }
    return own.allSatisfy { $0.load <= 0.9 * Double($0.replicas - 1) * $0.capacityPerReplica * (1 + 1e-9) }
      && plan.serviceLevels.allSatisfy { $0.result.value <= $0.targetSeconds }
  },
  InventoryKey(testDescription: "bandwidth: a link carries no more than its width") {
    $0.service.append("bytes_per_token: 1000")
    $0.pods.append(
      "x: {site: osaka, chip: tpu-v5e, topology: 4x4, count: 1, price: {on_demand: $9/chip.h}}\nlinks: [{from: americas, to: iowa, rtt: 30ms, bandwidth: 0.001Mbit/s}, {from: europe, to: iowa, rtt: 110ms, bandwidth: 0.001Mbit/s}]"
    )
  } sees: {
    $0.deployments.filter { $0.site == "iowa" && $0.month == 0 }.reduce(0) { $0 + $1.load } < 0.01
  },
]

@Test("Every key of the inventory changes the plan as it should", arguments: inventoryKeys)
func inventoryKeyChangesThePlan(_ key: InventoryKey) throws {
  var study = SmallStudy.threeSites
  key.edit(&study)
  let plan = try study.plan()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  let isSeen = key.sees(plan)
  #expect(isSeen, "\(plan.deployments.map { "\($0.id): \($0.replicas)" })")
  #expect(plan.checks.allSatisfy { $0.passed })
}

@Test("A building is paid for with the chips that fill it, as capital per watt")
func buildingsAreOnTheBill() throws {
  var study = SmallStudy()
  study.price = "{owned: $5000/chip, depreciation: 5years}"
  let rented = try study.plan()
  study.construction = "$10/W"
  let owned = try study.plan()
  let watts = try #require(owned.pods.first).wattsPerChip * 64
  // $10 a watt over 15 years without interest, one month of it.
  #expect(abs(owned.months[0].totalCost - rented.months[0].totalCost - 10 * watts / 180) < 1e-6 * watts)
  #expect(owned.checks.allSatisfy { $0.passed })
}

@Test("When not everything fits, the service of lower priority goes short, and the plan says so")
func priorityDecidesWhoGoesShort() throws {
  func sentence(_ chat: Int, _ batch: Int) throws -> String {
    var study = SmallStudy()
    study.service = [
      "peak_rate: 400req/s", "priority: \(chat)", "regions: {americas: 100%}",
    ]
    // The next lines close the mapping of chat and open one beside it.
    let second = [
      "  batch:", "    model: llama-3.1-8b", "    trace: t.csv",
      "    slo: {ttft: 2s, tpot: 60ms, percentile: 95%}", "    peak_rate: 400req/s",
      "    priority: \(batch)", "    regions: {americas: 100%}",
    ]
    study.service.append("thinking: 1\n" + second.joined(separator: "\n"))
    var pipeline = try study.pipeline()
    pipeline = PlanPipeline(
      study: pipeline.study,
      traces: [
        "chat": try #require(pipeline.traces["chat"]), "batch": try #require(pipeline.traces["chat"]),
      ],
      sources: [], toolVersion: "test", options: study.options)
    let plan = try pipeline.run()
    #expect(plan.verdict.status == .infeasible)
    return plan.verdict.sentence
  }
  let first = try sentence(2, 1)
  let second = try sentence(1, 2)
  #expect(first.contains("serving the highest priority first, batch (priority 1) goes "), "\(first)")
  #expect(second.contains("serving the highest priority first, chat (priority 1) goes "), "\(second)")
}

@Test("A month is a month of the calendar or a number; what lies before the plan reads as its first")
func monthsAreReadEitherWay() throws {
  func pod(_ keys: String) throws -> Pod {
    var study = SmallStudy()
    study.price += ", \(keys)"
    return try #require(try study.study().scenario.fleet.pods.first)
  }
  #expect(try pod("available_from: 2028-02").availableFromMonth == 3)
  #expect(try pod("available_from: 3").availableFromMonth == 3)
  #expect(try pod("available_from: 2020-01").availableFromMonth == 0)
  let commitment = try #require(try pod("commitment: {from: 2027-01, until: 2027-12}").commitment)
  #expect(commitment.fromMonth == -10 && commitment.untilMonth == 1)
  #expect(throws: Diagnostics.self) { try pod("available_from: 2028-13") }
}
