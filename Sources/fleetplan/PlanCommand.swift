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

      Example: fleetplan plan scenario.yaml --out out --set services.chat.peak_rate=2req/s
      """)

  @Argument(help: "The scenario file.") var scenario: String
  @Option(name: .long, help: "The directory that receives the results (default: out).") var out: String?
  @Option(
    name: .long,
    help: "Comma-separated: xlsx, md, json, html, csv, junit, github, focus, summary (default: xlsx,md,json)."
  )
  var format: String?
  @Option(
    name: .customLong("set"), help: "Overrides one value: --set services.chat.growth=8%/month. May repeat.")
  var assignments: [String] = []
  @Option(name: .long, help: "Apply only these named changes of the scenario.") var only: [String] = []
  @Option(name: .long, help: "Leave these named changes out.") var skip: [String] = []
  @Flag(name: .long, help: "Plan the scenario without its changes.") var base = false
  @Flag(name: .long, help: "Say what would be read and written, and stop.") var dryRun = false
  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "When the scenario has changes, also plan it without them and with each alone.")
  var whatIf = true
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var constants: EfficiencyOption

  func run() async throws {
    let formats = try ReportFormat.list(Settings.text(.format, flag: format))
    let out = try Settings.text(.out, flag: out)
    let written = try StudyDocuments.read(scenario: scenario)
    let documents = try changed(written)
    let study = try Study.decode(documents, catalog: try catalog.load())
    try GateCheck(study.scenario).check()
    if dryRun { return describe(study, formats, out, changes: try chosenChanges(written).count) }
    let progress = Progress()
    let plan = try PlanRun(study: study, progress: progress, efficiency: constants.load().inference).plan()
    try ReportFiles(directory: out, say: progress.line).write(plan, formats: formats)
    let chosen = try chosenChanges(written)
    if whatIf, !chosen.isEmpty, plan.verdict.status != .infeasible {
      let comparison = try WhatIfRun(
        documents: (try? assigned(written)) ?? written, changes: chosen, catalog: try catalog.load(),
        progress: progress, efficiency: constants.load().inference
      ).comparison(candidate: plan)
      try ComparisonFiles(directory: out, say: progress.line).write(comparison, formats: formats)
    }
    try RunInfo.write(to: out)
    progress.finish()
    Output.text(plan.verdict.sentence)
    for gate in plan.gates where gate.status != .pass {
      Output.progress("gate \(gate.gate.name): \(gate.status.rawValue): \(gate.detail)")
    }
    try ExitError.check(plan)
  }

  /// The documents with the chosen changes and assignments made, in order.
  private func changed(_ documents: StudyDocuments) throws -> StudyDocuments {
    var result = documents
    for change in try chosenChanges(documents) { result = try result.applying(change) }
    return try assigned(result)
  }

  private func assigned(_ documents: StudyDocuments) throws -> StudyDocuments {
    var result = documents
    for text in assignments { result = try result.applying(try Change.assignment(text)) }
    return result
  }

  private func chosenChanges(_ documents: StudyDocuments) throws -> [Change] {
    let named = try documents.changes()
    for name in only + skip where !named.contains(where: { $0.name == name }) {
      throw ExitError(
        .usage, "the scenario has no change '\(name)'",
        help: suggestion(for: name, among: named.map(\.name)))
    }
    return base ? [] : named.filter { (only.isEmpty || only.contains($0.name)) && !skip.contains($0.name) }
  }

  private func describe(_ study: Study, _ formats: [ReportFormat], _ out: String, changes: Int) {
    let also = whatIf && changes > 0 ? "; then without its \(changes) changes and with each alone" : ""
    let traces = study.traces.map(\.path)
    Output.text(
      "reads: \((study.files + traces).joined(separator: ", "))\nplans: \(study.scenario.services.count) services on "
        + "\(study.scenario.fleet.pods.count) pods over \(study.scenario.horizonMonths) months\(also)\nwrites: "
        + formats.map { "\(out)/\($0.fileName)" }.joined(separator: ", "))
  }
}

extension ExitError {
  /// - Throws: exit 70 when a law of the planner's own does not hold: our bug, whatever else the plan says.
  static func checkLaws(_ plan: Plan) throws {
    let broken = plan.checks.filter { !$0.passed }
    guard !broken.isEmpty else { return }
    throw ExitError(
      .internalError,
      broken.map {
        Diagnostic(
          "this is a bug: \($0.name): \($0.detail)",
          help: "report it with the scenario and `fleetplan doctor`'s output")
      })
  }

  /// The status a finished plan ends its command with: infeasible before gates.
  static func check(_ plan: Plan) throws {
    try checkLaws(plan)
    if plan.verdict.status != .feasible { throw ExitError(.infeasible) }
    if plan.gates.contains(where: GateMode.fails) { throw ExitError(.gateFailed) }
  }
}
