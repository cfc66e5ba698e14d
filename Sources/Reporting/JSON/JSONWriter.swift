/// Prints a tree canonically: members sorted by key, two spaces of indentation, LF, a final newline.
struct JSONWriter {
  private var bytes: [UInt8] = []
  private let isPretty: Bool

  static func bytes(_ value: JSONValue, pretty: Bool = true) -> [UInt8] {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(value, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    return writer.bytes
  }

  private init(isPretty: Bool) { self.isPretty = isPretty }

  private mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): append(String(number))
    case .unsigned(let number): append(String(number))
    case .number(let number): append(JSONNumber.text(number))
    case .string(let text): writeString(text)
    case .array(let items): writeArray(items, depth: depth)
    case .deferred(let text): writeDeferred(text, depth: depth)
    case .object(let members): writeObject(members, depth: depth)
    }
  }

  private mutating func writeArray(_ items: [JSONValue], depth: Int) {
    guard !items.isEmpty else { return append("[]") }
    append("[")
    for (i, item) in items.enumerated() {
      if i > 0 { append(",") }
      newline(depth + 1)
      write(item, depth: depth + 1)
    }
    newline(depth)
    append("]")
  }

  /// Item by item, none kept. The text was read or written by this room, so that it cannot be wrong.
  private mutating func writeDeferred(_ text: JSONText, depth: Int) {
    let list = JSONIndex(text.bytes, listAt: text.start, path: "")
    var isFirst = true
    while (try? list.next()) == true, let item = try? list.tree() {
      append(isFirst ? "[" : ",")
      newline(depth + 1)
      write(item, depth: depth + 1)
      isFirst = false
    }
    if isFirst { return append("[]") }
    newline(depth)
    append("]")
  }

  private mutating func writeObject(_ members: [JSONValue.Member], depth: Int) {
    guard !members.isEmpty else { return append("{}") }
    append("{")
    for (i, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
      if i > 0 { append(",") }
      newline(depth + 1)
      writeString(member.key)
      append(isPretty ? ": " : ":")
      write(member.value, depth: depth + 1)
    }
    newline(depth)
    append("}")
  }

  private mutating func newline(_ depth: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth * 2 { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0..<0x20, 0x7F:
        append("\\u00")
        append(byte < 16 ? "0" : "")
        append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
