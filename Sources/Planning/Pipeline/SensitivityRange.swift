import FleetData

/// How far the sensitivity analysis moves an input: the figures of its drivers, and of the range shown beside a value.
enum SensitivityRange {
  /// Shares of the value.
  static let demand = 0.2
  static let chipPrice = 0.1
  static let electricity = 0.3
  static let capacity = 0.15
  /// Added to the share of a replica's capacity that may be used.
  static let utilization = 0.1

  /// The utilisation cap moved by `change`, still one that can be planned with.
  static func utilization(_ cap: Double, moved change: Double) -> Double { min(1, max(0.05, cap + change)) }

  /// The inputs, each that a driver moves with the least and the greatest value tried.
  static func added(to inputs: [Plan.InputRow]) -> [Plan.InputRow] {
    inputs.map { row in
      var row = row
      if let range = row.value.flatMap({ of(row.id, $0) }) { (row.low, row.high) = (range.low, range.high) }
      return row
    }
  }

  private static func of(_ id: String, _ value: Double) -> (low: Double, high: Double)? {
    func around(_ share: Double) -> (Double, Double) { (value * (1 - share), value * (1 + share)) }
    let parts = id.split(separator: ".")
    switch (parts.first, parts.last) {
    case ("services", "peak_rate"): return around(demand)
    case ("sites", "electricity"): return around(electricity)
    case ("pods", "on_demand"), ("pods", "committed"), ("pods", "spot"), ("pods", "owned"):
      return around(chipPrice)
    case ("scenario", "max_utilization"):
      return (utilization(value, moved: -utilization), utilization(value, moved: utilization))
    default: return nil
    }
  }
}
