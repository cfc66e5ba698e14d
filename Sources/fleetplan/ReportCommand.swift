import ArgumentParser
import FleetData
import Reporting

/// `report PLAN`: every format again from a saved plan, without simulating.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render a saved plan again, in any format, without simulating.",
    discussion: """
      With --out every format goes to its file there; without it one format goes to stdout.

      Example: fleetplan report out/plan.json --format html,csv --out out
      """)

  @Argument(help: "A plan.json.") var plan: String
  @Option(name: .long, help: "The directory that receives the files.") var out: String?
  @Option(
    name: .long,
    help: "Comma-separated: xlsx, md, json, html, csv, junit, github, focus, summary. Only xlsx needs --out.")
  var format = "md"

  func run() throws {
    let formats = try ReportFormat.list(format)
    let loaded = try PlanInput.read(plan)
    if let out {
      try ReportFiles(directory: out, say: Progress().line).write(
        loaded, formats: formats, isSaved: true)
      return
    }
    guard formats.count == 1, let one = formats.first, one != .xlsx else {
      throw ExitError(.usage, "several formats and workbooks need a directory", help: "give --out DIR")
    }
    Output.text(try one.text(loaded))
  }
}
