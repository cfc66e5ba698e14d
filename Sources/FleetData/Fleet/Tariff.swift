import Quantities

/// Prices of electricity by local hour of the day: a base price and bands that replace it.
public struct Tariff: Sendable, Hashable, Codable {
  /// From one hour up to another, which may lie after midnight: 22 to 6.
  public struct Band: Sendable, Hashable, Codable {
    public var from: Int
    public var to: Int
    public var price: USDPerJoule
    public init(from: Int, to: Int, price: USDPerJoule) {
      self.from = from
      self.to = to
      self.price = price
    }

    /// Does the hour that begins at `hour` lie in the band?
    public func contains(_ hour: Int) -> Bool {
      from < to ? (from..<to).contains(hour) : hour >= from || hour < to
    }
  }

  public var base: USDPerJoule
  /// Where bands overlap the first one counts.
  public var bands: [Band]

  public init(base: USDPerJoule, bands: [Band] = []) {
    self.base = base
    self.bands = bands
  }

  /// The price in the hour that begins at `hour` o'clock, 0 to 23.
  public func price(hour: Int) -> USDPerJoule { bands.first { $0.contains(hour) }?.price ?? base }

  /// Dollars per kilowatt-hour in the hour that begins at `hour` o'clock.
  public func usdPerKWh(hour: Int) -> Double { price(hour: hour).value * Joules.kilowattHour.value }

  /// The mean over a day of constant draw: what a tariff costs chips that never stop.
  public var mean: USDPerJoule {
    USDPerJoule((0..<24).reduce(0) { $0 + price(hour: $1).value } / 24)
  }

  /// The prices of the 24 hours of UTC at a longitude in degrees east.
  public func byHour(longitude: Double) -> [USDPerJoule] {
    (0..<24).map { price(hour: SolarClock.localHour(utc: $0, longitude: longitude)) }
  }
}
