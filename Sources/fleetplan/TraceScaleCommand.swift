import ArgumentParser
import FleetData
import Ingest
import Workloads

/// `trace scale FILE`: the same demand at another rate, or thinking longer.
struct TraceScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Change the rate of a trace, keeping its bursts, or how long its requests think.")
  @Argument(help: "The trace; - is standard input.") var file: String
  @Option(help: "Times as many requests over the same time.") var rate = 1.0
  @Option(help: "Times as many thinking tokens per request.") var thinking = 1.0
  @Option(help: "Share of the output that is thinking, when the trace does not say.") var reasoningShare:
    Double?
  @Option(help: "Samples per request: best of N, majority vote.") var samples = 1
  @Option(name: .customLong("class"), help: "Think longer in this class only; may repeat.") var sloClass:
    [String] = []
  @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func validate() throws {
    guard rate > 0, rate.isFinite else { throw ValidationError("--rate must be above 0") }
    guard thinking >= 0, thinking.isFinite else { throw ValidationError("--thinking must not be negative") }
    guard samples > 0 else { throw ValidationError("--samples must be at least 1") }
    if let reasoningShare, !(0...1).contains(reasoningShare) {
      throw ValidationError("--reasoning-share lies between 0 and 1")
    }
  }

  func run() async throws {
    let reading = try input.read(file)
    var trace = reading.trace.scaled(by: rate, seed: seed)
    if thinking != 1 || samples != 1 {
      var change = TestTimeCompute()
      change.thinking = thinking
      change.reasoningShare = reasoningShare
      change.samples = samples
      change.classes = sloClass
      trace = try Result { () throws(ThinkingError) in try trace.thinking(change) }
        .mapError { ExitError(.badContent, [Self.diagnostic($0)]) }.get()
    }
    try output.write(trace, default: reading.format)
  }

  static func diagnostic(_ error: ThinkingError) -> Diagnostic {
    switch error {
    case .unknownReasoning:
      Diagnostic(
        "the trace does not say which output tokens are thinking",
        help: "give --reasoning-share, for example 0.7")
    case .unknownClass(let name, let known):
      Diagnostic(
        "no request has the class '\(name)'",
        help: known.isEmpty ? "the trace has no classes" : "there are: \(known.joined(separator: ", "))")
    }
  }
}
