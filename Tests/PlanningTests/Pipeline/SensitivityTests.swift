import FleetData
import Testing

@testable import Planning

private func explored() throws -> Plan {
  var study = SmallStudy()
  study.service = ["peak_rate: 12req/s", "growth: 10%/month", "regions: {americas: 100%}"]
  study.scenario = ["max_utilization: 70%"]
  study.explores = true
  return try study.plan()
}

@Test("Each driver alone makes the last month cheaper at its low end, dearer at its high; the widest first")
func driversMoveTheCost() throws {
  let plan = try explored()
  let rows = plan.sensitivity
  #expect(
    Set(rows.map(\.driver)) == [
      "demand", "price of chips", "price of electricity", "capacity per replica", "utilisation cap",
    ])
  for row in rows {
    #expect(row.costAtLow <= row.baseCost * (1 + 1e-9) && row.baseCost <= row.costAtHigh * (1 + 1e-9))
  }
  #expect(rows.contains { $0.costAtLow < $0.baseCost && $0.baseCost < $0.costAtHigh })
  let widths = rows.map { $0.costAtHigh - $0.costAtLow }
  #expect(widths == widths.sorted(by: >))
}

@Test("A tenth more on the price of chips moves the cost by a tenth of what chips cost")
func chipPricesAreLinear() throws {
  let plan = try explored()
  let row = try #require(plan.sensitivity.first { $0.driver == "price of chips" })
  let chips = plan.costs.filter { $0.month == plan.months.count - 1 && $0.category == .compute }
  let spent = chips.map(\.cost).reduce(0, +)
  #expect(((row.costAtHigh - row.baseCost) / (0.1 * spent) - 1).magnitude < 1e-6)
}

@Test("Values that a driver moves carry the range it tried, others none")
func inputsCarryTheirRange() throws {
  let inputs = try explored().inputs
  func range(_ id: String) throws -> [Double?] {
    let row = try #require(inputs.first { $0.id == id })
    return [row.low, row.value, row.high].map { $0.map { ($0 * 1e6).rounded() / 1e6 } }
  }
  #expect(try range("services.chat.peak_rate") == [9.6, 12, 14.4])
  #expect(try range("scenario.max_utilization") == [0.6, 0.7, 0.8])
  let ranged = inputs.filter { $0.low != nil }.map(\.id)
  #expect(
    ranged == [
      "pods.v5e.price.on_demand", "scenario.max_utilization", "services.chat.peak_rate",
      "sites.iowa.electricity",
    ])
  for row in inputs { #expect((row.low == nil) == (row.high == nil)) }
}
