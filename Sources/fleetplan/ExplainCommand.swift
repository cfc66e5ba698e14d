import ArgumentParser
import Reporting

/// `explain PLAN ID`: where one number comes from.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Where one number of a plan comes from: formula, operands, source, grade.",
    discussion: "Example: fleetplan explain out/plan.json services.chat.peak_rate")

  @Argument(help: "A plan.json.") var plan: String
  @Argument(help: "An id: services.chat.growth, months.2027-01.total_cost, pods.us-v5e.price, or a row's id.")
  var id: String
  @OptionGroup var format: FormatOption

  func run() throws {
    let explanation = try Explanation.explain(id, in: try PlanInput.read(plan))
    if format.format == .json {
      Output.text(String(decoding: try CanonicalJSON.encode(explanation), as: UTF8.self))
    } else {
      Output.text(explanation.text)
    }
  }
}
