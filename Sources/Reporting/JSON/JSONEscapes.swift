/// Texts of JSON with their escapes resolved.
struct JSONEscapes {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at: Int
  private let end: Int

  /// - Throws: `JSONError.syntax` at an escape or at bytes that are not UTF-8.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>, _ token: JSONToken) throws(JSONError) -> String {
    if token.kind == .plainText {
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[token.start..<token.end]), as: UTF8.self)
    }
    var reader = JSONEscapes(bytes: bytes, at: token.start, end: token.end)
    guard let text = String(validating: try reader.resolved(), as: UTF8.self) else {
      throw .syntax(offset: token.start, expected: "valid UTF-8")
    }
    return text
  }

  private func error(_ expected: String) -> JSONError { .syntax(offset: at, expected: expected) }

  private mutating func resolved() throws(JSONError) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(end - at)
    while at < end {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\\") { try readEscape(into: &out) } else { out.append(byte) }
    }
    return out
  }

  private mutating func readEscape(into out: inout [UInt8]) throws(JSONError) {
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "u"): out.append(contentsOf: String(try readUnicode()).utf8)
    default: throw error("one of \\n \\r \\t \\b \\f \\\" \\\\ \\/ \\u")
    }
  }

  private mutating func readUnicode() throws(JSONError) -> Character {
    let first = try readHex()
    if first >= 0xD800, first < 0xDC00 {
      guard at + 1 < end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
        throw error("a low surrogate")
      }
      at += 2
      let second = try readHex()
      guard second >= 0xDC00, second < 0xE000 else { throw error("a low surrogate") }
      return Character(Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))!)
    }
    guard let scalar = Unicode.Scalar(first) else { throw error("a Unicode scalar") }
    return Character(scalar)
  }

  private mutating func readHex() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for i in at..<at + 4 {
      guard i < end, let digit = Self.hexDigit(bytes[i]) else { throw error("four hexadecimal digits") }
      code = code << 4 | digit
    }
    at += 4
    return code
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 48...57: UInt32(byte) - 48
    case 65...70, 97...102: UInt32(byte | 32) - 87
    default: nil
    }
  }
}
