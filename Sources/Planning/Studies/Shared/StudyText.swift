import Foundation

/// Numbers inside a study's sentences.
enum StudyText {
  /// Three significant digits without an exponent where that reads well: `0.0124`, `3.5`, `1,230`, `1.2e+12`.
  static func number(_ x: Double) -> String {
    guard x.isFinite else { return "n/a" }
    let size = x.magnitude
    if size == 0 { return "0" }
    if size < 1e-3 || size >= 1e7 { return String(format: "%.2e", x) }
    if size >= 1000 { return grouped(x) }
    let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
    let text = String(format: "%.\(decimals)f", x)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }

  /// `$0.42`, `$310`, `$24.1k`, `$1.26M`, `$3.4B`.
  static func money(_ x: Double) -> String {
    let size = x.magnitude
    let sign = x < 0 ? "-" : ""
    if size < 1 { return "\(sign)$" + (size < 0.01 ? number(size) : String(format: "%.2f", size)) }
    if size < 1000 { return sign + "$" + (size < 100 ? String(format: "%.2f", size) : number(size)) }
    for (scale, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")] where size >= scale {
      return "\(sign)$" + number(size / scale) + letter
    }
    return sign + "$" + number(size)
  }

  /// `70B`, `1.4T`, `8.03B`: counts of parameters and tokens.
  static func count(_ x: Double) -> String {
    for (scale, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")] where x >= scale {
      return x >= 1e15 ? String(format: "%.2e", x) : number(x / scale) + letter
    }
    return number(x)
  }

  static func percent(_ share: Double) -> String { number(share * 100) + " %" }

  private static func grouped(_ x: Double) -> String {
    var digits = String(format: "%.0f", x.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (x < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
