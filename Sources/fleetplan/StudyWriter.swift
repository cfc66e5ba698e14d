import FleetData
import Foundation
import Planning
import Reporting

/// A study as text, Markdown and JSON.
struct StudyWriter {
  var result: StudyResult

  func write(_ format: OutputFormat, directory: String?) throws {
    if let directory { try writeFiles(to: directory) }
    switch format {
    case .json: try Output.json(StudyFile(result))
    case .md: Output.text(markdown.text)
    default: Output.text(text)
    }
  }

  private var markdown: Markdown.Document {
    Markdown.render(
      Report(title: result.title, sections: [Report.Section("Answer", result.section.blocks)]))
  }

  private func writeFiles(to directory: String) throws {
    try AtomicFile.createDirectory(directory)
    let document = markdown
    try AtomicFile.write(document.text.utf8, to: directory + "/study.md")
    try AtomicFile.write(Output.jsonBytes(StudyFile(result)), to: directory + "/study.json")
    try AtomicFile.write(to: directory + "/study.xlsx") { path in
      try StudyWorkbook.write(
        title: result.title, sentences: result.sentences, live: result.live,
        tables: result.allTables, to: path)
    }
    for picture in document.pictures {
      try AtomicFile.write(picture.svg.utf8, to: directory + "/" + picture.fileName)
    }
  }

  /// The sentences, then every table in columns.
  private var text: String {
    var blocks = [result.title, result.sentences.joined(separator: "\n")]
    blocks += result.allTables.map(TextTable.render)
    return blocks.joined(separator: "\n\n")
  }
}

/// A table in aligned columns for a terminal.
enum TextTable {
  static func render(_ table: Table) -> String {
    let number = NumberText()
    let head = table.columns.map { $0.unit.isEmpty ? $0.title : "\($0.title) [\($0.unit)]" }
    let rows = table.rows.map { row in zip(row, table.columns).map { number.text($0, $1.format) } }
    let widths = head.indices.map { i in ([head] + rows).map { $0[i].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      zip(zip(cells, widths), table.columns).map { cell, column in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column.format == .text ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ").replacing(/\ +$/, with: "")
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    return ([table.title, line(head), rule] + rows.map(line) + (table.note.map { [$0] } ?? []))
      .joined(separator: "\n")
  }
}
