import ArgumentParser
import FleetData
import Foundation
import Ingest
import Workloads

/// `trace fit FILE`: a description from which such requests can be made again.
struct TraceFitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Learn a description of demand from a trace, for trace synth.")
  @Argument(help: "The trace; - is standard input.") var file: String
  @Option(help: "Requests per bin of the rate over time, at least.") var requestsPerBin = 100
  @Option(name: [.short, .long], help: "The description written; - is stdout.") var out = "-"
  @OptionGroup var input: TraceInputOptions

  func run() async throws {
    let trace = try input.read(file).trace
    guard let recipe = WorkloadRecipe.fit(trace, requestsPerBin: requestsPerBin) else {
      throw ExitError(.badContent, "a description needs at least two requests at different times")
    }
    if !trace.sessions.isEmpty {
      Output.progress("note: sessions are described by their requests, not as sessions")
    }
    if !trace.blockOffsets.isEmpty { Output.progress("note: prefix blocks are not part of the description") }
    let bytes = try Output.jsonBytes(recipe)
    try TraceOutputOptions.sink(out) { emit in try emit(Array(bytes)) }
  }
}
