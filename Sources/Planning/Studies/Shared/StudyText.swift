import FleetData
import Foundation

/// Numbers inside a study's sentences.
enum StudyText {
  /// `0.0124`, `3.5`, `1,230`, `1.39T`.
  static func number(_ x: Double) -> String { PlainNumber.spoken(x) }

  /// All digits of a count: `1,048,576`.
  static func whole(_ x: Double) -> String { PlainNumber.fixed(x, 0) }

  /// `$0.42`, `$310`, `$9,300`, `$24.1k`, `$1.26M`, `$3.4B`.
  static func money(_ x: Double) -> String { PlainNumber.money(x) }

  /// A number with its unit, money in front: `$6.3M`, `4.35 req/s`, `$2.74/h`.
  static func quantity(_ x: Double, _ unit: String) -> String {
    if unit.hasPrefix("$") { return money(x) + unit.dropFirst() }
    return unit.isEmpty ? number(x) : "\(number(x)) \(unit)"
  }

  /// `70B`, `1.4T`, `213k`: counts of parameters, tokens and requests.
  static func count(_ x: Double) -> String {
    x >= 999.5 && x < 999.5e3 ? number(x / 1e3) + "k" : number(x)
  }

  static func percent(_ share: Double) -> String { number(share * 100) + " %" }
}
