import Economics
import FleetData
import Performance
import Quantities

/// "Is it better to put more chips into one instance, or to run more instances?"
public struct ScaleQuestion: Sendable {
  public var model: TransformerSpec
  public var chip: ChipSpec
  public var weights: Precision
  public var kv: Precision
  public var shape: RequestShape
  /// The largest instance looked at; a power of two.
  public var maxChips: Int
  public var usdPerChipHour: InputRange
  /// Share of the paid hours in which the chips work at the batch they were planned for.
  public var utilization: InputRange
  /// The slowest token a user accepts; `nil` accepts any speed.
  public var secondsPerToken: Double?
  /// The longest that 99 % of users wait for their first token: the queue before the slots and the prefill; `nil` bounds
  /// neither.
  public var secondsToFirstToken: Double?
  /// Squared coefficient of variation of a request's time in its slot: 1 is exponential.
  public var serviceVariation: Double
  /// Demand on all chips together; `nil` takes 70 % of what the best split serves.
  public var requestsPerSecond: Double?
  /// What an agent's task looks like, for one fast agent against many.
  public var agent: AgentShape
  /// How far the request's lengths may lie from `shape`; `nil` takes them as known.
  public var inputRange: InputRange?
  public var outputRange: InputRange?
  public var efficiency: EfficiencyTable
  public var seed: UInt64

  public init(
    model: TransformerSpec, chip: ChipSpec, weights: Precision = .bf16, kv: Precision = .bf16,
    shape: RequestShape = RequestShape(input: 2000, output: 500), maxChips: Int = 64,
    usdPerChipHour: InputRange, utilization: InputRange = .halfUsed, secondsPerToken: Double? = 0.05,
    secondsToFirstToken: Double? = nil, serviceVariation: Double = 1, requestsPerSecond: Double? = nil,
    agent: AgentShape = AgentShape(), inputRange: InputRange? = nil, outputRange: InputRange? = nil,
    efficiency: EfficiencyTable = .builtIn, seed: UInt64 = 1
  ) {
    self.model = model
    self.chip = chip
    self.weights = weights
    self.kv = kv
    self.shape = shape
    self.maxChips = maxChips
    self.usdPerChipHour = usdPerChipHour
    self.utilization = utilization
    self.secondsPerToken = secondsPerToken
    self.secondsToFirstToken = secondsToFirstToken
    self.serviceVariation = serviceVariation
    self.requestsPerSecond = requestsPerSecond
    self.agent = agent
    self.inputRange = inputRange
    self.outputRange = outputRange
    self.efficiency = efficiency
    self.seed = seed
  }

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

  private func validate() throws(StudyError) {
    guard maxChips >= 1, maxChips & (maxChips - 1) == 0 else {
      throw .invalid(what: "chips", found: "\(maxChips)", expected: "a power of two")
    }
    guard shape.input >= 0, shape.output >= 1 else {
      throw .invalid(
        what: "request", found: "\(shape.input) in, \(shape.output) out",
        expected: "at least one output token")
    }
    guard usdPerChipHour.low >= 0 else {
      throw .invalid(what: "price per chip-hour", found: "\(usdPerChipHour.low)", expected: "0 or more")
    }
    guard serviceVariation >= 0, (secondsToFirstToken ?? 1) > 0, (secondsPerToken ?? 1) > 0 else {
      throw .invalid(
        what: "service levels",
        found: "first token \(secondsToFirstToken ?? 0) s, token \(secondsPerToken ?? 0) s, "
          + "variation \(serviceVariation)", expected: "times above 0, a variation of 0 or more")
    }
    guard (inputRange?.low ?? 0) >= 0, (outputRange?.low ?? 1) >= 1 else {
      throw .invalid(
        what: "request", found: "\(inputRange?.low ?? 0) in, \(outputRange?.low ?? 1) out",
        expected: "at least one output token")
    }
    guard utilization.low > 0, utilization.high <= 1 else {
      throw .invalid(
        what: "utilisation", found: "\(utilization.low)..\(utilization.high)", expected: "above 0 and up to 1"
      )
    }
  }
}

/// The task of an agent: turns of generating, and of waiting for a tool whose result joins the context.
public struct AgentShape: Sendable, Hashable {
  public var turns: Int
  public var firstTokens: Double
  public var outputTokens: Double
  public var toolTokens: Double
  public var toolSeconds: Double
  public init(
    turns: Int = 20, firstTokens: Double = 4000, outputTokens: Double = 300, toolTokens: Double = 700,
    toolSeconds: Double = 5
  ) {
    self.turns = turns
    self.firstTokens = firstTokens
    self.outputTokens = outputTokens
    self.toolTokens = toolTokens
    self.toolSeconds = toolSeconds
  }
}

extension InputRange {
  /// Assumed where no utilisation is given: fleets that follow a day's demand are busy 40 to 80 % of the time.
  public static var halfUsed: InputRange {
    var range = InputRange(0.6)
    range.low = 0.4
    range.high = 0.8
    return range
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
    return try? InputRange(low: min(base, all.min() ?? base), base: base, high: all.max() ?? base)
  }
}
