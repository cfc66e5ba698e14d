import FleetData

/// What a cell is, told by its style and by a letter, so that colour is never the only sign.
enum CellKind: String, CaseIterable {
  /// Blue on pale yellow, unlocked: change it and the totals follow.
  case input = "I"
  /// Black: calculated on this sheet.
  case calculation = "C"
  /// Green: taken from another sheet.
  case link = "X"
  /// Grey: a result of the planner that changes only when it is run again.
  case simulator = "S"
  /// Names and notes.
  case label = ""

  var meaning: String {
    switch self {
    case .input: "Input: change it, and every total follows."
    case .calculation: "Calculation on the same sheet."
    case .link: "Taken from another sheet."
    case .simulator: "Result of the planner: changes only when it is run again."
    case .label: "Names and notes."
    }
  }
}

/// One cell: what it holds, and its kind and format where they differ from the column's.
struct SheetCell {
  enum Content {
    case empty
    case text(String)
    case number(Double)
    case live(Live)
    case liveText(LiveText)
    /// Jumps to a sheet of this workbook.
    case jump(sheet: String)
  }
  var content: Content
  var kind: CellKind?
  var format: NumberFormat?

  init(_ content: Content, _ kind: CellKind? = nil, _ format: NumberFormat? = nil) {
    self.content = content
    self.kind = kind
    self.format = format
  }
  static var empty: SheetCell { .init(.empty, .label) }
  static func text(_ text: String) -> SheetCell { .init(.text(text)) }
  static func number(_ x: Double, _ kind: CellKind? = nil, _ format: NumberFormat? = nil) -> SheetCell {
    .init(.number(x), kind, format)
  }
  static func count(_ n: Int) -> SheetCell { .init(.number(Double(n))) }
  static func live(_ live: Live, _ kind: CellKind? = nil, _ format: NumberFormat? = nil) -> SheetCell {
    .init(.live(live), kind, format)
  }
  static func words(_ words: LiveText) -> SheetCell { .init(.liveText(words)) }
  /// A number, or `n/a` where there is none.
  static func optional(_ x: Double?, _ kind: CellKind? = nil) -> SheetCell {
    x.map { .init(.number($0), kind) } ?? .init(.text("n/a"), .label)
  }
}

struct SheetColumn {
  var title: String
  var unit: String
  var kind: CellKind
  var format: NumberFormat
  init(_ title: String, _ kind: CellKind = .label, _ format: NumberFormat = .text, unit: String = "") {
    self.title = title
    self.unit = unit
    self.kind = kind
    self.format = format
  }
  var header: String { unit.isEmpty ? title : "\(title), \(unit)" }
}

/// One sheet as a grid: a title, a note, a header row, a row of kind letters, data rows.
struct Sheet {
  static let headerRow = 3
  static let kindRow = 4
  static let firstRow = 5

  let name: String
  let title: String
  var note: String
  var columns: [SheetColumn]
  var rows: [[SheetCell]] = []
  var charts: [SheetChart] = []
  /// Columns that stay in view.
  var frozenColumns = 1
  var hasFilter = true
  var showsKinds = true
  /// Printed on one page.
  var isOnePage = false
  /// Data columns where numbers above zero are alarming.
  var alarmColumns: [Int] = []

  init(_ name: String, title: String, note: String, columns: [SheetColumn]) {
    self.name = name
    self.title = title
    self.note = note
    self.columns = columns
  }

  mutating func append(_ row: [SheetCell]) {
    precondition(row.count == columns.count, "\(name): a row has one cell for each column")
    rows.append(row)
  }

  /// The cell of data row `row` and a column, with its value.
  func live(_ row: Int, _ column: Int, _ value: Double) -> Live { .closed(reference(row, column), value) }

  /// The sum of a column over data rows.
  func sum(_ column: Int, _ rows: Range<Int>, _ value: Double) -> Live {
    rows.isEmpty ? .literal(0) : .closed("SUM(\(range(column, rows)))", value)
  }

  func reference(_ row: Int, _ column: Int) -> String { "\(name)!\(Self.a1(Self.firstRow + row, column))" }

  func range(_ column: Int, _ rows: Range<Int>) -> String {
    let first = Self.a1(Self.firstRow + rows.lowerBound, column, fixed: true)
    let last = Self.a1(Self.firstRow + rows.upperBound - 1, column, fixed: true)
    return "\(name)!\(first):\(last)"
  }

  /// `B7`, or `$B$7` when fixed.
  static func a1(_ row: Int, _ column: Int, fixed: Bool = false) -> String {
    var letters = ""
    var n = column
    repeat {
      letters = String(UnicodeScalar(UInt8(65 + n % 26))) + letters
      n = n / 26 - 1
    } while n >= 0
    return fixed ? "$\(letters)$\(row + 1)" : "\(letters)\(row + 1)"
  }
}

/// A native chart over columns of a sheet.
struct SheetChart {
  enum Kind { case stackedColumns, columns, line, stackedBars, interval }
  struct Series {
    var column: Int
    var isReference = false
    /// The invisible foot of floating bars.
    var isFoot = false
    /// The colour of another series instead of the next of its own.
    var colour: Int?
  }
  var kind: Kind
  var title: String
  var xTitle: String
  var yTitle: String
  /// The sheet and rows the numbers come from.
  var source: String
  var rows: Range<Int>
  var categories: Int
  var series: [Series]
  /// Where it is placed: the data row of its upper edge, and the left (0) or right (1) half of the page.
  var row: Int
  var side: Int
  var altText: String
  var format: NumberFormat = .integer
  /// Where the axis of values starts; bars start at 0 unless the title of the axis says otherwise, or at `nil` where
  /// they reach below it.
  var axisMinimum: Double? = 0
}
