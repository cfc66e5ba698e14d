import Foundation

/// Numbers in documents carry twelve significant digits: enough for sums to agree to 1e-9, few enough that the last
/// bits of an addition order do not show.
enum JSONNumber {
  static let digits = 12

  /// x rounded to twelve significant decimal digits.
  static func rounded(_ x: Double) -> Double {
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

  /// A number of at most fifteen digits without an exponent: exact, for both the digits and the power of ten are.
  static func plain(_ text: ArraySlice<UInt8>) -> JSONValue? {
    var digits = 0
    var count = 0
    var fraction = -1
    var rest = text
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    guard let first = rest.first, first >= 48, first <= 57, let last = rest.last, last != UInt8(ascii: ".")
    else {
      return nil
    }
    for byte in rest {
      if byte == UInt8(ascii: "."), fraction < 0 {
        fraction = 0
        continue
      }
      guard byte >= 48, byte <= 57, count < 15 else { return nil }
      digits = digits * 10 + Int(byte) - 48
      count += 1
      if fraction >= 0 { fraction += 1 }
    }
    if fraction < 0 { return .integer(isNegative ? -digits : digits) }
    let size = Double(digits) / powers[fraction]
    return .number(isNegative ? -size : size)
  }

  private static let powers: [Double] = (0...22).map { Double("1e\($0)")! }
}
