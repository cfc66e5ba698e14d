import FleetData

/// A kind of quantity as people write it: the units it may carry, each with its size in base units.
public struct Dimension: Sendable {
  public var name: String
  public var example: String
  /// What a value reads in after parsing: `W`, `s`, `$/chip.s`.
  public var base: String
  /// Units in the order they are suggested.
  public var units: [(symbol: String, scale: Double)]
  /// Written with `$` in front.
  public var isMoney = false
  /// May be written with no unit at all.
  public var allowsBare = false

  /// Reads `5MW`, `$1.20/chip.h`, `75%`, `1_000`.
  /// - Throws: a `Diagnostic` without a place, which the caller adds.
  public func parse(_ text: String) throws(Diagnostic) -> Double {
    var rest = Substring(text.trimmed)
    let isNegative = rest.hasPrefix("-")
    if isNegative { rest = rest.dropFirst() }
    if isMoney {
      guard rest.hasPrefix("$") else {
        throw wrong(text, "money needs its currency")
      }
      rest = rest.dropFirst()
    }
    let digits = rest.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    guard let number = Double(digits.filter { $0 != "_" }) else { throw wrong(text, "not a number") }
    rest = rest.dropFirst(digits.count)
    if let exponent = exponent(in: rest) {
      rest = rest.dropFirst(exponent.length)
      return try scaled(number * exponent.factor, unit: rest, text, isNegative)
    }
    return try scaled(number, unit: rest, text, isNegative)
  }

  private func scaled(
    _ number: Double, unit: Substring, _ text: String, _ isNegative: Bool
  ) throws(Diagnostic) -> Double {
    let symbol = String(unit).trimmed
    let sign: Double = isNegative ? -1 : 1
    if symbol.isEmpty, allowsBare { return sign * number }
    guard let match = units.first(where: { $0.symbol == symbol }) else {
      throw wrong(text, symbol.isEmpty ? "a unit is missing" : "wrong unit")
    }
    return sign * number * match.scale
  }

  /// `e9` or `e-12` directly after the digits; a unit that starts with e is not one.
  private func exponent(in rest: Substring) -> (length: Int, factor: Double)? {
    guard let first = rest.first, first == "e" || first == "E" else { return nil }
    var body = rest.dropFirst()
    var length = 1
    if let sign = body.first, sign == "+" || sign == "-" {
      length += 1
      body = body.dropFirst()
    }
    let digits = body.prefix { $0.isNumber }
    guard !digits.isEmpty, let factor = Double("1" + rest.prefix(length + digits.count)) else { return nil }
    return (length + digits.count, factor)
  }

  private func wrong(_ text: String, _ why: String) -> Diagnostic {
    let symbols = units.map(\.symbol).filter { !$0.isEmpty }.prefix(8).joined(separator: ", ")
    return Diagnostic(
      why, found: "'\(text)'", expected: "\(name) such as \(example)",
      help: symbols.isEmpty ? nil : "units here: \(symbols)")
  }
}

extension String {
  var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view = view.dropFirst() }
    while view.last?.isWhitespace == true { view = view.dropLast() }
    return String(view)
  }
}
