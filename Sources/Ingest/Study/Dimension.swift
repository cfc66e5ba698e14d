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

  /// Reads `5MW`, `$1.20/chip.h`, `EUR 1.10/chip.h`, `75%`, `1_000`.
  /// - Parameter rates: dollars for one unit of each other currency, by ISO code.
  /// - Throws: a `Diagnostic` without a place, which the caller adds.
  public func parse(_ text: String, rates: [String: Double] = [:]) throws(Diagnostic) -> Double {
    var rest = Substring(text.trimmed)
    let isNegative = rest.hasPrefix("-")
    if isNegative { rest = rest.dropFirst() }
    let rate = isMoney ? try rate(&rest, rates, text) : 1
    let digits = rest.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    guard let amount = Double(digits.filter { $0 != "_" }) else { throw wrong(text, "not a number") }
    let number = amount * rate
    rest = rest.dropFirst(digits.count)
    if let exponent = exponent(in: rest) {
      rest = rest.dropFirst(exponent.length)
      return try scaled(number * exponent.factor, unit: rest, text, isNegative)
    }
    return try scaled(number, unit: rest, text, isNegative)
  }

  /// Passes the currency of an amount. - Returns: dollars for one unit of it.
  private func rate(
    _ rest: inout Substring, _ rates: [String: Double], _ text: String
  ) throws(Diagnostic) -> Double {
    if rest.hasPrefix("$") {
      rest = rest.dropFirst()
      return 1
    }
    let code = String(rest.prefix(3))
    guard Self.isCurrency(code) else { throw wrong(text, "money needs its currency") }
    rest = rest.dropFirst(3).drop { $0 == " " }
    if code == "USD" { return 1 }
    guard let rate = rates[code] else {
      throw Diagnostic(
        "no exchange rate for \(code)", found: "'\(text)'", expected: "dollars, or a rate in the fleet",
        help: "add fx: {\(code): $1.00} to the fleet, with the dollars that one \(code) costs")
    }
    return rate
  }

  /// Three capital letters, as ISO 4217 writes currencies.
  static func isCurrency(_ code: String) -> Bool {
    code.utf8.count == 3 && code.utf8.allSatisfy { $0 >= 65 && $0 <= 90 }
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
