import Economics
import FleetData

/// What a study found: sentences, tables, pictures, numbers and what they rest on.
public struct StudyResult: Sendable, Hashable {
  /// A number worth quoting, in SI units or the unit beside it.
  public struct Finding: Sendable, Hashable {
    /// `best_usd_per_million_output`.
    public var id: String
    public var value: Double
    public var unit: String
    /// 95 % interval over the ranges of the inputs, where it was sampled.
    public var low: Double?
    public var high: Double?
    public init(_ id: String, _ value: Double, _ unit: String, low: Double? = nil, high: Double? = nil) {
      self.id = id
      self.value = value
      self.unit = unit
      self.low = low
      self.high = high
    }
  }

  /// A value the result rests on, with where it comes from.
  public struct Assumption: Sendable, Hashable {
    public var name: String
    public var value: String
    public var source: String
    public var grade: Grade
    public init(_ name: String, _ value: String, source: String, grade: Grade) {
      self.name = name
      self.value = value
      self.source = source
      self.grade = grade
    }
  }

  /// `scale`, `spend`, `context`, `codesign` or `training`.
  public var id: String
  public var title: String
  /// The answer, most important sentence first.
  public var sentences: [String]
  public var tables: [Table]
  public var charts: [Chart]
  public var findings: [Finding]
  public var assumptions: [Assumption]
  /// How well the figures are known, and what moves each: after the answer, folded where a format can fold.
  public var certainty: [Table]
  /// The closed part of the calculation, for a workbook's live sheet.
  public var live: LiveModel?

  public init(
    id: String, title: String, sentences: [String], tables: [Table], charts: [Chart], findings: [Finding],
    assumptions: [Assumption], certainty: [Table], live: LiveModel? = nil
  ) {
    self.id = id
    self.title = title
    self.sentences = sentences
    self.tables = tables
    self.charts = charts
    self.findings = findings
    self.assumptions = assumptions
    self.certainty = certainty
    self.live = live
  }

  public func finding(_ id: String) -> Finding? { findings.first { $0.id == id } }

  /// The study as a section of a report.
  public var section: Report.Section {
    var blocks: [Report.Block] = [.paragraph(sentences.first ?? "")]
    if sentences.count > 1 { blocks.append(.bullets(Array(sentences.dropFirst()))) }
    blocks += charts.map { .chart($0) }
    blocks += tables.map { .table($0) }
    blocks.append(
      .details(
        summary: "How well this is known, and what it rests on",
        certainty.map { .table($0) } + [.table(assumptionTable)]))
    return Report.Section(title, blocks)
  }

  /// Every table, the answer's first.
  public var allTables: [Table] { tables + certainty + [assumptionTable] }

  public var assumptionTable: Table {
    Table(
      id: "\(id)-assumptions", title: "What this rests on",
      columns: [
        Table.Column("Input"), Table.Column("Value"), Table.Column("Grade"), Table.Column("Source"),
      ],
      rows: assumptions.map {
        [.text($0.name), .text($0.value), .text($0.grade.rawValue), .text($0.source)]
      })
  }
}
