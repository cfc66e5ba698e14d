import ArgumentParser
import FleetData
import Foundation
import Ingest
import Workloads

/// `trace synth`: requests made from a description, or from a few numbers.
struct TraceSynthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Make a trace: clients with bursts and daily shape, sessions, agents, thinking.",
    discussion: "Example: fleetplan trace synth --rate 5 --duration 600 --seed 7 --out made.csv")
  @Option(help: "A description as trace fit writes it; replaces the options on clients, lengths and shape.")
  var recipe: String?
  @Option(help: "A folder of ServeGen clients (chunk-N-trace.csv, chunk-N-dataset.json), scaled to --rate.")
  var servegen: String?
  @Option(help: "Requests per second on average.") var rate = 1.0
  @Option(help: "How long: 1h, 7d, 90s.") var duration = SpanArgument(seconds: 3600)
  @Option(help: "Seconds since 1970 of the start.") var start = WorkloadRecipe.defaultStart
  @Option(help: "Clients; their rates fall off as 1/rank.") var clients = 1
  @Option(help: "Law of the gaps: poisson, gamma or weibull.") var arrivals = ArrivalLaw.gamma
  @Option(help: "Coefficient of variation of the gaps of one client.") var cv = 1.0
  @Option(help: "Input tokens: MEAN, lognormal:MEAN:SIGMA, pareto:MIN:ALPHA:MAX or constant:N.")
  var input = LengthArgument(.lognormal(mean: 1000, sigma: 1))
  @Option(help: "Output tokens, in the same forms.") var output = LengthArgument(
    .lognormal(mean: 250, sigma: 0.8))
  @Option(help: "Rank correlation of input and output lengths.") var correlation = 0.0
  @Option(help: "Name of the model or service.") var service: String?
  @OptionGroup var shape: SynthShapeOptions
  @OptionGroup var behaviour: SynthBehaviourOptions
  @Option(help: "Seed of all random choices.") var seed: UInt64 = 1
  @OptionGroup var target: TraceOutputOptions

  func validate() throws {
    guard rate > 0, duration.seconds > 0, clients > 0, cv > 0 else {
      throw ValidationError("--rate, --duration, --clients and --cv must be above 0")
    }
    guard (-1...1).contains(correlation) else { throw ValidationError("--correlation lies between -1 and 1") }
  }

  func run() async throws {
    var description = try recipe.map(Self.read) ?? servegen.map(serveGen) ?? fromOptions()
    if behaviour.thinking > 0 {
      for i in description.clients.indices {
        description.clients[i].thinking = ThinkingRecipe(
          tokensPerAnswerToken: behaviour.thinking, samples: behaviour.samples)
      }
    }
    let made = description.made(seed: seed)
    let trace = made.trace
    guard trace.count > 0 else {
      throw ExitError(.badContent, "the description makes no request", help: "raise --rate or --duration")
    }
    if made.toolSeconds > 0 {
      let dollars = (made.environmentDollars * 100).rounded() / 100
      Output.note(
        "tools ran \(TraceText.number(made.toolSeconds / 3600)) h"
          + (dollars > 0 ? "; their environments cost $\(dollars) beside serving" : ""))
    }
    try target.write(default: .columns) { emit in try emit(trace) }
  }

  private func fromOptions() -> WorkloadRecipe {
    let weights = (1...clients).map { 1 / Double($0) }
    let total = weights.reduce(0, +)
    let all = weights.enumerated().map { i, weight in
      var client = ClientRecipe(
        name: "client-\(i + 1)", ratePerSecond: rate * weight / total, input: input.law, output: output.law)
      client.service = service
      client.renewal = arrivals.renewal(cv: cv)
      client.correlation = correlation
      client.shape = shape.shape
      client.session = behaviour.session
      client.agent = behaviour.agent
      if behaviour.samples > 1 {
        client.thinking = ThinkingRecipe(tokensPerAnswerToken: 0, samples: behaviour.samples)
      }
      return client
    }
    return WorkloadRecipe(durationSeconds: duration.seconds, start: start, clients: all)
  }

  private func serveGen(_ folder: String) throws -> WorkloadRecipe {
    do throws(TraceError) {
      let clients = try ServeGenReader.read(folder: folder)
      return WorkloadRecipe(clients, durationSeconds: duration.seconds, ratePerSecond: rate)
    } catch {
      throw TraceInputOptions.exit(error, folder)
    }
  }

  static func read(_ path: String) throws -> WorkloadRecipe {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExitError(.inputMissing, "no such description '\(path)'")
    }
    do {
      return try JSONDecoder().decode(WorkloadRecipe.self, from: data)
    } catch {
      throw ExitError(
        .badContent, [Diagnostic("not a description of demand", at: .init(file: path), found: "\(error)")])
    }
  }
}

enum ArrivalLaw: String, ExpressibleByArgument, CaseIterable {
  case poisson, gamma, weibull

  func renewal(cv: Double) -> Renewal {
    switch self {
    case .poisson: .poisson
    case .gamma: .gamma(cv: cv)
    case .weibull: .weibull(cv: cv)
    }
  }
}
