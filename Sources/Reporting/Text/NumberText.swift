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

  /// `$1.26M`, `$24.1k`, `$310`: money in a sentence, three significant digits.
  public func shortMoney(_ x: Double) -> String {
    let sign = x < 0 ? "-" : ""
    let size = x.magnitude
    let scaled: (Double, String) =
      size >= 999.5e6
      ? (size / 1e9, "B")
      : size >= 999.5e3
        ? (size / 1e6, "M")
        : size >= 9999.5 ? (size / 1e3, "k") : (size, "")
    let number = scaled.1.isEmpty ? Self.fixed(scaled.0, size < 100 ? 2 : 0) : Self.significant(scaled.0)
    return sign + symbol + number + scaled.1
  }

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

  /// x with a fixed number of decimals, halves away from zero, thousands separated by commas.
  static func fixed(_ x: Double, _ decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let scaled = (x.magnitude * scale).rounded()
    guard scaled < 9e18 else { return String(format: "%.3e", x) }
    let units = UInt64(scaled)
    let whole = grouped(units / UInt64(scale))
    var text = whole
    if decimals > 0 {
      let fraction = String(units % UInt64(scale))
      text += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
    return (x < 0 && units > 0 ? "-" : "") + text
  }

  /// Three significant digits: `0.00123`, `1.23`, `12.3`, `1,230`; powers of ten outside 1e-4 ... 1e7.
  static func significant(_ x: Double) -> String {
    guard x != 0 else { return "0" }
    if x.magnitude < 1e-4 || x.magnitude >= 1e7 { return String(format: "%.2e", x) }
    let exponent = Int(log10(x.magnitude * (1 + 1e-12)).rounded(.down))
    let decimals = max(0, 2 - exponent)
    let step = pow(10, Double(max(0, exponent - 2)))
    return fixed(
      (x / step).rounded() * step == 0 ? x : (decimals > 0 ? x : (x / step).rounded() * step), decimals)
  }

  private static func grouped(_ n: UInt64) -> String {
    let digits = Array(String(n))
    var out = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return out
  }
}
