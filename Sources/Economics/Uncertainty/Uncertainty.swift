import FleetData
import Quantities

/// A named input that is not known exactly.
public struct UncertainInput: Sendable, Hashable {
  public var name: String
  public var unit: String
  public var range: InputRange
  public init(_ name: String, unit: String = "", _ range: InputRange) {
    self.name = name
    self.unit = unit
    self.range = range
  }
}

/// What a result becomes when its inputs are ranges.
public struct Uncertainty: Sendable, Hashable {
  /// One input moved from its low to its high bound while all others stay at their base.
  public struct Driver: Sendable, Hashable {
    public var input: UncertainInput
    public var atLow: Double
    public var atHigh: Double
    public var swing: Double { abs(atHigh - atLow) }
  }

  /// The result with every input at its base, and the range that holds 95 % of the samples; widened to the result where
  /// bases stand at the ends of their ranges.
  public var result: Interval
  /// Largest swing first: the bars of a tornado.
  public var drivers: [Driver]

  /// Samples every input independently and runs the model on each sample.
  ///
  /// Each input has a random stream of its own name, so that a range more or less leaves the draws of the others alone.
  /// - Parameters:
  ///   - samples: 2,000 place the bounds within about 1 % of the range.
  ///   - model: takes the inputs in their order.
  /// - Throws: what the model throws.
  public init(
    of inputs: [UncertainInput], seed: UInt64, stream: String, samples: Int = 2000,
    model: ([Double]) throws(EconomicsError) -> Double
  ) throws(EconomicsError) {
    try require(Double(samples), .atLeastOne, "samples")
    let base = inputs.map(\.range.base)
    let value = try model(base)
    guard inputs.contains(where: { !$0.range.isExact }) else {
      result = Interval(value: value, low: value, high: value)
      drivers = []
      return
    }
    var streams = inputs.map { RandomStream(seed, "\(stream)/\($0.name)") }
    var results: [Double] = []
    results.reserveCapacity(samples)
    for _ in 0..<samples {
      var draw = base
      for i in inputs.indices where !inputs[i].range.isExact {
        draw[i] = inputs[i].range.quantile(streams[i].uniform())
      }
      results.append(try model(draw))
    }
    results.sort()
    result = Interval(
      value: value, low: min(value, Self.percentile(0.025, of: results)),
      high: max(value, Self.percentile(0.975, of: results)))
    drivers = try Self.drivers(inputs, model: model)
  }

  /// Each range by itself from end to end; an input that moves nothing is left out.
  private static func drivers(
    _ inputs: [UncertainInput], model: ([Double]) throws(EconomicsError) -> Double
  ) throws(EconomicsError) -> [Driver] {
    let base = inputs.map(\.range.base)
    var drivers: [Driver] = []
    for (i, input) in inputs.enumerated() where !input.range.isExact {
      var moved = base
      moved[i] = input.range.low
      let atLow = try model(moved)
      moved[i] = input.range.high
      let driver = Driver(input: input, atLow: atLow, atHigh: try model(moved))
      if driver.swing > 1e-12 * abs(atLow) { drivers.append(driver) }
    }
    return drivers.sorted { ($0.swing, $1.input.name) > ($1.swing, $0.input.name) }
  }

  /// Linear interpolation between order statistics.
  static func percentile(_ p: Double, of sorted: [Double]) -> Double {
    let position = p * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
