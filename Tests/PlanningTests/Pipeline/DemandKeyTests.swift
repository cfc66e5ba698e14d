import FleetData
import Testing

@testable import Ingest
@testable import Planning

/// One key of a service, what it is changed to, and what must then be seen.
struct DemandKey: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// What both plans have, where it is not the plain study.
  var common: (@Sendable (inout SmallStudy) -> Void)?
  var edit: @Sendable (inout SmallStudy) -> Void
  /// With the plan before and after.
  var sees: @Sendable (Plan, Plan) -> Bool
}

private func cost(_ plan: Plan) -> Double { plan.months.reduce(0) { $0 + $1.totalCost } }
private func load(_ plan: Plan, at site: String) -> Double {
  plan.deployments.filter { $0.site == site }.reduce(0) { $0 + $1.load }
}

let demandKeys = [
  DemandKey(testDescription: "growth: more of it costs more") {
    $0.service = ["peak_rate: 12req/s", "growth: 100%/month", "regions: {americas: 60%, europe: 40%}"]
  } sees: {
    cost($1) > cost($0) && $1.demand[1].requestsPerSecond == 24
  },
  DemandKey(testDescription: "history: a forecast takes the place of growth") {
    $0.service = [
      "history: [10req/s, 12req/s, 14.4req/s, 17.28req/s]", "regions: {americas: 60%, europe: 40%}",
    ]
  } sees: { _, plan in
    // 20 % a month without noise: 17.28 · 1.2 and once more.
    abs(plan.demand[0].requestsPerSecond - 20.736) < 1e-6
      && abs(plan.demand[1].requestsPerSecond - 24.8832) < 1e-6
      && plan.forecasts?.count == 2
      && plan.forecastFits?.first.map { abs($0.growthPerStep - 0.2) < 1e-9 } == true
  },
  DemandKey(testDescription: "thinking: longer answers cost more") {
    $0.service.append("thinking: 20")
  } sees: {
    cost($1) > 1.5 * cost($0) && $1.demand[0].meanOutputTokens == 20 * $0.demand[0].meanOutputTokens
  },
  DemandKey(testDescription: "slo.ttft: a promise within one ocean keeps answers on its side") {
    $0.slo = "{ttft: 200ms, tpot: 60ms, percentile: 95%}"
  } sees: {
    load($1, at: "paris") > load($0, at: "paris")
  },
  DemandKey(testDescription: "slo.tpot: a tighter promise never costs less") {
    $0.slo = "{ttft: 2s, tpot: 18ms, percentile: 95%}"
  } sees: {
    cost($1) > cost($0)
  },
  DemandKey(testDescription: "slo.end_to_end: is promised and judged") {
    $0.slo = "{ttft: 2s, end_to_end: 3s, percentile: 95%}"
  } sees: { _, plan in
    plan.serviceLevels.contains { $0.metric == "e2e" && $0.result.value <= 3 }
  },
  DemandKey(testDescription: "slo.percentile: is the one that is judged") {
    $0.slo = "{ttft: 2s, tpot: 60ms, percentile: 50%}"
  } sees: {
    $1.serviceLevels.allSatisfy { $0.percentile == 0.5 } && cost($1) <= cost($0) * (1 + 1e-9)
  },
  DemandKey(testDescription: "residency: data stays where the law says") {
    $0.service.append("residency: eu")
  } sees: { _, plan in
    plan.deployments.allSatisfy { $0.site == "paris" } && !plan.deployments.isEmpty
  },
  DemandKey(testDescription: "chips: only those that are allowed") {
    $0.pods.append(
      "v6e: {site: iowa, chip: tpu-v6e, topology: 4x4, chip_power: 400W, price: {on_demand: $9/chip.h}}")
    $0.service.append("chips: [tpu-v6e]")
  } sees: { _, plan in
    plan.deployments.allSatisfy { $0.chip == "tpu-v6e" } && !plan.deployments.isEmpty
  },
  DemandKey(testDescription: "model: of several that may answer, the cheapest does") {
    $0.model = "[llama-3.1-70b, llama-3.1-8b]"
  } sees: { before, plan in
    plan.deployments.allSatisfy { $0.model == "llama-3.1-8b" }
      && abs(cost(plan) - cost(before)) < 1e-6 * cost(before)
  },
  DemandKey(testDescription: "regions: users elsewhere are answered elsewhere") {
    $0.slo = "{ttft: 200ms, tpot: 60ms, percentile: 95%}"
    $0.service = ["peak_rate: 12req/s", "regions: {europe: 100%}"]
  } sees: {
    load($1, at: "paris") > 0 && load($1, at: "iowa") == 0
  },
  DemandKey(
    testDescription: "load_curve: a quiet night saves energy, not chips",
    common: { $0.price = "{owned: $5000/chip, depreciation: 5years}" }
  ) {
    $0.service.append("load_curve: [\(Array(repeating: "10%", count: 23).joined(separator: ", ")), 100%]")
  } sees: { before, plan in
    let energy: (Plan) -> Double = {
      $0.costs.filter { $0.category == .energy }.reduce(0) { $0 + ($1.itKWh ?? 0) }
    }
    return plan.months[0].chipsUsed == before.months[0].chipsUsed && energy(plan) < energy(before)
  },
  DemandKey(testDescription: "objective: carbon moves demand to the cleaner grid") {
    $0.scenario = ["objective: carbon"]
  } sees: {
    load($0, at: "iowa") > 0 && load($1, at: "paris") > load($0, at: "paris")
  },
  DemandKey(testDescription: "carbon_price: money and carbon are weighed") {
    $0.scenario = ["carbon_price: $100000/t"]
  } sees: {
    load($1, at: "paris") > load($0, at: "paris")
  },
  DemandKey(testDescription: "spare_confidence: chips that fail need spares") {
    $0.pods = $0.pods.map { $0.replacing("count: 4", with: "count: 4, availability: 99%") }
    $0.service.append("residency: eu")
    $0.scenario = ["spare_confidence: 99.9%"]
  } sees: { _, plan in
    plan.deployments.contains { ($0.spares ?? 0) > 0 }
  },
]

/// The plan before any key is changed, made once.
private let unchangedPlan = Result { try SmallStudy.threeSites.plan() }

@Test("Every key of a service's demand changes the plan as it should", arguments: demandKeys)
func demandKeyChangesThePlan(_ key: DemandKey) throws {
  var study = SmallStudy.threeSites
  key.common?(&study)
  let before = try key.common == nil ? unchangedPlan.get() : study.plan()
  key.edit(&study)
  let after = try study.plan()
  #expect(after.verdict.status == .feasible, "\(after.verdict.sentence)")
  let isSeen = key.sees(before, after)
  #expect(isSeen, "$\(cost(before)) and $\(cost(after)) on \(after.deployments.map(\.id))")
  #expect(after.checks.allSatisfy { $0.passed })
}

@Test("A plan to a higher quantile of the forecast is made for more demand")
func quantilesArePlannedFor() throws {
  func rates(_ quantile: String) throws -> [Plan.ForecastRow] {
    var study = SmallStudy()
    study.service = [
      "history: [1req/s, 1.3req/s, 1.2req/s, 1.6req/s, 1.5req/s, 1.9req/s, 1.8req/s]",
      "forecast: {every: 1month, quantile: \(quantile)}", "regions: {americas: 100%}",
    ]
    return try #require(try study.plan().forecasts)
  }
  let (middle, high) = (try rates("50%"), try rates("97.5%"))
  for (a, b) in zip(middle, high) {
    #expect(a.planned == a.forecast.value && b.forecast == a.forecast)
    #expect(abs(b.planned - b.forecast.high) < 1e-9 * b.forecast.high)
  }
  #expect(high[1].forecast.high - high[1].forecast.low > high[0].forecast.high - high[0].forecast.low)
}

@Test("What a service says twice, or from nothing, is refused with its place")
func contradictoryDemandIsRefused() throws {
  let cases: [(lines: [String], what: String)] = [
    (["history: [1req/s, 2req/s, 3req/s]", "growth: 5%/month"], "says both 'growth' and 'history'"),
    (["history: [1req/s, 2req/s]"], "too short to forecast from"),
    (["history: [1req/s, 0req/s, 2req/s]"], "rates above zero"),
    (["forecast: {season: 12}"], "forecasts from nothing"),
    (["load_curve: [1, 2, 3]"], "24 hours"),
    (["load_factor: 50%", "load_curve: trace"], "says both 'load_factor' and 'load_curve'"),
    (["residency: eu"], "no site has this residency"),
  ]
  for (lines, what) in cases {
    var study = SmallStudy()
    study.service = lines + ["regions: {americas: 100%}"]
    let error = try #require(throws: Diagnostics.self) { _ = try study.study() }
    #expect(error.all.contains { $0.description.contains(what) && $0.location?.line != nil }, "\(error.all)")
  }
}
