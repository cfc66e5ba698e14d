import FleetData
import Foundation

/// How numbers are written for people, in every format alike; independent of the machine's locale.
public struct NumberText: Sendable {
  /// ISO code of the plan's currency; `$` is written for US dollars only.
  public var currency: String

  public init(currency: String = "USD") { self.currency = currency }

  /// `1,007,229`, `12.3%`, `$2.10`, `4.1e-18`.
  public func text(_ x: Double, _ format: NumberFormat) -> String {
    guard x.isFinite else { return "n/a" }
    return switch format {
    case .text: JSONNumber.text(JSONNumber.rounded(x))
    case .integer: Self.fixed(x, 0)
    case .decimal1: Self.fixed(x, 1)
    case .decimal2: Self.fixed(x, 2)
    case .decimal3: Self.fixed(x, 3)
    case .significant3: Self.significant(x)
    case .percent: Self.fixed(x * 100, 1) + "%"
    case .dollars: money(x, decimals: 0)
    case .dollarsCents: cents(x)
    case .scientific: String(format: "%.2e", x)
    }
  }

  public func text(_ cell: Cell, _ format: NumberFormat) -> String {
    switch cell {
    case .text(let text): text
    case .number(let x, _): text(x, format)
    case .absent: "n/a"
    }
  }

  /// `$1.26M`, `$24.1k`, `$310`: money in a sentence.
  public func shortMoney(_ x: Double) -> String { PlainNumber.money(x, symbol: symbol) }

  /// `+$24.1k`, `-$3.2M`, `$0`: a change of money.
  public func signedMoney(_ x: Double) -> String {
    if x.magnitude < 0.005 { return "\(symbol)0" }
    return (x > 0 ? "+" : "") + shortMoney(x)
  }

  /// `+2.4%`; a change from nothing has no percentage and reads `new`.
  public static func signedPercent(from base: Double, to candidate: Double) -> String {
    guard base != 0 else { return candidate == 0 ? "0.0%" : "new" }
    let share = (candidate - base) / base.magnitude * 100
    let text = fixed(share, 1)
    return (share > 0 && text != "0.0" ? "+" : "") + (text == "-0.0" ? "0.0" : text) + "%"
  }

  var symbol: String { currency == "USD" ? "$" : currency + " " }

  private func money(_ x: Double, decimals: Int) -> String {
    let digits = Self.fixed(x.magnitude, decimals)
    let isZero = digits.utf8.allSatisfy { "0.,".utf8.contains($0) }
    return (x < 0 && !isZero ? "-" : "") + symbol + digits
  }

  /// Cents, and three significant digits below a cent, so that a price per token never reads $0.00.
  private func cents(_ x: Double) -> String {
    if x == 0 || x.magnitude >= 0.01 { return money(x, decimals: 2) }
    return (x < 0 ? "-" : "") + symbol + Self.significant(x.magnitude)
  }

  static func fixed(_ x: Double, _ decimals: Int) -> String { PlainNumber.fixed(x, decimals) }
  static func significant(_ x: Double) -> String { PlainNumber.significant(x) }
}
