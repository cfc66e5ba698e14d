import FleetData

/// Writes blocks one after the other; every block ends with an empty line.
struct MarkdownWriter {
  private(set) var text = ""
  private(set) var pictures: [Markdown.Picture] = []
  let number: NumberText
  private var figures = 0
  private var tables = 0

  /// A report's tables are numbered; one alone is not.
  private let numbersTables: Bool

  init(number: NumberText, numbersTables: Bool = true) {
    self.number = number
    self.numbersTables = numbersTables
  }

  mutating func write(_ report: Report) {
    text += "# \(SafeText.markdown(report.title))\n\n"
    for section in report.sections {
      text += "## \(SafeText.markdown(section.title))\n\n"
      for block in section.blocks { write(block) }
    }
    while text.hasSuffix("\n\n") { text.removeLast() }
  }

  mutating func write(_ block: Report.Block) {
    switch block {
    case .paragraph(let sentence): text += SafeText.markdown(sentence) + "\n\n"
    case .bullets(let items): text += items.map { "- \(SafeText.markdown($0))\n" }.joined() + "\n"
    case .table(let table): write(table)
    case .chart(let chart): write(chart)
    case .details(let summary, let blocks):
      text += "<details>\n<summary>\(SafeText.xml(SafeText.line(summary)))</summary>\n\n"
      for block in blocks { write(block) }
      text += "</details>\n\n"
    case .warning(let sentence): text += "> [!WARNING]\n> \(SafeText.markdown(sentence))\n\n"
    case .code(let code): write(code: code)
    }
  }

  /// A fence longer than any run of backticks inside.
  private mutating func write(code: String) {
    var longest = 0
    var run = 0
    for character in code.unicodeScalars {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
      .map { SafeText.line(String($0), limit: 4000) }
    text += "\(fence)text\n\(lines.joined(separator: "\n"))\n\(fence)\n\n"
  }

  private mutating func write(_ chart: Chart) {
    figures += 1
    var name = SVGChart.fileName(chart)
    if pictures.contains(where: { $0.fileName == name }) { name = "\(figures)-\(name)" }
    pictures.append(.init(fileName: name, svg: SVGChart.render(chart)))
    text += "![\(SafeText.markdown(chart.altText))](\(name))\n\n"
    text += "*F\(figures). \(SafeText.markdown(chart.title)).*\n\n"
  }

  mutating func write(_ table: Table) {
    tables += 1
    text += "**\(numbersTables ? "T\(tables). " : "")\(SafeText.markdown(table.title))**\n\n"
    guard !table.rows.isEmpty else {
      text += "No rows.\n\n"
      return
    }
    text += row(table.columns.map(Self.header))
    text += row(table.columns.map { $0.format == .text ? "---" : "---:" })
    for cells in table.rows {
      text += row(zip(cells, table.columns).map { cell(for: $0, $1) })
    }
    text += "\n"
    let reasons = absences(table)
    for line in [table.note].compactMap({ $0 }) + reasons { text += "*\(SafeText.markdown(line))*\n\n" }
  }

  private static func header(_ column: Table.Column) -> String {
    SafeText.markdownCell(column.unit.isEmpty ? column.title : "\(column.title), \(column.unit)")
  }

  private func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

  private func cell(for cell: Cell, _ column: Table.Column) -> String {
    switch cell {
    case .number(let x, let grade):
      SafeText.markdownCell(number.text(x, column.format)) + (grade == .assumed ? " ᵃ" : "")
    case .text, .absent: SafeText.markdownCell(number.text(cell, column.format))
    }
  }

  /// Why numbers are missing, each reason once, and what the mark of assumed numbers means.
  private func absences(_ table: Table) -> [String] {
    var reasons: [String] = []
    var hasAssumed = false
    for cell in table.rows.joined() {
      switch cell {
      case .absent(let reason): if !reasons.contains(reason) { reasons.append(reason) }
      case .number(_, grade: .assumed?): hasAssumed = true
      default: break
      }
    }
    return reasons.prefix(5).map { "n/a: \($0)." } + (hasAssumed ? ["ᵃ assumed."] : [])
  }
}
