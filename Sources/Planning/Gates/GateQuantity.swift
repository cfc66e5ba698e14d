/// What a metric measures; a limit must be written in a unit of the same dimension.
public enum GateDimension: String, Sendable {
  case money = "$"
  case share = "%"
  case seconds = "s"
  case watts = "W"
  case kilograms = "kg"
  case grams = "g"
  case count = ""

  /// Example of a limit as it should be written.
  var example: String {
    switch self {
    case .money: "$2.6M"
    case .share: "10%"
    case .seconds: "800ms"
    case .watts: "5MW"
    case .kilograms: "1200kg"
    case .grams: "40g"
    case .count: "0"
    }
  }
}

/// A number with its unit as gates write it: `$2.6M`, `+5%`, `800ms`, `5MW`, `0`; the value is in base units.
struct GateQuantity: Equatable {
  var value: Double
  var dimension: GateDimension

  /// `nil` when the text is not a number with a unit that gates know.
  init?(_ text: String, currency: String) {
    var rest = Substring(text).drop { $0 == " " }
    while rest.last == " " { rest.removeLast() }
    var sign = 1.0
    if let first = rest.first, first == "+" || first == "-" {
      sign = first == "-" ? -1 : 1
      rest = rest.dropFirst()
    }
    let isMoney = rest.hasPrefix("$") ? currency == "USD" : rest.hasPrefix(currency)
    if rest.hasPrefix("$"), !isMoney { return nil }
    if isMoney { rest = rest.dropFirst(rest.hasPrefix("$") ? 1 : currency.count).drop { $0 == " " } }
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "," || $0 == "_") }
    let plain = String(digits.filter { $0 != "," && $0 != "_" })
    guard let first = plain.first, first != ".", let number = Double(plain) else { return nil }
    let unit = rest.dropFirst(digits.count).drop { $0 == " " }
    guard let scaled = Self.scale(String(unit), isMoney: isMoney) else { return nil }
    // Dividing by a whole number keeps 35% and 700ms the nearest doubles to 0.35 and 0.7.
    value = sign * (scaled.factor >= 1 ? number * scaled.factor : number / (1 / scaled.factor).rounded())
    dimension = scaled.dimension
  }

  private static func scale(_ unit: String, isMoney: Bool) -> (factor: Double, dimension: GateDimension)? {
    if isMoney {
      let factors = ["": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9]
      return factors[unit].map { ($0, .money) }
    }
    let units: [String: (Double, GateDimension)] = [
      "": (1, .count), "%": (0.01, .share), "s": (1, .seconds), "ms": (1e-3, .seconds),
      "us": (1e-6, .seconds),
      "min": (60, .seconds), "h": (3600, .seconds), "W": (1, .watts), "kW": (1e3, .watts),
      "MW": (1e6, .watts),
      "GW": (1e9, .watts), "g": (1, .grams), "kg": (1, .kilograms), "t": (1e3, .kilograms),
      "k": (1e3, .count),
      "M": (1e6, .count),
    ]
    return units[unit]
  }
}
