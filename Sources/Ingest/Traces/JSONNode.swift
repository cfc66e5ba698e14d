/// A JSON value as a tree, for formats that nest their requests.
indirect enum JSONNode {
  case object([(key: String, value: JSONNode)])
  case array([JSONNode])
  case string(String)
  /// A number as it is written.
  case number(String)
  case bool(Bool)
  case null

  subscript(_ key: String) -> JSONNode? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The elements of an array; empty for anything else.
  var elements: [JSONNode] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// Text, or a number as it is written.
  var text: String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }
}

extension JSONNode {
  /// Reads one line; nil when it is malformed or nested deeper than `JSONCursor.maximumDepth`.
  static func line(_ cursor: inout JSONCursor) -> JSONNode? {
    guard let node = value(&cursor, depth: 0) else { return nil }
    cursor.skipBlanks()
    return cursor.p >= cursor.end || cursor.byte == UInt8(ascii: "\n") ? node : nil
  }

  private static func value(_ cursor: inout JSONCursor, depth: Int) -> JSONNode? {
    guard depth < JSONCursor.maximumDepth else { return nil }
    cursor.skipBlanks()
    switch cursor.byte {
    case UInt8(ascii: "\""): return cursor.string().map { .string(unescaped($0)) }
    case UInt8(ascii: "{"): return object(&cursor, depth: depth)
    case UInt8(ascii: "["): return array(&cursor, depth: depth)
    case UInt8(ascii: "t"): return cursor.skipWord("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return cursor.skipWord("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return cursor.skipWord("null") ? .null : nil
    default: return cursor.number().map { .number(String(decoding: $0, as: UTF8.self)) }
    }
  }

  private static func object(_ cursor: inout JSONCursor, depth: Int) -> JSONNode? {
    cursor.p += 1
    var members: [(key: String, value: JSONNode)] = []
    if cursor.take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      guard let key = cursor.string(), cursor.take(UInt8(ascii: ":")),
        let value = value(&cursor, depth: depth + 1)
      else { return nil }
      members.append((unescaped(key), value))
      if cursor.take(UInt8(ascii: "}")) { return .object(members) }
      guard cursor.take(UInt8(ascii: ",")) else { return nil }
    }
  }

  private static func array(_ cursor: inout JSONCursor, depth: Int) -> JSONNode? {
    cursor.p += 1
    var elements: [JSONNode] = []
    if cursor.take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      guard let value = value(&cursor, depth: depth + 1) else { return nil }
      elements.append(value)
      if cursor.take(UInt8(ascii: "]")) { return .array(elements) }
      guard cursor.take(UInt8(ascii: ",")) else { return nil }
    }
  }

  /// Escapes undone; a lone half of a surrogate pair becomes the replacement character.
  private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var units: [UInt16] = []
    var text = String(decoding: bytes, as: UTF8.self).utf16.makeIterator()
    while let unit = text.next() {
      guard unit == 0x5c, let escape = text.next() else {
        units.append(unit)
        continue
      }
      switch escape {
      case 0x6e: units.append(0x0a)
      case 0x74: units.append(0x09)
      case 0x72: units.append(0x0d)
      case 0x62: units.append(0x08)
      case 0x66: units.append(0x0c)
      case 0x75:
        let digits = (0..<4).compactMap { _ in text.next() }
        units.append(UInt16(String(decoding: digits, as: UTF16.self), radix: 16) ?? 0xfffd)
      default: units.append(escape)
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
