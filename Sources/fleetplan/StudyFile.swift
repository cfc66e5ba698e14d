import FleetData
import Planning

/// `study/1`: a study as JSON, numbers as numbers.
struct StudyFile: Encodable {
  var schema = "study/1"
  var id: String
  var title: String
  var sentences: [String]
  var findings: [String: Finding]
  var tables: [Sheet]
  var charts: [Chart]
  var assumptions: [Assumption]

  struct Finding: Encodable {
    var value: Double
    var unit: String
    var low: Double?
    var high: Double?
  }

  struct Assumption: Encodable {
    var name: String
    var value: String
    var source: String
    var grade: String
  }

  struct Sheet: Encodable {
    struct Column: Encodable {
      var title: String
      var unit: String
    }
    /// A number, a text, or null where there is nothing to show.
    enum Value: Encodable {
      case number(Double)
      case text(String)
      case nothing
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let x): try container.encode(x)
        case .text(let text): try container.encode(text)
        case .nothing: try container.encodeNil()
        }
      }
    }
    var id: String
    var title: String
    var columns: [Column]
    var rows: [[Value]]
    var note: String?
  }

  init(_ result: StudyResult) {
    id = result.id
    title = result.title
    sentences = result.sentences
    findings = Dictionary(
      result.findings.map { ($0.id, Finding(value: $0.value, unit: $0.unit, low: $0.low, high: $0.high)) },
      uniquingKeysWith: { first, _ in first })
    tables = (result.tables + result.certainty).map(Sheet.init)
    charts = result.charts
    assumptions = result.assumptions.map {
      Assumption(name: $0.name, value: $0.value, source: $0.source, grade: $0.grade.rawValue)
    }
  }
}

extension StudyFile.Sheet {
  init(_ table: Table) {
    id = table.id
    title = table.title
    columns = table.columns.map { Column(title: $0.title, unit: $0.unit) }
    rows = table.rows.map { row in
      row.map { cell in
        switch cell {
        case .text(let text): .text(text)
        case .number(let x, _): x.isFinite ? .number(x) : .nothing
        case .absent: .nothing
        }
      }
    }
    note = table.note
  }
}
