import Foundation

/// A calculation with its inputs, so that a workbook can show it as live formulas.
///
/// Steps refer to inputs and to earlier steps by key.
public struct LiveModel: Sendable, Hashable, Codable {
  /// A number the reader may change.
  public struct Input: Sendable, Hashable, Codable {
    public var key: String
    public var title: String
    public var value: Double
    public var unit: String
    public var format: NumberFormat
    public init(
      _ key: String, _ title: String, _ value: Double, unit: String = "",
      format: NumberFormat = .significant3
    ) {
      self.key = key
      self.title = title
      self.value = value
      self.unit = unit
      self.format = format
    }
  }

  /// A number that follows from those above it.
  public struct Step: Sendable, Hashable, Codable {
    public var key: String
    public var title: String
    public var expression: LiveExpression
    public var unit: String
    public var format: NumberFormat
    public init(
      _ key: String, _ title: String, _ expression: LiveExpression, unit: String = "",
      format: NumberFormat = .significant3
    ) {
      self.key = key
      self.title = title
      self.expression = expression
      self.unit = unit
      self.format = format
    }
  }

  public var title: String
  public var inputs: [Input]
  public var steps: [Step]
  public init(title: String, inputs: [Input], steps: [Step]) {
    self.title = title
    self.inputs = inputs
    self.steps = steps
  }

  /// Every input and step by key.
  public func values() -> [String: Double] {
    var values: [String: Double] = [:]
    for input in inputs { values[input.key] = input.value }
    for step in steps { values[step.key] = step.expression.value(values) }
    return values
  }
}

/// Arithmetic over named values: `6 * n * d` with `let n: LiveExpression = "n"`.
public indirect enum LiveExpression: Sendable, Hashable, Codable {
  case named(String)
  case number(Double)
  case sum(LiveExpression, LiveExpression)
  case difference(LiveExpression, LiveExpression)
  case product(LiveExpression, LiveExpression)
  case quotient(LiveExpression, LiveExpression)
  case power(LiveExpression, LiveExpression)

  /// The value, given those it refers to.
  public func value(_ values: [String: Double]) -> Double {
    switch self {
    case .named(let key):
      guard let value = values[key] else { preconditionFailure("no earlier value is called \(key)") }
      return value
    case .number(let x): return x
    case .sum(let a, let b): return a.value(values) + b.value(values)
    case .difference(let a, let b): return a.value(values) - b.value(values)
    case .product(let a, let b): return a.value(values) * b.value(values)
    case .quotient(let a, let b): return a.value(values) / b.value(values)
    case .power(let a, let b): return pow(a.value(values), b.value(values))
    }
  }

  public static func + (a: Self, b: Self) -> Self { .sum(a, b) }
  public static func - (a: Self, b: Self) -> Self { .difference(a, b) }
  public static func * (a: Self, b: Self) -> Self { .product(a, b) }
  public static func / (a: Self, b: Self) -> Self { .quotient(a, b) }
}

extension LiveExpression: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral key: String) { self = .named(key) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}
