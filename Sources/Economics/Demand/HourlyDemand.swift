import Foundation

/// Demand over the 24 hours of a day, each hour as a share of the busiest.
///
/// A fleet sized for the peak has `1 − curve` of its chips free in each hour.
public struct HourlyDemand: Sendable, Hashable, Codable {
  /// Hour 0 begins at local midnight.
  public let hours: [Double]

  /// - Throws: unless there are 24 numbers from 0 to 1, one of them positive. They are scaled so that the largest is 1.
  public init(hours: [Double]) throws(EconomicsError) {
    try require(Double(hours.count), .hoursOfDay, "hours of a day's demand")
    for hour in hours { try require(hour, .nonNegative, "demand in an hour of the day") }
    let peak = hours.max() ?? 0
    try require(peak, .positive, "demand in the busiest hour")
    self.hours = hours.map { $0 / peak }
  }

  /// A cosine that peaks in one hour and bottoms out twelve hours later.
  ///
  ///     d(h) = (1 + t)/2 + (1 − t)/2 · cos(2π(h − peak)/24)
  public init(troughOverPeak t: Double, peakHour: Double = 14) throws(EconomicsError) {
    try require(t, .share, "trough over peak of the day")
    let hours = (0..<24).map { hour in
      (1 + t) / 2 + (1 - t) / 2 * cos(2 * Double.pi * (Double(hour) - peakHour) / 24)
    }
    try self.init(hours: hours)
  }

  /// The same demand in every hour.
  public static let flat = HourlyDemand(flat: 1)
  private init(flat: Double) { hours = Array(repeating: flat, count: 24) }

  /// Mean over peak: the load factor.
  public var mean: Double { hours.reduce(0, +) / 24 }

  /// The share of hours in which demand exceeds a level.
  public func share(above level: Double) -> Double { Double(hours.count { $0 > level }) / 24 }

  /// Mean of the demand cut off at a level: what a fleet of that size serves.
  public func meanServed(level: Double) -> Double { hours.reduce(0) { $0 + min($1, level) } / 24 }
}
