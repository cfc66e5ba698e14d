/// Predictions beside measurements, row by row, and how far apart they are by group: the `verification/1` document.
public struct Verification: Sendable, Hashable, Codable {
  public var schema = "verification/1"
  public var rows: [Row]
  public var summary: [Group]

  /// One measured figure and what the model says of it.
  public struct Row: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Hashable, Codable { case ok, skipped }

    public var id: String
    public var predicted: Double?
    public var measured: Double
    public var unit: String
    /// Predicted over measured.
    public var ratio: Double?
    /// The physical floor of a time, or the ceiling of a rate, in the row's unit.
    public var lowerBound: Double?
    public var status: Status
    /// Why the row was skipped, or what the source says against it.
    public var reason: String?

    public init(
      id: String, predicted: Double?, measured: Double, unit: String, lowerBound: Double?,
      status: Status = .ok, reason: String? = nil
    ) {
      self.id = id
      self.predicted = predicted
      self.measured = measured
      self.unit = unit
      ratio = predicted.map { $0 / measured }
      self.lowerBound = lowerBound
      self.status = status
      self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
      case id, predicted, measured, unit, ratio, status, reason
      case lowerBound = "lower_bound"
    }

    /// A time below its floor, or a rate above its ceiling. Units of time are `s`, `ms` and `us`.
    public var beatsPhysics: Bool {
      guard let lowerBound else { return false }
      return ["s", "ms", "us"].contains(unit) ? measured < lowerBound : measured > lowerBound
    }

    /// |predicted / measured − 1|; `nil` for skipped rows.
    public var absoluteError: Double? {
      status == .ok ? ratio.map { abs($0 - 1) } : nil
    }
  }

  /// The errors of the rows of one group.
  public struct Group: Sendable, Hashable, Codable {
    public var group: String
    public var n: Int
    public var medianAbsoluteError: Double
    public var p90AbsoluteError: Double
    public var worstAbsoluteError: Double
    /// Rows whose measured time is shorter than physics allows.
    public var belowLowerBound: Int

    enum CodingKeys: String, CodingKey {
      case group, n
      case medianAbsoluteError = "median_abs_error"
      case p90AbsoluteError = "p90_abs_error"
      case worstAbsoluteError = "max_abs_error"
      case belowLowerBound = "below_lower_bound"
    }

    /// - Returns: `nil` when no row of the group was predicted.
    public init?(_ name: String, rows: [Row]) {
      let errors = rows.compactMap(\.absoluteError).sorted()
      guard let worst = errors.last else { return nil }
      group = name
      n = errors.count
      medianAbsoluteError = quantile(0.5, of: errors)
      p90AbsoluteError = quantile(0.9, of: errors)
      worstAbsoluteError = worst
      belowLowerBound = rows.count { $0.status == .ok && $0.beatsPhysics }
    }
  }

  /// - Parameter groups: the names of the groups a row belongs to; the summary lists them in order of first appearance.
  public init(rows: [Row], groups: (Row) -> [String]) {
    self.rows = rows
    let names = rows.map(groups)
    var order: [String] = []
    for name in names.joined() where !order.contains(name) { order.append(name) }
    summary = order.compactMap { name in
      Group(name, rows: zip(rows, names).filter { $0.1.contains(name) }.map(\.0))
    }
  }
}

/// The q-quantile of sorted values by linear interpolation between order statistics (type 7 of Hyndman and Fan).
func quantile(_ q: Double, of sorted: [Double]) -> Double {
  let place = q * Double(sorted.count - 1)
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
