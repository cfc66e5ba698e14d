/// A number with its unit in the type: `Quantity<Unit>` over `Double`, always in the base SI unit of `Unit`.
///
/// Scaling (GB, hours, kWh, $/M tokens) happens where files are read and where results are shown, nowhere between.
@frozen
public struct Quantity<Unit>: Hashable, Comparable, Sendable, Codable {
  /// The value in base units: seconds, bytes, FLOPs, watts, joules, dollars, tokens.
  public var value: Double

  @inlinable public init(_ value: Double) { self.value = value }
  @inlinable public static var zero: Self { Self(0) }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  @inlinable public static func * (a: Self, k: Double) -> Self { Self(a.value * k) }
  @inlinable public static func * (k: Double, a: Self) -> Self { Self(k * a.value) }
  @inlinable public static func / (a: Self, k: Double) -> Self { Self(a.value / k) }
  /// The ratio of two quantities of one unit is a pure number.
  @inlinable public static func / (a: Self, b: Self) -> Double { a.value / b.value }
  @inlinable public static func += (a: inout Self, b: Self) { a.value += b.value }
  @inlinable public static func -= (a: inout Self, b: Self) { a.value -= b.value }

  /// Encoded as the bare number, so that JSON shows `12.5`, with the unit in the key.
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(Double.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension Quantity: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  @inlinable public init(floatLiteral value: Double) { self.init(value) }
  @inlinable public init(integerLiteral value: Int) { self.init(Double(value)) }
}

extension Quantity: AdditiveArithmetic {}
