import Foundation

/// Numbers in documents carry twelve significant digits: enough for sums to agree to 1e-9, few enough that the last
/// bits of an addition order do not show.
enum JSONNumber {
  static let digits = 12

  /// x rounded to significant decimal digits.
  static func rounded(_ x: Double, _ digits: Int = JSONNumber.digits) -> Double {
    guard x != 0, x.isFinite else { return x == 0 ? 0 : x }
    let exponent = Int(log10(x.magnitude).rounded(.down))
    let shift = digits - 1 - exponent
    if shift >= 0, shift <= 22 { return (x * powers[shift]).rounded() / powers[shift] }
    if shift < 0, -shift <= 22 { return (x / powers[-shift]).rounded() * powers[-shift] }
    return Double(String(format: "%.\(digits - 1)e", x)) ?? x
  }

  /// Whole numbers without a fraction, others in the shortest form that reads back as the same number.
  static func text(_ x: Double) -> String {
    if x == x.rounded(), x.magnitude < 1e15 { return String(Int(x)) }
    return "\(x)"
  }

  /// A number as JSON spells it; `nil` when it is too large.
  static func value(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    if let plain = plain(text) { return plain }
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }

  /// A whole number of at most eighteen digits; `nil` for others.
  static func whole(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard text.count <= 18 else { return nil }
    var digits = 0
    for byte in text where byte != UInt8(ascii: "-") {
      guard byte >= 48, byte <= 57 else { return nil }
      digits = digits * 10 + Int(byte) - 48
    }
    return text[0] == UInt8(ascii: "-") ? -digits : digits
  }

  /// A number of at most fifteen digits without an exponent: exact, for both the digits and the power of ten are.
  private static func plain(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count <= 17 else { return nil }
    let isNegative = text[0] == UInt8(ascii: "-")
    var digits = 0
    var count = 0
    var decimals = 0
    var isFraction = false
    for i in (isNegative ? 1 : 0)..<text.count {
      let byte = text[i]
      if byte == UInt8(ascii: ".") {
        isFraction = true
        continue
      }
      guard byte >= 48, byte <= 57, count < 15 else { return nil }
      digits = digits * 10 + Int(byte) - 48
      count += 1
      if isFraction { decimals += 1 }
    }
    let size = Double(digits) / powers[decimals]
    return isNegative ? -size : size
  }

  private static let powers: [Double] = (0...22).map { Double("1e\($0)")! }
}
