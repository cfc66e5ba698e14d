import Quantities

/// Months of a plan, counted from its first: `2027-01`, `2027-02`, ...
public struct PlanCalendar: Sendable, Hashable {
  /// The first month as `YYYY-MM`.
  public let start: String

  public init(start: String) { self.start = start }

  /// The label of month `index`; index 0 is the first.
  public func label(_ index: Int) -> String {
    let parts = start.split(separator: "-").compactMap { Int($0) }
    let months = parts[0] * 12 + (parts[1] - 1) + index
    let month = months % 12 + 1
    return "\(months / 12)-\(month < 10 ? "0" : "")\(month)"
  }

  /// Hours in the month of budgets, the same for every month: 730.5.
  public static var hoursPerMonth: Double { Seconds.month / Seconds.hour }
}
