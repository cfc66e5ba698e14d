import Quantities

/// A number that is known between two bounds: drawn from a triangle that peaks at `base`.
public struct InputRange: Sendable, Hashable, Codable {
  public var low: Double
  public var base: Double
  public var high: Double

  /// - Throws: unless low ≤ base ≤ high and all are finite.
  public init(low: Double, base: Double, high: Double) throws(EconomicsError) {
    guard low <= base, base <= high, low.isFinite, high.isFinite else {
      throw .outOfRange(
        quantity: "range \(low)..\(base)..\(high)", value: base, expected: "low <= base <= high")
    }
    self.low = low
    self.base = base
    self.high = high
  }

  /// A number known exactly.
  public init(_ value: Double) {
    low = value
    base = value
    high = value
  }

  /// `base` with whatever lies about it: bounds on the wrong side are drawn to the base.
  public init(_ base: Double, from low: Double, to high: Double) {
    self.low = min(low, base)
    self.base = base
    self.high = max(high, base)
  }

  /// `value` ± a share of it.
  public init(_ value: Double, plusOrMinus share: Double) {
    self.init(value, from: value - abs(value) * share, to: value + abs(value) * share)
  }

  public var isExact: Bool { low == high }

  /// The base as a count.
  public var count: Int { Int(base.rounded()) }

  /// The same range in another unit.
  public func scaled(by factor: Double) -> InputRange {
    InputRange(base * factor, from: min(low * factor, high * factor), to: max(low * factor, high * factor))
  }

  /// The same range with nothing above a limit.
  public func capped(at limit: Double) -> InputRange {
    InputRange(min(base, limit), from: min(low, limit), to: min(high, limit))
  }

  /// The value below which a share u of the triangle lies.
  ///
  ///     x = low + √(u·(high−low)(base−low))          for u below the peak's share,
  ///     x = high − √((1−u)·(high−low)(high−base))    above
  public func quantile(_ u: Double) -> Double {
    guard high > low else { return base }
    let width = high - low
    let peak = (base - low) / width
    return u < peak
      ? low + (u * width * (base - low)).squareRoot()
      : high - ((1 - u) * width * (high - base)).squareRoot()
  }
}
