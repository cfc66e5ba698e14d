import FleetData

/// How closely the program's own formulas reproduce published figures, case by case.
public struct FormulaVerification: Sendable {
  /// One figure of one case.
  public struct Row: Sendable, Hashable {
    public var id: String
    public var figure: String
    public var computed: Double?
    public var expected: Double
    public var tolerance: Double
    public var source: String
    /// Why nothing was computed.
    public var reason: String?

    /// |computed/expected − 1|, or the computed value itself where zero is expected.
    public var error: Double? {
      computed.map { expected == 0 ? abs($0) : abs($0 / expected - 1) }
    }
    /// Printed figures carry 12 digits, so no case is held to less than 2e-12.
    public var passes: Bool { error.map { $0 <= max(tolerance, 2e-12) } ?? false }
  }

  public var rows: [Row]
  public var total: Int { Set(rows.map(\.id)).count }
  /// Cases of which every figure is within its tolerance.
  public var passed: Int { total - Set(rows.filter { !$0.passes }.map(\.id)).count }

  typealias Solver = (prefix: String, solve: @Sendable (FormulaCase) throws -> [String: [Double]])
  static let solvers: [Solver] =
    LawFormulas.solvers + ServingFormulas.solvers + ReliabilityFormulas.solvers + ShapeFormulas.solvers

  public init(_ cases: [FormulaCase]) {
    rows = cases.flatMap(Self.rows)
  }

  private static func rows(_ c: FormulaCase) -> [Row] {
    var found: [String: [Double]] = [:]
    var reason: String?
    if let solver = solvers.first(where: { c.id.hasPrefix($0.prefix) }) {
      do { found = try solver.solve(c) } catch { reason = "\(error)" }
    } else {
      reason = "no formula answers this case"
    }
    return c.expected.sorted { $0.key < $1.key }.flatMap { name, value in
      value.numbers.enumerated().map { i, expected in
        let computed = found[name].flatMap { i < $0.count ? $0[i] : nil }
        return Row(
          id: c.id, figure: value.numbers.count > 1 ? "\(name)[\(i)]" : name, computed: computed,
          expected: expected, tolerance: c.relativeTolerance, source: c.source,
          reason: computed == nil ? reason ?? "not computed" : nil)
      }
    }
  }

  public var sentence: String {
    "\(passed) of \(total) cases reproduced within their tolerance (\(rows.count { $0.passes }) of \(rows.count) figures)."
  }

  public var table: Table {
    Table(
      id: "formulas", title: "Closed formulas against published and independently computed figures",
      columns: [
        Table.Column("Case"), Table.Column("Figure"), Table.Column("Computed", format: .scientific),
        Table.Column("Expected", format: .scientific), Table.Column("Error", format: .scientific),
        Table.Column("Tolerance", format: .scientific), Table.Column("Verdict"), Table.Column("Source"),
      ],
      rows: rows.map { row in
        let none = Cell.absent(reason: row.reason ?? "not computed")
        return [
          .text(row.id), .text(row.figure), row.computed.map { .number($0, grade: .derived) } ?? none,
          .number(row.expected, grade: .quoted), row.error.map { .number($0) } ?? none,
          .number(row.tolerance), .text(row.passes ? "pass" : "FAIL"), .text(row.source),
        ]
      })
  }
}
