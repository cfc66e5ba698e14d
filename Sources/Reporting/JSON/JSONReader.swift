import Foundation

/// Reads JSON (RFC 8259) into a tree. Duplicate keys, trailing text and nesting beyond 200 levels are errors.
struct JSONReader {
  private let bytes: [UInt8]
  private(set) var at = 0
  /// Leave the arrays that are members of the document itself to be read while they are decoded.
  private var defersLists = false
  private var keys = JSONKeyTable()

  /// - Parameter deferringLists: long documents are decoded row by row, without their whole tree in memory.
  static func value(_ bytes: [UInt8], deferringLists: Bool = false) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    reader.defersLists = deferringLists
    let value = try reader.readValue(depth: 0)
    reader.skipSpace()
    guard reader.at == bytes.count else { throw reader.error("the end of the document") }
    return value
  }

  init(bytes: [UInt8], at offset: Int = 0) {
    self.bytes = bytes
    at = offset
  }

  /// The next item of an array whose opening bracket was passed, `nil` after the last.
  mutating func nextItem(isFirst: Bool) throws(JSONError) -> JSONValue? {
    skipSpace()
    if isFirst {
      if current == UInt8(ascii: "]") { return nil }
    } else if try endOfList(UInt8(ascii: "]")) {
      return nil
    }
    return try readValue(depth: 2)
  }

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
    var isSorted = true
    skipSpace()
    if current == UInt8(ascii: "}") {
      at += 1
      return .object([])
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let key = try readKey()
      // Canonical documents are sorted, and then one comparison tells that a key is new.
      let isNew = members.last.map { $0.key < key } ?? true
      guard isSorted && isNew || !members.contains(where: { $0.key == key }) else {
        throw error("each key once (\(key))")
      }
      isSorted = isSorted && isNew
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw error("':'") }
      at += 1
      members.append(.init(key, try readValue(depth: depth + 1)))
      if try endOfList(UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
    if defersLists, depth == 1 { return try skipArray() }
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

  /// Passes an array whose items are read later; only its extent is checked here.
  private mutating func skipArray() throws(JSONError) -> JSONValue {
    let start = at
    var depth = 0
    var isInString = false
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isInString {
        if byte == UInt8(ascii: "\\") { at += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return .deferred(JSONText(bytes: bytes, start: start)) }
      default: break
      }
    }
    throw error("a closing bracket")
  }

  /// Whole numbers and decimals of up to fifteen digits are exact as digits over a power of ten; the rest is left to
  /// the library.
  private mutating func readNumber() throws(JSONError) -> JSONValue {
    let start = at
    while let byte = current, (byte >= 48 && byte <= 57) || "+-.eE".utf8.contains(byte) { at += 1 }
    if let number = JSONNumber.plain(bytes[start..<at]) { return number }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let whole = Int(text), !text.hasPrefix("+") { return .integer(whole) }
    if let whole = UInt64(text), !text.hasPrefix("+") { return .unsigned(whole) }
    guard let number = Double(text), number.isFinite, text.first != "+", text.first != "." else {
      at = start
      throw error("a value")
    }
    return .number(number)
  }

  /// Keys repeat from row to row: each is made once.
  private mutating func readKey() throws(JSONError) -> String {
    let start = at + 1
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"),
      bytes[end] >= 0x20
    {
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\""), let key = keys.text(bytes[start..<end]) else {
      return try readString()
    }
    at = end + 1
    return key
  }

  private mutating func readString() throws(JSONError) -> String {
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
      bytes[at] >= 0x20
    {
      at += 1
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return try readEscapedString(from: start) }
    guard let text = String(validating: bytes[start..<at], as: UTF8.self) else { throw error("valid UTF-8") }
    at += 1
    return text
  }

  private mutating func readEscapedString(from start: Int) throws(JSONError) -> String {
    var out = Array(bytes[start..<at])
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
