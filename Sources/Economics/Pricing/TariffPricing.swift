import FleetData

extension Tariff {
  /// The price of energy drawn along a day: each hour's price weighted by what is drawn in it.
  ///
  ///     price = Σ p(h)·w(h) / Σ w(h)
  public func usdPerKWh(drawn load: HourlyDemand) throws(EconomicsError) -> Double {
    let total = load.hours.reduce(0, +)
    try require(total, .positive, "energy drawn over the day")
    let usd = load.hours.enumerated().reduce(0) { $0 + usdPerKWh(hour: $1.offset) * $1.element }
    return usd / total
  }
}
