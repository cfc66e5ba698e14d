/// Walks one line of JSON without building anything; it never steps over a line end.
///
/// The line must lie in a buffer with eight readable bytes behind it.
struct JSONCursor {
  /// Values nested deeper than this are refused.
  static let maximumDepth = 64

  var p: UnsafeRawPointer
  let end: UnsafeRawPointer

  @inline(__always)
  init(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
    p = start
    self.end = end
  }

  @inline(__always)
  var byte: UInt8 { p < end ? p.load(as: UInt8.self) : 0 }

  @inline(__always)
  mutating func skipBlanks() {
    while p < end {
      let b = p.load(as: UInt8.self)
      guard b == 0x20 || b == 0x09 || b == 0x0d else { return }
      p += 1
    }
  }

  /// Takes `expected` after blanks.
  @inline(__always)
  mutating func take(_ expected: UInt8) -> Bool {
    if byte != expected {
      skipBlanks()
      guard byte == expected else { return false }
    }
    p += 1
    return true
  }

  /// The inside of a string, escapes untouched; nil when none stands here or it does not end.
  @inline(__always)
  mutating func string() -> UnsafeRawBufferPointer? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = p
    while p < end {
      let b = p.load(as: UInt8.self)
      if b == UInt8(ascii: "\"") {
        let inside = UnsafeRawBufferPointer(start: start, count: p - start)
        p += 1
        return inside
      }
      if b < 0x20 { return nil }
      p += b == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// A whole number without sign, or nil with the cursor where it was.
  @inline(__always)
  mutating func wholeNumber() -> UInt64? {
    if byte == 0x20 { p += 1 }
    var q = p
    guard let value = Digits.number(&q) else { return nil }
    let next = q.load(as: UInt8.self)
    guard next == 0x2c || next == 0x7d || next == 0x5d || next == 0x20 else { return nil }
    p = q
    return value
  }

  /// The text of a number.
  mutating func number() -> UnsafeRawBufferPointer? {
    skipBlanks()
    let start = p
    while p < end {
      let b = p.load(as: UInt8.self)
      guard b &- 0x30 < 10 || b == 0x2b || b == 0x2d || b == 0x2e || b | 0x20 == 0x65 else { break }
      p += 1
    }
    return p > start ? UnsafeRawBufferPointer(start: start, count: p - start) : nil
  }

  /// Skips one value of any kind. False when it is malformed or nested too deep.
  mutating func skipValue(depth: Int = 0) -> Bool {
    skipBlanks()
    switch byte {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.maximumDepth else { return false }
      return skipContainer(depth: depth)
    case UInt8(ascii: "t"): return skipWord("true")
    case UInt8(ascii: "f"): return skipWord("false")
    case UInt8(ascii: "n"): return skipWord("null")
    default: return number() != nil
    }
  }

  private mutating func skipContainer(depth: Int) -> Bool {
    let isObject = byte == UInt8(ascii: "{")
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    p += 1
    if take(close) { return true }
    while true {
      if isObject {
        guard string() != nil, take(UInt8(ascii: ":")) else { return false }
      }
      guard skipValue(depth: depth + 1) else { return false }
      if take(close) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  mutating func skipWord(_ word: StaticString) -> Bool {
    guard end - p >= word.utf8CodeUnitCount else { return false }
    for i in 0..<word.utf8CodeUnitCount where (p + i).load(as: UInt8.self) != word.utf8Start[i] {
      return false
    }
    p += word.utf8CodeUnitCount
    return true
  }
}
