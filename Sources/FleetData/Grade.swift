/// How well a number is known. The grade travels with the number to the table cell that shows it.
public enum Grade: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  case measured, quoted, derived, assumed

  /// The weaker of two grades is the greater: a result is no better known than its weakest operand.
  public static func < (a: Grade, b: Grade) -> Bool { a.rank < b.rank }
  private var rank: Int {
    switch self {
    case .measured: 0
    case .quoted: 1
    case .derived: 2
    case .assumed: 3
    }
  }
}

/// Where a figure comes from.
public struct Provenance: Codable, Hashable, Sendable {
  public var source: String
  /// The date of the figure, as exact as its source gives it: `2025-03-03`, `2026-08`, `2024`.
  public var asOf: String
  public var grade: Grade
  public var note: String?

  public init(source: String, asOf: String, grade: Grade, note: String? = nil) {
    self.source = source
    self.asOf = asOf
    self.grade = grade
    self.note = note
  }
}

/// A value with its provenance.
public struct Figure<Value: Sendable>: Sendable {
  public var value: Value
  public var provenance: Provenance
  public init(_ value: Value, _ provenance: Provenance) {
    self.value = value
    self.provenance = provenance
  }
}

extension Figure: Equatable where Value: Equatable {}
extension Figure: Hashable where Value: Hashable {}
extension Figure: Codable where Value: Codable {}
