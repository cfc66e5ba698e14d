import CScan

/// Decimal numbers read eight bytes at a time.
///
/// Every pointer handed to these functions must have 8 readable bytes behind it, to `marks16` 16 and to `marks64` 64:
/// `LineChunks` pads its buffer.
///
/// - Source: the "SIMD within a register" reading of decimal digits described by Daniel Lemire, 2018 and 2022.
enum Digits {
  @inline(__always)
  static func load(_ p: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: p.loadUnaligned(as: UInt64.self))
  }

  /// Which of the 16 or 64 bytes at `p` are not digits: bit i tells of byte i.
  @inline(__always)
  static func marks16(_ p: UnsafeRawPointer) -> UInt32 { cscan_nondigits16(p) }
  @inline(__always)
  static func marks64(_ p: UnsafeRawPointer) -> UInt64 { cscan_nondigits64(p) }

  /// Which of the 64 bytes at `p` are `byte`.
  @inline(__always)
  static func equal64(_ p: UnsafeRawPointer, _ byte: UInt8) -> UInt64 { cscan_equal64(p, byte) }

  /// The values of the `count` digits at `p`, 1 to 8, the last in the highest byte, for `joined`.
  @inline(__always)
  static func aligned(_ p: UnsafeRawPointer, count: Int) -> UInt64 {
    (load(p) ^ 0x3030_3030_3030_3030) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
  }

  /// The `count` digits at `p`, 1 to 8, as they stand, the last in the highest byte, for `join`.
  @inline(__always)
  static func raw(_ p: UnsafeRawPointer, count: Int) -> UInt64 {
    load(p) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
  }

  /// Replaces `count` words of digits by their numbers; one more word must be readable.
  static func join(_ words: UnsafeMutablePointer<UInt64>, count: Int) {
    cscan_join(words, (count + 1) & ~1)
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

  /// Twice four digit values, the first of each in its lowest byte, as two numbers of 32 bits each.
  @inline(__always)
  static func joinedPairs(_ digits: UInt64) -> UInt64 {
    var v = digits
    v = (v &* 10 &+ (v &>> 8)) & 0x00ff_00ff_00ff_00ff
    v = (v &* 100 &+ (v &>> 16)) & 0x0000_ffff_0000_ffff
    return v
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

  /// The number of `count` digits at `p`, at most 16; nil when there are none or more. 16 bytes must be readable.
  @inline(never)
  static func upTo16(_ p: UnsafeRawPointer, count: Int) -> UInt64? {
    guard (1...16).contains(count) else { return nil }
    if count <= 8 { return joined(aligned(p, count: count)) }
    let high = joined(load(p) ^ 0x3030_3030_3030_3030)
    return high * UInt64(powersOfTen[count - 8]) + joined(aligned(p + 8, count: count - 8))
  }

  static let powersOfTen: [Int64] = (0...18).map { n in (0..<n).reduce(Int64(1)) { p, _ in p * 10 } }
}
