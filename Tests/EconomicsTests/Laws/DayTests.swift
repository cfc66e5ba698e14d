import Economics
import FleetData
import Quantities
import Testing

@Suite struct DayTests {
  @Test("A day's demand is scaled to its peak; a cosine's mean lies halfway between trough and peak")
  func curve() throws {
    let day = try HourlyDemand(troughOverPeak: 0.4)
    #expect(abs(day.mean - 0.7) < 1e-12)
    #expect(day.hours.max() == 1)
    #expect(abs((day.hours.min() ?? 0) - 0.4) < 1e-12)
    #expect(day.hours[14] == 1 && abs(day.hours[2] - 0.4) < 1e-12)
    #expect(try HourlyDemand(hours: [Double](repeating: 5, count: 24)) == .flat)
    #expect(throws: EconomicsError.self) { try HourlyDemand(hours: [1, 2]) }
    #expect(throws: EconomicsError.self) { try HourlyDemand(hours: [Double](repeating: 0, count: 24)) }
    #expect(throws: EconomicsError.self) { try HourlyDemand(troughOverPeak: 1.5) }
  }

  @Test("A committed chip pays when it is busy for more of the day than its discount")
  func commitment() throws {
    // Half the day at 1, half at 0.4.
    let day = try HourlyDemand(hours: (0..<24).map { $0 < 12 ? 1 : 0.4 })
    func best(_ committed: Double) throws -> Double {
      try Commitment(committedUSD: committed, onDemandUSD: 1, demand: day).bestShare()
    }
    #expect(try best(0.49) == 1)
    #expect(try best(0.51) == 0.4)
    #expect(try best(1.01) == 0)
    let half = try Commitment(committedUSD: 0.6, onDemandUSD: 1, demand: day)
    // 0.4 committed at 0.6, and 0.6 of a chip on demand for half of the hours.
    #expect(abs(try half.usdPerHour(committedShare: 0.4) - (0.24 + 0.3)) < 1e-12)
    #expect(abs(try half.usdPerUsedHour(committedShare: 0.4) - 0.54 / 0.7) < 1e-12)
  }

  @Test("No other commitment is cheaper than the best one", arguments: [0.2, 0.45, 0.7, 0.95])
  func newsvendor(price: Double) throws {
    let plan = try Commitment(
      committedUSD: price, onDemandUSD: 1, demand: HourlyDemand(troughOverPeak: 0.3))
    let best = try plan.usdPerHour(committedShare: plan.bestShare())
    for step in 0...100 {
      #expect(try plan.usdPerHour(committedShare: Double(step) / 100) >= best - 1e-12)
    }
  }

  @Test("Energy is priced by the hour it is drawn in: a band over midnight, and load that avoids the peak")
  func tariff() throws {
    let kWh = Joules.kilowattHour.value
    let tariff = Tariff(
      base: USDPerJoule(0.10 / kWh),
      bands: [
        .init(from: 16, to: 20, price: USDPerJoule(0.30 / kWh)),
        .init(from: 22, to: 6, price: USDPerJoule(0.04 / kWh)),
      ])
    #expect(abs(tariff.usdPerKWh(hour: 23) - 0.04) < 1e-12 && abs(tariff.usdPerKWh(hour: 5) - 0.04) < 1e-12)
    #expect(abs(tariff.usdPerKWh(hour: 6) - 0.10) < 1e-12 && abs(tariff.usdPerKWh(hour: 19) - 0.30) < 1e-12)
    // 4 h at 0.30, 8 h at 0.04, 12 h at 0.10.
    let flat = try tariff.usdPerKWh(drawn: .flat)
    #expect(abs(flat - (1.2 + 0.32 + 1.2) / 24) < 1e-12)
    #expect(abs(tariff.mean.value * kWh - flat) < 1e-12)
    let night = try HourlyDemand(hours: (0..<24).map { $0 >= 22 || $0 < 6 ? 1 : 0 })
    #expect(abs(try tariff.usdPerKWh(drawn: night) - 0.04) < 1e-12)
  }
}
