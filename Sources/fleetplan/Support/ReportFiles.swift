import FleetData
import Foundation
import Reporting

/// A format that a plan can be written in.
enum ReportFormat: String, CaseIterable {
  case xlsx, md, json

  /// Reads `xlsx,md,json`.
  static func list(_ text: String) throws -> [ReportFormat] {
    try text.split(separator: ",").map { name in
      if let format = ReportFormat(rawValue: name.trimmingCharacters(in: .whitespaces)) { return format }
      let all = allCases.map(\.rawValue)
      throw ExitError(
        .usage,
        [
          Diagnostic(
            "unknown report format", found: "'\(name)'", expected: all.joined(separator: ", "),
            help: nearest(to: String(name), among: all).map { "did you mean '\($0)'?" })
        ])
    }
  }
}

/// Writes a plan's reports into a directory, each whole or not at all.
struct ReportFiles {
  let directory: String
  let say: @Sendable (String) -> Void

  func write(_ plan: Plan, formats: [ReportFormat]) throws {
    try AtomicFile.createDirectory(directory)
    // Formats are functions of the file, so that re-rendering a saved plan gives the same bytes.
    let canonical = try PlanFile.canonical(plan)
    for format in formats {
      switch format {
      case .json: try save("plan.json", try PlanFile.encode(canonical))
      case .md: try saveMarkdown(canonical)
      case .xlsx:
        try AtomicFile.write(to: "\(directory)/plan.xlsx") { try CapacityWorkbook.write(canonical, to: $0) }
        say("wrote \(directory)/plan.xlsx")
      }
    }
  }

  private func saveMarkdown(_ plan: Plan) throws {
    let document = Markdown.render(plan)
    for picture in document.pictures { try save(picture.fileName, Array(picture.svg.utf8)) }
    try save("report.md", Array(document.text.utf8))
  }

  private func save(_ name: String, _ bytes: [UInt8]) throws {
    try AtomicFile.write(bytes, to: "\(directory)/\(name)")
    say("wrote \(directory)/\(name)")
  }
}
