import Foundation
import Quantities

/// Demand over the life of a service: a rate that grows by a constant share every month.
public struct ServiceLife: Sendable, Hashable {
  public let requestsPerDay: Double
  public let monthlyGrowth: Double
  public let months: Int

  /// - Throws: on a negative rate, growth of −100 % or less, or a life under one month.
  public init(requestsPerDay: Double, monthlyGrowth: Double, months: Int) throws(EconomicsError) {
    try require(requestsPerDay, .nonNegative, "requests per day")
    guard monthlyGrowth > -1, monthlyGrowth.isFinite else {
      throw .outOfRange(quantity: "growth per month", value: monthlyGrowth, expected: "more than -1")
    }
    try require(Double(months), .atLeastOne, "months of service")
    self.requestsPerDay = requestsPerDay
    self.monthlyGrowth = monthlyGrowth
    self.months = months
  }

  /// Requests in the first m months: `rate · days/month · ((1+g)^m − 1)/g`.
  public func requests(through m: Int) -> Double {
    let perMonth = requestsPerDay * (Seconds.month / Seconds.day)
    guard monthlyGrowth != 0 else { return perMonth * Double(m) }
    return perMonth * (pow(1 + monthlyGrowth, Double(m)) - 1) / monthlyGrowth
  }

  /// Requests weighted by what a dollar in their month is worth today: `Σ n·(1+g)^m·(1+r)^(−m/12)`, each month paid at
  /// its start.
  public func presentRequests(annualRate r: Double) throws(EconomicsError) -> Double {
    let first = requestsPerDay * (Seconds.month / Seconds.day)
    let ratio = try (1 + monthlyGrowth) * discountFactor(months: 1, annualRate: r)
    guard abs(ratio - 1) > 1e-12 else { return first * Double(months) }
    return first * (pow(ratio, Double(months)) - 1) / (ratio - 1)
  }

  /// Requests over the whole life.
  public var totalRequests: Double { requests(through: months) }

  /// The first month whose end sees `requests` served in all; `nil` when the life is too short.
  public func month(reaching requests: Double) -> Int? {
    (1...months).first { self.requests(through: $0) >= requests }
  }
}
