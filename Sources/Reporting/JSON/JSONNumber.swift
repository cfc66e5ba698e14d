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

  private static let powers: [Double] = (0...22).map { Double("1e\($0)")! }
}
