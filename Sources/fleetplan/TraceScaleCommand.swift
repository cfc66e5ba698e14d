import ArgumentParser
import FleetData
import Ingest
import Workloads

/// `trace scale FILE`: the same demand at another rate, or thinking longer.
struct TraceScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Change the rate of a trace, keeping its bursts, or how long its requests think.",
    discussion: "Example: fleetplan trace scale trace.csv --rate 2 --out double.csv")
  @Argument(help: "The trace; - is standard input.") var file: String
  @Option(help: "Times as many requests over the same time.") var rate = 1.0
  @Option(help: "Times as many thinking tokens per request: 4, or by class: hard=4,easy=1.")
  var thinking = ClassFactors()
  @Option(help: "Share of the output that is thinking, when the trace does not say.") var reasoningShare:
    Double?
  @Option(
    help: "Samples per request: 8, or by class: hard=8. They vote by majority, or --judge picks the best.")
  var samples = ClassFactors()
  @Option(help: "Best of N: this model reads every sample, prompt and answer, and writes one token.")
  var judge: String?
  @Option(name: .customLong("class"), help: "Think longer in this class only; may repeat.") var sloClass:
    [String] = []
  @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func validate() throws {
    guard rate > 0, rate.isFinite else { throw ValidationError("--rate must be above 0") }
    guard samples.all.map({ $0 >= 1 && $0 == $0.rounded() }) ?? true,
      samples.byClass.values.allSatisfy({ $0 >= 1 && $0 == $0.rounded() })
    else { throw ValidationError("--samples takes whole numbers from 1") }
    if let reasoningShare, !(0...1).contains(reasoningShare) {
      throw ValidationError("--reasoning-share lies between 0 and 1")
    }
  }

  func run() async throws {
    let source = try TraceSource(file, input)
    var scaler = RateScaler(by: rate, seed: seed, of: source.outline)
    var thinker = thinking != ClassFactors() || samples != ClassFactors() ? Thinker(change) : nil
    try output.write(default: source.scan.format) { emit in
      let next = try source.pieces()
      while let piece = try next() { try emit(Self.changed(scaler.add(piece), &thinker)) }
      try emit(Self.changed(scaler.finish(), &thinker))
      if let rest = thinker?.finish() { try emit(rest) }
    }
  }

  private static func changed(_ piece: WorkloadTrace, _ thinker: inout Thinker?) throws -> WorkloadTrace {
    guard thinker != nil, piece.count > 0 else { return piece }
    do throws(ThinkingError) {
      return try thinker?.add(piece) ?? piece
    } catch {
      throw ExitError(.badContent, [diagnostic(error)])
    }
  }

  /// Budgets by class; with --class, what is given for all goes to those classes only.
  private var change: TestTimeCompute {
    var change = TestTimeCompute()
    change.reasoningShare = reasoningShare
    change.judge = judge
    let all = TestTimeCompute.Budget(thinking: thinking.all ?? 1, samples: Int(samples.all ?? 1))
    if sloClass.isEmpty { change.budget = all }
    for name in sloClass { change.byClass[name] = all }
    for (name, factor) in thinking.byClass.sorted(by: { $0.key < $1.key }) {
      change.byClass[name, default: all].thinking = factor
    }
    for (name, count) in samples.byClass.sorted(by: { $0.key < $1.key }) {
      change.byClass[name, default: all].samples = Int(count)
    }
    return change
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

/// `4`, or `hard=4,easy=1`, or both: `2,hard=4` gives all other classes 2.
struct ClassFactors: ExpressibleByArgument, Hashable {
  var all: Double?
  var byClass: [String: Double] = [:]

  init() {}

  init?(argument: String) {
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let text = sides.last, let value = Double(text), value >= 0, value < 1e6 else { return nil }
      if sides.count == 1 {
        guard all == nil else { return nil }
        all = value
      } else {
        guard byClass.updateValue(value, forKey: String(sides[0])) == nil else { return nil }
      }
    }
  }

  var defaultValueDescription: String { "1" }
}
