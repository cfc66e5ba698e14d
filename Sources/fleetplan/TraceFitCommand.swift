import ArgumentParser
import FleetData
import Foundation
import Ingest
import Workloads

/// `trace fit FILE`: a description from which such requests can be made again.
struct TraceFitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Learn a description of demand from a trace, for trace synth.",
    discussion: "Example: fleetplan trace fit trace.csv")
  @Argument(help: "The trace; - is standard input.") var file: String
  @Option(help: "Requests per bin of the rate over time, at least.") var requestsPerBin = 100
  @Option(help: "Seed of the requests made to say how closely the description fits.") var seed: UInt64 = 1
  @Option(name: [.short, .long], help: "The description written; - is stdout.") var out = "-"
  @OptionGroup var input: TraceInputOptions

  func run() async throws {
    let source = try TraceSource(file, input)
    var sample = TraceSample(of: source.outline)
    let next = try source.pieces()
    while let piece = try next() { sample.add(piece) }
    if sample.share < 1 {
      Output.note(
        "\(file): note: learnt from \(sample.trace.count) of \(source.outline.count) requests, in sixteen stretches"
      )
    }
    guard let learnt = WorkloadRecipe.fit(sample.trace, requestsPerBin: requestsPerBin) else {
      throw ExitError(.badContent, "a description needs at least two requests at different times")
    }
    if !GlobalFlags.current.isQuiet,
      let quality = FitQuality(original: sample.trace, made: learnt.trace(seed: seed))
    {
      Output.note(TraceText.quality(quality, seed: seed))
    }
    let recipe = sample.stretched(learnt)
    let bytes = try Output.jsonBytes(recipe)
    try TraceOutputOptions.sink(out) { emit in try emit(Array(bytes)) }
  }
}
