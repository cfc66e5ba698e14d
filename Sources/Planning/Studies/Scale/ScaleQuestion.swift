import Economics
import FleetData
import Performance
import Quantities

/// "Is it better to put more chips into one instance, or to run more instances?"
///
/// Every number may be a range: the answer is for its base, the interval for its whole.
public struct ScaleQuestion: Sendable {
  public var model: TransformerSpec
  public var chip: ChipSpec
  public var weights: Precision
  public var kv: Precision
  /// Tokens of a request.
  public var input: InputRange
  public var output: InputRange
  /// The largest instance looked at; a power of two.
  public var maxChips: Int
  /// What a chip-hour is rented for.
  public var rent: InputRange
  /// In place of the rent, for chips that are bought.
  public var ownership: ChipOwnership?
  /// Share of the paid hours in which the chips work at the batch they were planned for.
  public var utilization: InputRange
  /// The slowest token a user accepts; `nil` accepts any speed.
  public var secondsPerToken: InputRange?
  /// The longest that 99 % of users wait for their first token: the queue before the slots and the prefill; `nil` bounds
  /// neither.
  public var secondsToFirstToken: InputRange?
  /// Squared coefficient of variation of a request's time in its slot: 1 is exponential.
  public var serviceVariation: InputRange
  /// Demand on all chips together; `nil` takes 70 % of what the best split serves.
  public var requestsPerSecond: InputRange?
  /// What an agent's task looks like, for one fast agent against many.
  public var agent: AgentShape
  /// Times of decode steps and of prefill over what is predicted: the band of the chip's measured rows.
  public var decodeFactor: InputRange
  public var prefillFactor: InputRange
  public var efficiency: EfficiencyTable
  public var seed: UInt64

  public init(
    model: TransformerSpec, chip: ChipSpec, weights: Precision = .bf16, kv: Precision = .bf16,
    input: InputRange = InputRange(2000), output: InputRange = InputRange(500), maxChips: Int = 64,
    rent: InputRange, ownership: ChipOwnership? = nil, utilization: InputRange = .halfUsed,
    secondsPerToken: InputRange? = InputRange(0.05), secondsToFirstToken: InputRange? = nil,
    serviceVariation: InputRange = InputRange(1), requestsPerSecond: InputRange? = nil,
    agent: AgentShape = AgentShape(), efficiency: EfficiencyTable = .builtIn, seed: UInt64 = 1
  ) {
    self.model = model
    self.chip = chip
    self.weights = weights
    self.kv = kv
    self.input = input
    self.output = output
    self.maxChips = maxChips
    self.rent = rent
    self.ownership = ownership
    self.utilization = utilization
    self.secondsPerToken = secondsPerToken
    self.secondsToFirstToken = secondsToFirstToken
    self.serviceVariation = serviceVariation
    self.requestsPerSecond = requestsPerSecond
    self.agent = agent
    decodeFactor = InputRange(1)
    prefillFactor = InputRange(1)
    self.efficiency = efficiency
    self.seed = seed
    takeBands()
  }

  /// Another chip, with the bands of its own measurements.
  public mutating func setChip(_ chip: ChipSpec, rent: InputRange) {
    self.chip = chip
    self.rent = rent
    ownership = nil
    takeBands()
  }

  /// Step times move within the band that holds 80 % of the measured rows the chip's constants were fitted to (±30 % for
  /// chips without measurements).
  private mutating func takeBands() {
    let entry = efficiency.entry(for: chip)
    decodeFactor = InputRange(1, plusOrMinus: entry.decodeBand ?? 0.3)
    prefillFactor = InputRange(1, plusOrMinus: entry.prefillBand ?? 0.3)
  }

  /// The request at the base of its ranges.
  public var shape: RequestShape { RequestShape(input: input.base, output: output.base) }

  /// Dollars per chip-hour, rented or owned.
  public var usdPerChipHour: InputRange { ownership?.usdPerChipHour ?? rent }

  /// Parameters that work on each token.
  public var activeParameters: Double { ModelCounts(model).activeParameters }

  /// What fits, smallest slice first.
  func candidates() throws(StudyError) -> [ReplicaProfile] {
    try validate()
    let pod = SliceTopology.standard(chips: maxChips, on: chip)
    let found = profiles(
      for: model, on: chip, pod: pod, weights: weights, kv: kv, context: Int(shape.fullContext),
      maxChips: maxChips, efficiency: efficiency, maxSequences: 512)
    guard !found.isEmpty else {
      throw .fitsNowhere(model: model.id, chip: chip.id, largest: maxChips)
    }
    return found
  }

  func validate() throws(StudyError) {
    guard maxChips >= 1, maxChips & (maxChips - 1) == 0 else {
      throw .invalid(what: "chips", found: "\(maxChips)", expected: "a power of two")
    }
    try input.check("prompt tokens per request", .nonNegative)
    try output.check("generated tokens per request", .atLeastOne)
    try rent.check("price per chip-hour", .nonNegative)
    try ownership?.check()
    try utilization.check("utilisation", .positiveShare)
    try secondsPerToken?.check("seconds per token that users accept", .positive)
    try secondsToFirstToken?.check("seconds to the first token that users accept", .positive)
    try serviceVariation.check("variation of service times", .nonNegative)
    try requestsPerSecond?.check("requests per second", .positive)
    try agent.check()
  }
}

extension ScaleQuestion: RangedQuestion {
  var inputs: [StudyInput<ScaleQuestion>] { servingInputs + queueInputs + agentInputs }

  /// What the cost of serving depends on.
  var servingInputs: [StudyInput<ScaleQuestion>] {
    var inputs: [StudyInput<ScaleQuestion>] = [
      StudyInput("utilisation", \.utilization),
      StudyInput("decode step", unit: "× predicted", \.decodeFactor),
      StudyInput("prefill", unit: "× predicted", \.prefillFactor),
      StudyInput("prompt", unit: "tokens", \.input), StudyInput("answer", unit: "tokens", \.output),
    ]
    if secondsPerToken != nil {
      inputs.append(StudyInput("token time users accept", unit: "ms", scale: 1000, \.secondsPerToken!))
    }
    guard ownership != nil else { return [StudyInput("price", unit: "$/chip.h", \.rent)] + inputs }
    return ChipOwnership.inputs.map { $0.within(\.ownership!) } + inputs
  }

  private var queueInputs: [StudyInput<ScaleQuestion>] {
    var inputs = [StudyInput<ScaleQuestion>("variation of service times", \.serviceVariation)]
    if secondsToFirstToken != nil {
      inputs.append(StudyInput("wait users accept", unit: "ms", scale: 1000, \.secondsToFirstToken!))
    }
    if requestsPerSecond != nil { inputs.append(StudyInput("demand", unit: "req/s", \.requestsPerSecond!)) }
    return inputs
  }

  private var agentInputs: [StudyInput<ScaleQuestion>] {
    [
      StudyInput("agent's turns", \.agent.turns),
      StudyInput("agent's first prompt", unit: "tokens", \.agent.firstTokens),
      StudyInput("agent's output per turn", unit: "tokens", \.agent.outputTokens),
      StudyInput("tool's result", unit: "tokens", \.agent.toolTokens),
      StudyInput("tool call", unit: "s", \.agent.toolSeconds),
    ]
  }
}

/// The task of an agent: turns of generating, and of waiting for a tool whose result joins the context.
public struct AgentShape: Sendable, Hashable {
  /// Whole turns; a drawn number is rounded.
  public var turns: InputRange
  public var firstTokens: InputRange
  public var outputTokens: InputRange
  public var toolTokens: InputRange
  public var toolSeconds: InputRange
  public init(
    turns: InputRange = InputRange(20), firstTokens: InputRange = InputRange(4000),
    outputTokens: InputRange = InputRange(300), toolTokens: InputRange = InputRange(700),
    toolSeconds: InputRange = InputRange(5)
  ) {
    self.turns = turns
    self.firstTokens = firstTokens
    self.outputTokens = outputTokens
    self.toolTokens = toolTokens
    self.toolSeconds = toolSeconds
  }

  func check() throws(StudyError) {
    try turns.check("turns of an agent", .atLeastOne)
    try firstTokens.check("tokens an agent begins with", .nonNegative)
    try outputTokens.check("tokens an agent generates per turn", .atLeastOne)
    try toolTokens.check("tokens a tool's result adds", .nonNegative)
    try toolSeconds.check("seconds a tool takes", .nonNegative)
  }

  /// The task at the base of its ranges.
  var task: AgentTask {
    get throws(EconomicsError) {
      try AgentTask(
        turns: turns.count, firstTokens: firstTokens.base, outputTokens: outputTokens.base,
        toolTokens: toolTokens.base, toolSeconds: toolSeconds.base)
    }
  }
}

extension InputRange {
  /// Assumed where no utilisation is given: fleets that follow a day's demand are busy 40 to 80 % of the time.
  public static let halfUsed = InputRange(0.6, from: 0.4, to: 0.8)

  /// Refuses a range any of whose numbers makes no sense.
  func check(_ quantity: String, _ requirement: Requirement) throws(StudyError) {
    try economics { () throws(EconomicsError) in
      try require(low, requirement, quantity)
      try require(high, requirement, quantity)
    }
  }
}

extension ChipSpec {
  /// List prices of this chip per hour: the cheapest on-demand price, down to the cheapest commitment and up to the
  /// dearest on-demand one; `nil` when the catalog has none.
  public var listPriceRange: InputRange? {
    let perHour = Seconds.hour.value
    let onDemand = listPrices.compactMap { $0.onDemand.map { $0.value * perHour } }
    let committed = listPrices.flatMap { [$0.commit1Year, $0.commit3Year] }.compactMap {
      $0.map { $0.value * perHour }
    }
    guard let base = onDemand.min() ?? committed.min() else { return nil }
    let all = onDemand + committed
    return InputRange(base, from: all.min() ?? base, to: all.max() ?? base)
  }
}
