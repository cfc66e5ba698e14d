import FleetData
import Foundation
import Ingest
import Performance
import Planning
import Reporting

/// Plans what a list of named changes asks for, and compares: the bridge, and each change's effect alone.
struct WhatIfRun {
  let documents: StudyDocuments
  let changes: [Change]
  let catalog: Catalog
  let progress: Progress
  var efficiency = EfficiencyTable.builtIn

  /// - Parameter candidate: the plan with all changes, where it is known already.
  func comparison(candidate: Plan? = nil, gates: [Gate] = []) throws -> Comparison {
    let whatIf = try WhatIf(documents, changes: changes)
    let total = whatIf.alone.count + 2
    progress.phase("planning \(changes.count == 1 ? "the change" : "each of \(changes.count) changes") alone")
    let base = try plan(whatIf.base)
    progress.advance("plans for the comparison", done: 1, of: total)
    let after = try candidate ?? plan(whatIf.candidate)
    progress.advance("plans for the comparison", done: 2, of: total)
    var marginals: [PlanComparison.Marginal] = []
    for (i, alone) in whatIf.alone.enumerated() {
      let own = try whatIf.alone.count == 1 ? after : alone.documents.map(plan)
      marginals.append(Self.marginal(alone.row, own))
      progress.advance("plans for the comparison", done: i + 3, of: total)
    }
    let judged = try GateEvaluator(after, baseline: base).results(after.gates.map(\.gate) + gates)
    return try PlanComparison(
      base: base, candidate: after, marginals: marginals, allowDifferentTrace: true
    ).comparison(gates: judged)
  }

  /// A plan that cannot serve its demand has no cost to compare.
  private static func marginal(_ row: Comparison.ChangeRow, _ plan: Plan?) -> PlanComparison.Marginal {
    guard let plan, plan.months.isEmpty else { return .init(row, plan: plan) }
    var row = row
    row.note = "alone: \(plan.verdict.sentence)"
    return .init(row, plan: nil)
  }

  private func plan(_ documents: StudyDocuments) throws -> Plan {
    let study = try Study.decode(documents, catalog: catalog)
    let plan = try PlanRun(study: study, progress: nil, explores: false, efficiency: efficiency).plan()
    return try PlanFile.canonical(plan)
  }
}

/// Writes a comparison beside a plan: `what-if.json`, `what-if.md` with its pictures, `what-if.xlsx`, `what-if.html`.
struct ComparisonFiles {
  let directory: String
  let say: @Sendable (String) -> Void

  func write(_ comparison: Comparison, formats: [ReportFormat]) throws {
    try AtomicFile.createDirectory(directory)
    let report = ComparisonDocument.report(comparison)
    for format in formats {
      switch format {
      case .json: try save("what-if.json", try CanonicalJSON.encode(comparison))
      case .md: try saveMarkdown(report, comparison.currency)
      case .html:
        try save("what-if.html", Array(HTMLPage.render(report, currency: comparison.currency).utf8))
      case .xlsx:
        try AtomicFile.write(to: "\(directory)/what-if.xlsx") { try WhatIfWorkbook.write(comparison, to: $0) }
        say("wrote \(directory)/what-if.xlsx")
      case .csv, .junit, .github, .focus, .summary: break
      }
    }
  }

  private func saveMarkdown(_ report: Report, _ currency: String) throws {
    let document = Markdown.render(report, currency: currency)
    for picture in document.pictures { try save(picture.fileName, Array(picture.svg.utf8)) }
    try save("what-if.md", Array(document.text.utf8))
  }

  private func save(_ name: String, _ bytes: [UInt8]) throws {
    try AtomicFile.write(bytes, to: "\(directory)/\(name)")
    say("wrote \(directory)/\(name)")
  }
}
