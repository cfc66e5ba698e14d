/// Decimal numbers read eight bytes at a time.
///
/// Every pointer handed to these functions must have 8 readable bytes behind it: `LineChunks` pads its buffer.
///
/// - Source: the "SIMD within a register" reading of decimal digits described by Daniel Lemire, 2018 and 2022.
enum Digits {
  @inline(__always)
  static func load(_ p: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: p.loadUnaligned(as: UInt64.self))
  }

  /// The digits at the front of `p`, at most eight.
  /// - Returns: their value and count; a count of 8 means that more may follow.
  @inline(__always)
  static func prefix(_ p: UnsafeRawPointer) -> (value: UInt64, count: Int) {
    let x = load(p) ^ 0x3030_3030_3030_3030
    let stops = ((x &+ 0x7676_7676_7676_7676) | x) & 0x8080_8080_8080_8080
    guard stops != 0 else { return (joined(x), 8) }
    let bits = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount) & 56
    guard bits != 0 else { return (0, 0) }
    return (joined(x &<< (64 &- bits)), Int(truncatingIfNeeded: bits &>> 3))
  }

  /// Eight digit values, the first in the lowest byte, as one number.
  @inline(__always)
  static func joined(_ digits: UInt64) -> UInt64 {
    var v = digits
    v = (v &* 10 &+ (v &>> 8)) & 0x00ff_00ff_00ff_00ff
    v = (v &* 100 &+ (v &>> 16)) & 0x0000_ffff_0000_ffff
    return (v &* 10_000 &+ (v &>> 32)) & 0x0000_0000_ffff_ffff
  }

  /// Reads a run of digits of any length that fits 18 digits, moving `p` behind it.
  /// - Returns: nil when no digit stands there or the number has more than 18 digits.
  @inline(__always)
  static func number(_ p: inout UnsafeRawPointer) -> UInt64? {
    let (value, count) = prefix(p)
    p += count
    if count < 8 { return count == 0 ? nil : value }
    return longNumber(value, &p)
  }

  @inline(never)
  private static func longNumber(_ start: UInt64, _ p: inout UnsafeRawPointer) -> UInt64? {
    var value = start
    var count = 8
    while true {
      let digit = p.load(as: UInt8.self) &- 0x30
      if digit > 9 { return value }
      count += 1
      if count > 18 { return nil }
      value = value &* 10 &+ UInt64(digit)
      p += 1
    }
  }

  static let powersOfTen: [Int64] = (0...18).map { n in (0..<n).reduce(Int64(1)) { p, _ in p * 10 } }
}
