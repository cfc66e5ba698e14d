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
    let format = try output.checked(output.to ?? .columns)
    let rejects = try input.rejectFile.map(RejectFile.init)
    var options = try input.options()
    options.hashing = false
    try TraceOutputOptions.sink(output.out) { emit in
      var writer = TraceStreamWriter(format)
      var failure: (any Error)?
      do throws(TraceError) {
        let scan = try TraceReader.scan(path: file, options: options, rejected: rejects.map { $0.add }) {
          batch in
          guard failure == nil else { return }
          do { try writer.write(batch, emit: emit) } catch { failure = error }
        }
        TraceInputOptions.report(scan, file)
      } catch {
        rejects?.flush()
        throw TraceInputOptions.exit(error, file)
      }
      rejects?.flush()
      if let failure { throw failure }
      if !writer.dropped.isEmpty {
        Output.note(
          "warning: \(format.rawValue) cannot hold: \(writer.dropped.joined(separator: ", ")); dropped")
      }
    }
  }
}
