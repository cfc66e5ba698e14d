import FleetData
import Quantities

/// What one chip costs for one hour and when it is paid for.
public struct ChipHourPrice: Sendable, Hashable {
  public enum Term: String, Sendable, Hashable, Codable {
    case owned, committed
    case onDemand = "on-demand"
    case spot
  }

  public var term: Term
  public var usdPerHour: Double
  /// Rented prices include energy and the building; owned chips are billed for both apart.
  public var includesEnergy: Bool { term != .owned }
  /// Owned and committed chips cost the same idle, down or busy; the others cost nothing unless allocated and up.
  public var isPaidWhenUnused: Bool { term == .owned || term == .committed }

  /// The quoted rate: what interruptions of spot chips take is capacity, not price. A plan stands more replicas for
  /// it and pays for each of their hours, restarts included, so charging it here again would charge it twice.
  /// - Throws: on a negative price, rate or interest and on a depreciation period of zero.
  public init(_ price: ChipPrice) throws(EconomicsError) {
    switch price.kind {
    case .owned(let capital, let depreciation, let interest):
      term = .owned
      usdPerHour = try hourlyCapitalCost(capital, annualInterest: interest, life: depreciation)
    case .committed(let rate):
      term = .committed
      usdPerHour = rate.value * Seconds.hour.value
    case .onDemand(let rate):
      term = .onDemand
      usdPerHour = rate.value * Seconds.hour.value
    case .spot(let rate, let interruptions):
      try require(interruptions, .nonNegative, "spot interruptions per second")
      term = .spot
      usdPerHour = rate.value * Seconds.hour.value
    }
    try require(usdPerHour, .nonNegative, "price per chip-hour in dollars")
  }
}
