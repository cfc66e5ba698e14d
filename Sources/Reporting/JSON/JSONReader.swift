import Foundation

/// Reads JSON (RFC 8259) into a tree. Duplicate keys, trailing text and nesting beyond 200 levels are errors.
struct JSONReader {
  private let bytes: [UInt8]
  private var at = 0

  static func value(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.readValue(depth: 0)
    reader.skipSpace()
    guard reader.at == bytes.count else { throw reader.error("the end of the document") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ expected: String) -> JSONError { .syntax(offset: at, expected: expected) }
  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0D) { at += 1 }
  }

  private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < 200 else { throw error("fewer than 200 levels") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try readObject(depth: depth)
    case UInt8(ascii: "["): return try readArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case nil: throw error("a value")
    default: return try readNumber()
    }
  }

  private mutating func readWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[at...].starts(with: word.utf8) else { throw error(word) }
    at += word.utf8.count
    return value
  }

  private mutating func readObject(depth: Int) throws(JSONError) -> JSONValue {
    at += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      at += 1
      return .object([])
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let key = try readString()
      guard !members.contains(where: { $0.key == key }) else { throw error("each key once (\(key))") }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw error("':'") }
      at += 1
      members.append(.init(key, try readValue(depth: depth + 1)))
      if try endOfList(UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
    at += 1
    var items: [JSONValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      at += 1
      return .array([])
    }
    while true {
      items.append(try readValue(depth: depth + 1))
      if try endOfList(UInt8(ascii: "]")) { return .array(items) }
    }
  }

  private mutating func endOfList(_ close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = current, byte == close || byte == UInt8(ascii: ",") else {
      throw error("',' or a closing bracket")
    }
    at += 1
    return byte == close
  }

  private mutating func readNumber() throws(JSONError) -> JSONValue {
    let start = at
    while let byte = current, (byte >= 48 && byte <= 57) || "+-.eE".utf8.contains(byte) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let whole = Int(text), !text.hasPrefix("+") { return .integer(whole) }
    if let whole = UInt64(text), !text.hasPrefix("+") { return .unsigned(whole) }
    guard let number = Double(text), number.isFinite, text.first != "+", text.first != "." else {
      at = start
      throw error("a value")
    }
    return .number(number)
  }

  private mutating func readString() throws(JSONError) -> String {
    at += 1
    var out: [UInt8] = []
    while let byte = current {
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: out, as: UTF8.self) else { throw error("valid UTF-8") }
        return text
      case UInt8(ascii: "\\"): try readEscape(into: &out)
      case 0..<0x20: throw error("an escaped control character")
      default: out.append(byte)
      }
    }
    throw error("a closing quote")
  }

  private mutating func readEscape(into out: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw error("an escape") }
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
      guard bytes[at...].starts(with: "\\u".utf8) else { throw error("a low surrogate") }
      at += 2
      let second = try readHex()
      guard second >= 0xDC00, second < 0xE000 else { throw error("a low surrogate") }
      return Character(Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))!)
    }
    guard let scalar = Unicode.Scalar(first) else { throw error("a Unicode scalar") }
    return Character(scalar)
  }

  private mutating func readHex() throws(JSONError) -> UInt32 {
    guard at + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits") }
    at += 4
    return code
  }
}
