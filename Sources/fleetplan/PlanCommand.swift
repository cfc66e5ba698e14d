import ArgumentParser
import FleetData
import Foundation
import Ingest
import Planning
import Reporting

/// `plan SCENARIO`: the main job, from files to files.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Make a capacity plan: workbook, Markdown report, plan.json.",
    discussion: """
      Exit codes: 0 planned and every gate passed; 98 no plan meets the hard limits (the report names the binding one); \
      99 a gate failed; 64-78 something is wrong with the command or its inputs. Reports are written before a gate fails.
      """)

  @Argument(help: "The scenario file.") var scenario: String
  @Option(name: .long, help: "The directory that receives the results.") var out = "out"
  @Option(name: .long, help: "Comma-separated: xlsx, md, json, html, csv, junit, github.")
  var format = "xlsx,md,json"
  @Option(
    name: .customLong("set"), help: "Overrides one value: --set services.chat.growth=8%/month. May repeat.")
  var assignments: [String] = []
  @Option(name: .long, help: "Apply only these named changes of the scenario.") var only: [String] = []
  @Option(name: .long, help: "Leave these named changes out.") var skip: [String] = []
  @Flag(name: .long, help: "Plan the scenario without its changes.") var base = false
  @Flag(name: .long, help: "Say what would be read and written, and stop.") var dryRun = false
  @Flag(name: .shortAndLong, help: "No progress on stderr.") var quiet = false
  @OptionGroup var catalog: CatalogOption

  func run() async throws {
    let formats = try ReportFormat.list(format)
    let written = try StudyDocuments.read(scenario: scenario)
    let documents = try changed(written)
    let study = try Study.decode(documents, catalog: try catalog.load())
    try GateCheck(study.scenario).check()
    if dryRun { return describe(study, formats) }
    let isQuiet = quiet
    let say: @Sendable (String) -> Void = { line in
      if !isQuiet { Output.progress("fleetplan: \(line)") }
    }
    let plan = try PlanRun(study: study, say: say).plan()
    try ReportFiles(directory: out, say: say).write(plan, formats: formats)
    Output.text(plan.verdict.sentence)
    for gate in plan.gates where gate.status != .pass {
      Output.progress("gate \(gate.gate.name): \(gate.status.rawValue): \(gate.detail)")
    }
    try ExitError.check(plan)
  }

  /// The documents with the chosen changes and assignments made, in order.
  private func changed(_ documents: StudyDocuments) throws -> StudyDocuments {
    let named = try documents.changes()
    for name in only + skip where !named.contains(where: { $0.name == name }) {
      throw ExitError(
        .usage, "the scenario has no change '\(name)'",
        help: nearest(to: name, among: named.map(\.name)).map { "did you mean '\($0)'?" })
    }
    let chosen =
      base ? [] : named.filter { (only.isEmpty || only.contains($0.name)) && !skip.contains($0.name) }
    var result = documents
    for change in chosen + (try assignments.map { try Change.assignment($0) }) {
      result = try result.applying(change)
    }
    return result
  }

  private func describe(_ study: Study, _ formats: [ReportFormat]) {
    let traces = study.scenario.services.compactMap(\.trace).map { Study.resolve($0, in: study.directory) }
    Output.text(
      "reads: \((study.files + traces).joined(separator: ", "))\nplans: \(study.scenario.services.count) services on "
        + "\(study.scenario.fleet.pods.count) pods over \(study.scenario.horizonMonths) months\nwrites: \(out)/"
        + formats.map(\.rawValue).joined(separator: ", "))
  }
}

extension ExitError {
  /// The status a finished plan ends its command with: infeasible before gates.
  static func check(_ plan: Plan) throws {
    if plan.checks.contains(where: { !$0.passed }) {
      let broken = plan.checks.filter { !$0.passed }.map {
        Diagnostic("this is a bug: \($0.name): \($0.detail)")
      }
      throw ExitError(.internalError, broken)
    }
    if plan.verdict.status != .feasible { throw ExitError(.infeasible) }
    let failed = plan.gates.filter { $0.status == .fail && $0.gate.severity == .error }
    if !failed.isEmpty { throw ExitError(.gateFailed) }
  }
}
