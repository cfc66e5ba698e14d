import ArgumentParser
import FleetData
import Ingest
import Planning
import Reporting

/// `diff BASE CANDIDATE`: what changes between two plans, and why; `diff SCENARIO` plans both sides itself.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two saved plans, or a scenario with and without its changes.",
    discussion: """
      With one argument, a scenario: it is planned without its changes, with all of them, and with each alone, so that \
      the bridge has a step for every change and one for their interaction. Gates of the candidate are judged again \
      with the baseline known to delta(…). Exit 99 when one of severity error fails, after the report is written.

      Example: fleetplan diff base/plan.json out/plan.json --format pr-comment
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable {
    case md, json, html, xlsx, prComment = "pr-comment"
  }

  @Argument(help: "The plan to compare with, or a scenario with changes.") var base: String
  @Argument(help: "The plan that is judged.") var candidate: String?
  @Option(name: .long, help: "md, json, html, pr-comment or xlsx (a workbook, with --out FILE).") var format:
    Form = .md
  @Option(name: .long, help: "The file to write; stdout without it.") var out: String?
  @Option(
    name: .customLong("change"),
    help: "NAME=PLAN: a plan with one named change alone, for the bridge. May repeat.")
  var changes: [String] = []
  @Option(
    name: .customLong("gate"), help: "A further gate: --gate 'delta(cost.month.total) <= +5%'. May repeat.")
  var gates: [String] = []
  @Option(name: .long, help: "In a comment: a smaller change of the mean month reads as none, in money.")
  var minDelta = 0.0
  @Flag(name: .long, help: "Compare plans that were made from different traces.") var allowDifferentTrace =
    false
  @Option(name: .long, help: "enforce: exit 99 when a gate fails; warn: say so; off: do not judge.")
  var gateMode: GateMode?
  @OptionGroup var catalog: CatalogOption

  func run() throws {
    if format == .xlsx, out == nil {
      throw ExitError(.usage, "a workbook needs a file", help: "give --out what-if.xlsx")
    }
    let mode = try GateMode.chosen(gateMode)
    var result = try candidate.map { try saved($0, mode) } ?? planned()
    if mode == .off { result.gates = [] }
    try write(result)
    try GateMode.end(result.gates, mode: mode)
  }

  private func saved(_ candidate: String, _ mode: GateMode) throws -> Comparison {
    let (before, after) = try PlanInput.read(base, candidate)
    let comparison = try PlanComparison(
      base: before, candidate: after, marginals: try changes.map(marginal),
      allowDifferentTrace: allowDifferentTrace)
    let results =
      try mode == .off
      ? [] : GateEvaluator(after, baseline: before).results(after.gates.map(\.gate) + extra)
    return comparison.comparison(gates: results)
  }

  private func planned() throws -> Comparison {
    guard !base.hasSuffix(".json") else {
      throw ExitError(
        .usage, "there is nothing to compare with", help: "give two plans, or a scenario with `changes:`")
    }
    let documents = try StudyDocuments.read(scenario: base)
    let named = try documents.changes()
    guard !named.isEmpty else {
      throw ExitError(
        .usage, "the scenario has no changes", help: "add `changes:` to it, or give two saved plans")
    }
    let progress = Progress()
    defer { progress.finish() }
    return try WhatIfRun(
      documents: documents, changes: named, catalog: try catalog.load(), progress: progress
    ).comparison(gates: extra)
  }

  private var extra: [Gate] {
    gates.enumerated().map { Gate(name: "--gate \($0.offset + 1)", expression: $0.element) }
  }

  private func marginal(_ text: String) throws -> PlanComparison.Marginal {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw ExitError(
        .usage, "--change needs a name and a plan", help: "--change cheaper-chips=cheaper.plan.json")
    }
    return .init(.init(name: parts[0]), plan: try PlanInput.read(parts[1]))
  }

  private func write(_ comparison: Comparison) throws {
    if format == .xlsx, let out {
      return try AtomicFile.write(to: out) { try WhatIfWorkbook.write(comparison, to: $0) }
    }
    let text = try text(comparison)
    guard let out else { return Output.text(text) }
    try AtomicFile.write(Array(text.utf8), to: out)
    guard format == .md else { return }
    let folder = out.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    for picture in Markdown.render(ComparisonDocument.report(comparison), currency: comparison.currency)
      .pictures
    {
      try AtomicFile.write(
        Array(picture.svg.utf8), to: folder.isEmpty ? picture.fileName : "\(folder)/\(picture.fileName)")
    }
  }

  private func text(_ comparison: Comparison) throws -> String {
    let report = ComparisonDocument.report(comparison)
    return switch format {
    case .md: Markdown.render(report, currency: comparison.currency).text
    case .json: String(decoding: try CanonicalJSON.encode(comparison), as: UTF8.self)
    case .html: HTMLPage.render(report, currency: comparison.currency)
    case .prComment:
      PullRequestComment.render(
        comparison, name: comparison.candidate.name, smallest: minDelta,
        command: "fleetplan diff \(candidate == nil ? base : "BASE CANDIDATE")")
    case .xlsx: ""
    }
  }
}
