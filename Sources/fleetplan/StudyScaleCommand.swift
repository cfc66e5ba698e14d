import ArgumentParser
import Economics
import FleetData
import Planning

/// What an agent does, for one fast agent against many.
struct AgentOptions: ParsableArguments {
  @Option(name: .long, help: "Turns of an agent's task, a number or a range.")
  var agentTurns: RangeArgument = 20
  @Option(name: .long, help: "Tokens an agent begins with, a number or a range.")
  var agentPrompt: RangeArgument = 4000
  @Option(name: .long, help: "Tokens an agent generates per turn, a number or a range.")
  var agentOutput: RangeArgument = 300
  @Option(name: .long, help: "Tokens a tool's result adds, a number or a range.")
  var toolTokens: RangeArgument = 700
  @Option(name: .long, help: "Seconds a tool takes, a number or a range.") var toolSeconds: RangeArgument = 5

  func shape() throws -> AgentShape {
    AgentShape(
      turns: try agentTurns.whole("--agent-turns"), firstTokens: agentPrompt.range,
      outputTokens: agentOutput.range, toolTokens: toolTokens.range, toolSeconds: toolSeconds.range)
  }
}

/// `study scale`: more chips in one instance, or more instances?
struct StudyScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "One instance over 1...N chips against the same chips as replicas.",
    discussion: "Example: fleetplan study scale --model llama-3.1-70b --chip tpu-v5e --weights int8 --kv int8"
  )
  @OptionGroup var about: StudyModel
  @OptionGroup var subject: StudySubject
  @OptionGroup var use: StudyUse
  @Option(parsing: .upToNextOption, help: "More models to set beside it, on every chip and context.")
  var models: [String] = []
  @Option(parsing: .upToNextOption, help: "More chips to set beside it, at their list prices.")
  var chips: [String] = []
  @Option(parsing: .upToNextOption, help: "More prompt lengths in tokens to set beside it.")
  var contexts: [Double] = []
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds, a number or a range; 0 accepts any.")
  var tpotMs: RangeArgument = 50
  @Option(
    help:
      "The longest 99% of users wait for their first token, in milliseconds, a number or a range; 0 accepts any."
  )
  var ttftMs: RangeArgument = 2000
  @Option(name: .long, help: "Squared variation of service times, a number or a range: 1 is exponential.")
  var variation: RangeArgument = 1
  @Option(
    help:
      "Requests per second on all chips together, a number or a range; by default 70% of what the best split serves."
  )
  var rate: RangeArgument?
  @OptionGroup var agent: AgentOptions
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let question = try question()
      return try scaleStudy(question, against: try others(question))
    }
  }

  private func question() throws -> ScaleQuestion {
    var question = try subject.serving(
      about.model, input: about.inputTokens.range, utilization: use.utilization.range, maxChips: maxChips,
      tpotMs: tpotMs)
    question.secondsToFirstToken = try StudySubject.seconds(milliseconds: ttftMs, "--ttft-ms")
    question.serviceVariation = variation.range
    question.requestsPerSecond = rate?.range
    question.agent = try agent.shape()
    return question
  }

  /// Every other combination of model, chip and context.
  private func others(_ first: ScaleQuestion) throws -> [ScaleQuestion] {
    let catalog = try subject.catalog.load()
    var found: [ScaleQuestion] = []
    for model in unique([about.model] + models) {
      for id in unique([subject.chip] + chips) {
        let chip = try catalog.chip(id)
        for context in unique([first.shape.input] + contexts) {
          var question = first
          question.model = try catalog.model(model)
          if id != subject.chip {
            guard let listed = chip.listPriceRange else { throw StudyError.noPrice(chip: id) }
            question.setChip(chip, rent: listed)
          }
          if context != first.shape.input { question.input = InputRange(context) }
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
