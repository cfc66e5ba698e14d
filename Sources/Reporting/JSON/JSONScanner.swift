import Foundation

/// One value of a document, or the key of a member: where it stands in the bytes.
struct JSONToken {
  /// A plain text is ASCII without escapes.
  enum Kind: UInt8 { case object, list, laterList, plainText, text, number, yes, no, null }
  var kind: Kind
  /// The first byte, after the quote of a text.
  var start: Int
  /// One past the last byte, at the closing quote of a text.
  var end: Int
  /// The token after this value and all that is in it.
  var next = 0
  /// The object of a key, the key of a member's value, the list of an item; −1 for none.
  var parent: Int
}

/// Finds the values of JSON text (RFC 8259) without making anything of them. Duplicate keys, trailing text and nesting
/// beyond 200 levels are errors; texts are checked when they are taken.
///
/// A member of an object is two tokens: its key, then its value with all that is in it.
struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// Pass the lists of the document and of its members; they are scanned item by item when they are read.
  private let defersLists: Bool
  private(set) var at: Int
  private(set) var tokens: [JSONToken] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int = 0, defersLists: Bool = false) {
    self.bytes = bytes
    self.defersLists = defersLists
    at = offset
  }

  /// Gives the tokens away against the room of an earlier scan.
  mutating func exchange(_ other: inout [JSONToken]) { swap(&tokens, &other) }

  /// The whole text is one value.
  mutating func readDocument() throws(JSONError) {
    try readValue(depth: 0, parent: -1)
    skipSpace()
    guard at == bytes.count else { throw error("the end of the document") }
  }

  /// The next item of a deferred list.
  mutating func readItem() throws(JSONError) {
    tokens.removeAll(keepingCapacity: true)
    try readValue(depth: 2, parent: -1)
  }

  /// Passes the comma before an item, or nothing before the first; at the end, the closing bracket stays.
  mutating func isAtEnd(isFirst: Bool) throws(JSONError) -> Bool {
    skipSpace()
    if current == UInt8(ascii: "]") { return true }
    guard !isFirst else { return false }
    guard current == UInt8(ascii: ",") else { throw error("',' or a closing bracket") }
    at += 1
    return false
  }

  private func error(_ expected: String) -> JSONError { .syntax(offset: at, expected: expected) }
  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0D) { at += 1 }
  }

  private mutating func readValue(depth: Int, parent: Int) throws(JSONError) {
    guard depth < 200 else { throw error("fewer than 200 levels") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): try readObject(depth: depth, parent: parent)
    case UInt8(ascii: "["):
      if defersLists, depth < 2 {
        try passList(parent: parent)
      } else {
        try readList(depth: depth, parent: parent)
      }
    case UInt8(ascii: "\""): try readText(parent: parent)
    case UInt8(ascii: "t"): try readWord("true", .yes, parent: parent)
    case UInt8(ascii: "f"): try readWord("false", .no, parent: parent)
    case UInt8(ascii: "n"): try readWord("null", .null, parent: parent)
    case nil: throw error("a value")
    default: try readNumber(parent: parent)
    }
  }

  private mutating func append(_ kind: JSONToken.Kind, _ start: Int, parent: Int) {
    tokens.append(JSONToken(kind: kind, start: start, end: at, next: tokens.count + 1, parent: parent))
  }

  private mutating func close(_ container: Int) {
    tokens[container].end = at
    tokens[container].next = tokens.count
  }

  private mutating func readWord(_ word: StaticString, _ kind: JSONToken.Kind, parent: Int) throws(JSONError)
  {
    let size = word.utf8CodeUnitCount
    guard at + size <= bytes.count, memcmp(bytes.baseAddress! + at, word.utf8Start, size) == 0 else {
      throw error("\(word)")
    }
    at += size
    append(kind, at - size, parent: parent)
  }

  private mutating func readObject(depth: Int, parent: Int) throws(JSONError) {
    let object = tokens.count
    append(.object, at, parent: parent)
    at += 1
    skipSpace()
    if current == UInt8(ascii: "}") {
      at += 1
      return close(object)
    }
    var last = -1
    var isSorted = true
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let key = tokens.count
      try readText(parent: object)
      // Canonical documents are sorted, and then one comparison tells that a key is new.
      if last >= 0, !isSorted || !isBefore(last, key) {
        isSorted = false
        try checkIsNew(key, in: object)
      }
      last = key
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw error("':'") }
      at += 1
      try readValue(depth: depth + 1, parent: key)
    } while try hasMore(before: UInt8(ascii: "}"))
    close(object)
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (tokens[a], tokens[b])
    guard x.kind == .plainText, y.kind == .plainText else { return false }
    let (m, n) = (x.end - x.start, y.end - y.start)
    let order = memcmp(bytes.baseAddress! + x.start, bytes.baseAddress! + y.start, min(m, n))
    return order < 0 || (order == 0 && m < n)
  }

  private func checkIsNew(_ key: Int, in object: Int) throws(JSONError) {
    let text = try JSONEscapes.text(bytes, tokens[key])
    var other = object + 1
    while other < key {
      guard try JSONEscapes.text(bytes, tokens[other]) != text else { throw error("each key once (\(text))") }
      other = tokens[other + 1].next
    }
  }

  private mutating func readList(depth: Int, parent: Int) throws(JSONError) {
    let list = tokens.count
    append(.list, at, parent: parent)
    at += 1
    skipSpace()
    if current == UInt8(ascii: "]") {
      at += 1
    } else {
      repeat { try readValue(depth: depth + 1, parent: list) } while try hasMore(before: UInt8(ascii: "]"))
    }
    close(list)
  }

  /// After an item: passes a comma, or the closing bracket.
  private mutating func hasMore(before close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = current, byte == close || byte == UInt8(ascii: ",") else {
      throw error("',' or a closing bracket")
    }
    at += 1
    return byte != close
  }

  /// Only the extent of the list is checked here.
  private mutating func passList(parent: Int) throws(JSONError) {
    let start = at
    var depth = 0
    repeat {
      guard at < bytes.count else { throw error("a closing bracket") }
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\""): _ = try passText()
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      at += 1
    } while depth > 0
    append(.laterList, start, parent: parent)
  }

  /// From the opening quote to the closing one. - Returns: whether it is plain.
  private mutating func passText() throws(JSONError) -> Bool {
    at += 1
    var isPlain = true
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") { return isPlain }
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        at += 1
      } else if byte >= 0x80 {
        isPlain = false
      } else if byte < 0x20 {
        throw error("an escaped control character")
      }
      at += 1
    }
    throw error("a closing quote")
  }

  private mutating func readText(parent: Int) throws(JSONError) {
    let start = at + 1
    let isPlain = try passText()
    append(isPlain ? .plainText : .text, start, parent: parent)
    at += 1
  }

  private mutating func readNumber(parent: Int) throws(JSONError) {
    let start = at
    if current == UInt8(ascii: "-") { at += 1 }
    let hasWhole = passDigits()
    var hasFraction = true
    if current == UInt8(ascii: ".") {
      at += 1
      hasFraction = passDigits()
    }
    var hasExponent = true
    if let byte = current, byte | 32 == UInt8(ascii: "e") {
      at += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
      hasExponent = passDigits()
    }
    guard hasWhole, hasFraction, hasExponent else {
      at = start
      throw error("a value")
    }
    append(.number, start, parent: parent)
  }

  private mutating func passDigits() -> Bool {
    let start = at
    while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 { at += 1 }
    return at > start
  }
}
