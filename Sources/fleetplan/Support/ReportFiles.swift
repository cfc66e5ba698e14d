import FleetData
import Foundation
import Reporting

/// A format that a plan can be written in.
enum ReportFormat: String, CaseIterable {
  case xlsx, md, json, html, csv, junit, github, focus, summary

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
            help: suggestion(for: String(name), among: all))
        ])
    }
  }
}

extension ReportFormat {
  /// The name of the format's file in a directory of reports.
  var fileName: String {
    switch self {
    case .xlsx: "plan.xlsx"
    case .md: "report.md"
    case .json: "plan.json"
    case .html: "report.html"
    case .csv: "costs.csv"
    case .junit: "gates.junit.xml"
    case .github: "gates.github.txt"
    case .focus: "costs.focus.csv"
    case .summary: "summary.md"
    }
  }

  /// The format as text, for stdout; a workbook has none.
  func text(_ plan: Plan) throws -> String {
    switch self {
    case .xlsx: ""
    case .md: Markdown.render(plan).text
    case .json: String(decoding: try PlanFile.encode(plan), as: UTF8.self)
    case .html: HTMLPage.render(plan)
    case .csv: CSV.costs(plan)
    case .junit: JUnit.render(plan)
    case .github: GitHubAnnotations.render(plan)
    case .focus: FocusCSV.render(plan)
    case .summary: JobSummary.render(plan)
    }
  }
}

/// Writes a plan's reports into a directory, each whole or not at all.
struct ReportFiles {
  let directory: String
  let say: @Sendable (String) -> Void

  /// - Parameter isSaved: the plan was read from its file.
  func write(_ plan: Plan, formats: [ReportFormat], isSaved: Bool = false) throws {
    try AtomicFile.createDirectory(directory)
    // Formats are functions of the file, so that re-rendering a saved plan gives the same bytes.
    let canonical = try isSaved ? plan : PlanFile.canonical(plan)
    for format in formats {
      switch format {
      case .json: try save("plan.json", try PlanFile.encode(canonical))
      case .md: try saveMarkdown(canonical)
      case .xlsx:
        try AtomicFile.write(to: "\(directory)/plan.xlsx") { try CapacityWorkbook.write(canonical, to: $0) }
        say("wrote \(directory)/plan.xlsx")
      case .csv:
        try save("deployments.csv", Array(CSV.deployments(canonical).utf8))
        try save("costs.csv", Array(CSV.costs(canonical).utf8))
      case .html, .junit, .github, .focus, .summary:
        try save(format.fileName, Array(try format.text(canonical).utf8))
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
