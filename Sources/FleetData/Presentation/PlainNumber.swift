import Foundation

/// How numbers are written for people, the same in sentences, tables and pictures; independent of the machine's locale.
public enum PlainNumber {
  /// x with a fixed number of decimals, halves away from zero, thousands separated by commas.
  public static func fixed(_ x: Double, _ decimals: Int) -> String {
    guard x.isFinite else { return "n/a" }
    let scale = pow(10, Double(decimals))
    let scaled = (x.magnitude * scale).rounded()
    guard scaled < 9e18 else { return String(format: "%.3e", x) }
    let units = UInt64(scaled)
    var text = grouped(units / UInt64(scale))
    if decimals > 0 {
      let fraction = String(units % UInt64(scale))
      text += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
    return (x < 0 && units > 0 ? "-" : "") + text
  }

  /// Three significant digits: `0.00123`, `1.23`, `12.3`, `1,230`, `1.23M`; powers of ten outside 1e-4 ... 1e15.
  public static func significant(_ x: Double) -> String {
    guard x.isFinite else { return "n/a" }
    guard x != 0 else { return "0" }
    if x.magnitude < 1e-4 || x.magnitude >= 999.5e12 { return String(format: "%.2e", x) }
    for (scale, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] where x.magnitude >= 0.9995 * scale {
      return significant(x / scale) + letter
    }
    let exponent = Int(log10(x.magnitude * (1 + 1e-12)).rounded(.down))
    guard exponent > 2 else { return fixed(x, 2 - exponent) }
    let step = pow(10, Double(exponent - 2))
    return fixed((x / step).rounded() * step, 0)
  }

  /// Three significant digits in a sentence, no zeros trailing behind the point; below a million a count keeps all its
  /// digits: `0.4`, `3.5`, `1,024`, `1.39T`.
  public static func spoken(_ x: Double) -> String {
    guard x.isFinite, x.magnitude < 999.5e3 else { return trimmed(significant(x)) }
    return x.magnitude >= 999.5 ? fixed(x, 0) : trimmed(significant(x))
  }

  /// Money in a sentence: `$0.42`, `$310`, `$9,300`, `$24.1k`, `$1.26M`, `$3.4B`.
  public static func money(_ x: Double, symbol: String = "$") -> String {
    let size = x.magnitude
    let sign = (x < 0 ? "-" : "") + symbol
    if size < 0.01 { return sign + spoken(size) }
    if size < 99.995 { return sign + fixed(size, 2) }
    if size < 9999.5 { return sign + fixed(size, 0) }
    return sign + (size < 999.5e3 ? spoken(size / 1e3) + "k" : spoken(size))
  }

  /// `1.50M` as `1.5M`, `0.400` as `0.4`.
  private static func trimmed(_ text: String) -> String {
    guard text.contains("."), !text.contains("e") else { return text }
    let letter = text.last.flatMap { $0.isLetter ? String($0) : nil } ?? ""
    let digits = text.dropLast(letter.count)
    return String(digits.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) + letter
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
