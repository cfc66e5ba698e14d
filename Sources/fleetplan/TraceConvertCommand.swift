import ArgumentParser
import FleetData
import Ingest

/// `trace convert FILE --to FORMAT`: the same requests in another format, as a stream.
struct TraceConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a trace in another format; what the format cannot hold is named.",
    discussion: "Example: fleetplan trace convert trace.csv --to mooncake --out trace.jsonl"
  )
  @Argument(help: "The trace; - is standard input.") var file: String
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func run() async throws {
    let rejects = try input.rejectFile.map(RejectFile.init)
    defer { rejects?.flush() }
    var options = try input.options()
    options.hashing = false
    try output.write(default: .columns) { emit in
      do {
        let stream = try input.pieces(file, options, rejected: rejects.map { $0.add })
        while let piece = try stream.next() { try emit(piece) }
        TraceInputOptions.report(stream.scan, file)
      } catch let error as TraceError {
        throw TraceInputOptions.exit(error, file)
      }
    }
  }
}
