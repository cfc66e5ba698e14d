/// A table as every format shows it: Markdown, workbook, HTML and CSV are made from the same one.
public struct Table: Sendable, Hashable, Codable {
  public var id: String
  public var title: String
  public var columns: [Column]
  public var rows: [[Cell]]
  public var note: String?

  public struct Column: Sendable, Hashable, Codable {
    public var title: String
    /// Shown in the header: `$`, `s`, `tok/s`; empty for names and counts.
    public var unit: String
    public var format: NumberFormat
    public init(_ title: String, unit: String = "", format: NumberFormat = .text) {
      self.title = title
      self.unit = unit
      self.format = format
    }
  }

  public init(id: String, title: String, columns: [Column], rows: [[Cell]] = [], note: String? = nil) {
    self.id = id
    self.title = title
    self.columns = columns
    self.rows = rows
    self.note = note
  }
}

/// How a column's numbers are written, in every format alike.
public enum NumberFormat: String, Sendable, Hashable, Codable {
  case text, integer, decimal1, decimal2, decimal3, significant3, percent, dollars, dollarsCents, scientific
}

/// One cell. Numbers are already in the column's display unit; a missing number says why.
public enum Cell: Sendable, Hashable, Codable {
  case text(String)
  case number(Double, grade: Grade? = nil)
  /// Shown as `n/a` with the reason beside it; never as 0.
  case absent(reason: String)
}
