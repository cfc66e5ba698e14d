import ArgumentParser
import FleetData
import Planning
import Reporting

/// `check PLAN`: gates only, for CI jobs.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Judge the gates of a saved plan.",
    discussion: """
      Exit 0 when every gate of severity error holds, 99 when one fails, 65 when one cannot be read.

      Example: fleetplan check out/plan.json --gate 'cost.month.total <= $2.6M'
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json, junit, github }

  @Argument(help: "A plan.json.") var plan: String
  @Option(name: .long, help: "The plan that delta(…) compares with.") var baseline: String?
  @Option(name: .customLong("gate"), help: "A further gate: --gate 'cost.month.total <= $2.6M'. May repeat.")
  var gates: [String] = []
  @Flag(name: .long, help: "Judge only the gates given with --gate.") var onlyGiven = false
  @Option(name: .long, help: "text, json, junit or github.") var format: Form = .text
  @Option(name: .long, help: "enforce: exit 99 when a gate fails; warn: say so; off: exit 0.")
  var gateMode: GateMode?

  func run() throws {
    var loaded = try PlanInput.read(plan)
    let before = try baseline.map { try PlanInput.read($0) }
    let given = gates.enumerated().map { Gate(name: "--gate \($0.offset + 1)", expression: $0.element) }
    let all = (onlyGiven ? [] : loaded.gates.map(\.gate)) + given
    loaded.gates = try GateEvaluator(loaded, baseline: before).results(all)
    switch format {
    case .text: Output.text(Markdown.table(PlanDocument.gateTable(loaded), currency: loaded.currency))
    case .json:
      Output.text(String(decoding: try CanonicalJSON.encode(GateList(gates: loaded.gates)), as: UTF8.self))
    case .junit: Output.text(JUnit.render(loaded))
    case .github: Output.text(GitHubAnnotations.render(loaded))
    }
    try ExitError.checkLaws(loaded)
    try GateMode.end(loaded.gates, mode: try GateMode.chosen(gateMode))
  }

  private struct GateList: Encodable {
    var schema = "gates/1"
    var gates: [Plan.GateResult]
  }
}
