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

  /// The result with every input at its base, and the range that holds 95 % of the samples.
  public var result: Interval
  /// Largest swing first: the bars of a tornado.
  public var drivers: [Driver]

  /// Samples every input independently and runs the model on each sample.
  ///
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
    var random = RandomStream(seed, stream)
    var results: [Double] = []
    results.reserveCapacity(samples)
    for _ in 0..<samples {
      let draw = inputs.map { $0.range.quantile(random.uniform()) }
      results.append(try model(draw))
    }
    results.sort()
    result = Interval(
      value: value, low: Self.percentile(0.025, of: results), high: Self.percentile(0.975, of: results))
    var drivers: [Driver] = []
    for (i, input) in inputs.enumerated() where !input.range.isExact {
      var moved = base
      moved[i] = input.range.low
      let atLow = try model(moved)
      moved[i] = input.range.high
      drivers.append(Driver(input: input, atLow: atLow, atHigh: try model(moved)))
    }
    self.drivers = drivers.sorted { ($0.swing, $1.input.name) > ($1.swing, $0.input.name) }
  }

  /// Linear interpolation between order statistics.
  static func percentile(_ p: Double, of sorted: [Double]) -> Double {
    let position = p * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
