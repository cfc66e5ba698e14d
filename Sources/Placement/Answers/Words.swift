import Foundation

/// Numbers as sentences show them: three significant digits, a unit that fits.
enum Words {
  static func number(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let digits = max(0, 2 - Int(log10(value.magnitude).rounded(.down)))
    var text = String(format: "%.\(min(digits, 9))f", value)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }

  static func seconds(_ value: Double) -> String {
    value < 1 ? "\(number(value * 1000)) ms" : "\(number(value)) s"
  }

  static func watts(_ value: Double) -> String {
    switch value.magnitude {
    case 1e6...: "\(number(value / 1e6)) MW"
    case 1e3...: "\(number(value / 1e3)) kW"
    default: "\(number(value)) W"
    }
  }

  /// Dollars, in millions or thousands where large.
  static func dollars(_ value: Double) -> String {
    switch value.magnitude {
    case 1e6...: "$\(number(value / 1e6))M"
    case 1e3...: "$\(number(value / 1e3))k"
    default: "$\(number(value))"
    }
  }
}
