import ArgumentParser
import Economics
import FleetData
import Planning

/// What an agent does, for one fast agent against many.
struct AgentOptions: ParsableArguments {
  @Option(name: .long, help: "Turns of an agent's task.") var agentTurns = 20
  @Option(name: .long, help: "Tokens an agent begins with.") var agentPrompt = 4000.0
  @Option(name: .long, help: "Tokens an agent generates per turn.") var agentOutput = 300.0
  @Option(name: .long, help: "Tokens a tool's result adds.") var toolTokens = 700.0
  @Option(name: .long, help: "Seconds a tool takes.") var toolSeconds = 5.0

  var shape: AgentShape {
    AgentShape(
      turns: agentTurns, firstTokens: agentPrompt, outputTokens: agentOutput, toolTokens: toolTokens,
      toolSeconds: toolSeconds)
  }
}

/// `study scale`: more chips in one instance, or more instances?
struct StudyScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "One instance over 1...N chips against the same chips as replicas.",
    discussion: "Example: fleetplan study scale --model llama-3.1-70b --chip tpu-v5e --weights int8 --kv int8"
  )
  @OptionGroup var subject: StudySubject
  @Option(parsing: .upToNextOption, help: "More models to set beside it, on every chip and context.")
  var models: [String] = []
  @Option(parsing: .upToNextOption, help: "More chips to set beside it, at their list prices.")
  var chips: [String] = []
  @Option(parsing: .upToNextOption, help: "More prompt lengths in tokens to set beside it.")
  var contexts: [Double] = []
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(help: "The longest 99% of users wait for their first token, in milliseconds; 0 accepts any.")
  var ttftMs = 2000.0
  @Option(name: .long, help: "Squared variation of service times: 1 is exponential.") var variation = 1.0
  @Option(help: "Requests per second on all chips together; by default 70% of what the best split serves.")
  var rate: Double?
  @OptionGroup var agent: AgentOptions
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let question = try question()
      return try scaleStudy(question, against: try others(question))
    }
  }

  private func question() throws -> ScaleQuestion {
    var question = try subject.serving(maxChips: maxChips, tpotMs: tpotMs)
    if let rate, rate <= 0 {
      throw StudyError.invalid(what: "--rate", found: "\(rate)", expected: "more than 0 requests per second")
    }
    question.secondsToFirstToken = try StudySubject.seconds(milliseconds: ttftMs, "--ttft-ms")
    question.serviceVariation = variation
    question.requestsPerSecond = rate
    question.agent = agent.shape
    return question
  }

  /// Every other combination of model, chip and context.
  private func others(_ first: ScaleQuestion) throws -> [ScaleQuestion] {
    let catalog = try subject.catalog.load()
    var found: [ScaleQuestion] = []
    for model in unique([subject.model] + models) {
      for id in unique([subject.chip] + chips) {
        let chip = try catalog.chip(id)
        for context in unique([first.shape.input] + contexts) {
          var question = first
          question.model = try catalog.model(model)
          question.chip = chip
          if id != subject.chip {
            guard let listed = chip.listPriceRange else { throw StudyError.noPrice(chip: id) }
            question.usdPerChipHour = listed
          }
          if context != first.shape.input {
            question.shape.input = context
            question.inputRange = nil
          }
          found.append(question)
        }
      }
    }
    return Array(found.dropFirst())
  }

  private func unique<T: Equatable>(_ items: [T]) -> [T] {
    items.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
