import ArgumentParser
import FleetData
import Ingest
import Workloads

/// `trace merge FILE…`: several traces as one.
struct TraceMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join traces in order of arrival; the order of the files does not matter.",
    discussion: "Example: fleetplan trace merge trace.csv more.csv --out both.csv"
  )
  @Argument(help: "The traces.") var files: [String]
  @Flag(help: "The files are parts of one trace: equal prefix blocks are the same.") var sharedBlocks = false
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func run() async throws {
    let readings = try files.map { try input.read($0) }
    let merged = try Result { () throws(MergeError) in
      try WorkloadTrace.merge(readings.map(\.trace), sharingBlocks: sharedBlocks)
    }.mapError { ExitError(.badContent, [Self.diagnostic($0)]) }.get()
    let formats = Set(readings.map(\.format.rawValue))
    try output.write(merged, default: formats.count == 1 ? readings[0].format : .columns)
  }

  static func diagnostic(_ error: MergeError) -> Diagnostic {
    switch error {
    case .mixedClocks:
      Diagnostic(
        "some of the traces have dates and others count from zero",
        help: "slice or convert them to one kind of clock")
    case .differentBlocks(let sizes):
      Diagnostic(
        "prefix blocks of different sizes cannot be joined",
        found: sizes.map(String.init).joined(separator: ", "))
    }
  }
}
