import ArgumentParser
import Workloads

/// The shape of the rate over days, weeks and months.
struct SynthShapeOptions: ParsableArguments {
  @Option(help: "Swing of the day around its mean, 0 to 1.") var diurnal = 0.0
  @Option(help: "Hour of the day (UTC) with the highest rate.") var peakHour = 14.0
  @Option(help: "Rate of weekends as a share of weekdays.") var weekend = 1.0
  @Option(help: "Growth per month in percent.") var growth = 0.0

  func validate() throws {
    guard (0...1).contains(diurnal), weekend >= 0, growth > -100 else {
      throw ValidationError(
        "--diurnal lies between 0 and 1, --weekend is not negative, --growth is above -100")
    }
  }

  var shape: RateShape {
    var shape =
      diurnal > 0 || weekend != 1
      ? RateShape.diurnal(amplitude: diurnal, peakHour: peakHour, weekend: weekend) : RateShape()
    shape.growthPerMonth = growth / 100
    return shape
  }
}

/// Sessions, agents and test-time compute.
struct SynthBehaviourOptions: ParsableArguments {
  @Option(help: "Turns per session on average; context grows from turn to turn.") var turns = 1.0
  @Option(help: "Seconds between an answer and the next question.") var thinkTime = 30.0
  @Option(help: "Model calls per agent task on average, with tool calls between.") var steps = 1.0
  @Option(help: "Branches an agent follows at once.") var branches = 1
  @Option(help: "Seconds a tool takes on average.") var toolTime = 2.0
  @Option(help: "Tokens a tool's result adds, as --input.") var toolTokens = LengthArgument(
    .lognormal(mean: 400, sigma: 1))
  @Option(help: "Dollars per hour of tool time for the environments that tools run in.")
  var environmentPrice = 0.0
  @Option(help: "Thinking tokens per token of answer.") var thinking = 0.0
  @Option(help: "Samples per request: best of N, majority vote.") var samples = 1

  func validate() throws {
    guard turns >= 1, steps >= 1, branches >= 1, samples >= 1, thinkTime >= 0, toolTime >= 0, thinking >= 0,
      environmentPrice >= 0
    else {
      throw ValidationError(
        "--turns, --steps, --branches and --samples are at least 1; times, prices and --thinking not negative"
      )
    }
  }

  var session: SessionRecipe? { turns > 1 ? SessionRecipe(turns: turns, thinkSeconds: thinkTime) : nil }

  var agent: AgentRecipe? {
    guard steps > 1 || branches > 1 else { return nil }
    var agent = AgentRecipe(steps: steps, toolSeconds: toolTime, toolTokens: toolTokens.law)
    agent.branches = branches
    agent.environmentDollarsPerSecond = environmentPrice / 3600
    return agent
  }
}

/// `1000`, `lognormal:1000:0.9`, `pareto:200:1.6:32000`, `constant:512`.
struct LengthArgument: ExpressibleByArgument {
  var law: LengthDistribution

  init(_ law: LengthDistribution) { self.law = law }

  var defaultValueDescription: String {
    switch law {
    case .constant(let tokens): "constant:\(tokens)"
    case .lognormal(let mean, let sigma): "lognormal:\(Int(mean)):\(sigma)"
    case .pareto(let minimum, let alpha, let maximum): "pareto:\(Int(minimum)):\(alpha):\(Int(maximum))"
    case .empirical: "empirical"
    }
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":").map(String.init)
    let numbers = parts.compactMap { Double($0) }
    guard numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    switch (parts.first, numbers.count, parts.count) {
    case (_, 1, 1): law = .lognormal(mean: numbers[0], sigma: 1)
    case ("lognormal", 2, 3): law = .lognormal(mean: numbers[0], sigma: numbers[1])
    case ("pareto", 3, 4): law = .pareto(minimum: numbers[0], alpha: numbers[1], maximum: numbers[2])
    case ("constant", 1, 2): law = .constant(tokens: numbers[0])
    default: return nil
    }
  }
}
