/// The items of a list: those of a deferred one are each found, decoded and let go before the next.
struct JSONItems: UnkeyedDecodingContainer {
  private let index: JSONIndex
  /// The item that is decoded next, and the token after the last.
  private var item: Int
  private let end: Int
  private let isDeferred: Bool
  private(set) var isAtEnd: Bool
  private(set) var currentIndex = 0
  var count: Int? { nil }
  var codingPath: [any CodingKey] { [JSONPathKey(stringValue: index.path(of: item))] }

  init(_ document: JSONIndex, list: Int) throws {
    let found = document.tokens[list]
    switch found.kind {
    case .list:
      (index, item, end, isDeferred) = (document, list + 1, found.next, false)
      isAtEnd = item >= end
    case .laterList:
      index = JSONIndex(document.bytes, listAt: found.start, path: document.path(of: list))
      (item, end, isDeferred) = (0, 0, true)
      isAtEnd = try !index.next()
    default: throw document.mismatch(list, "an array")
    }
  }

  private func here() throws -> Int {
    guard !isAtEnd else { throw JSONError.missing(path: "item \(currentIndex)") }
    return item
  }

  private mutating func advance() throws {
    currentIndex += 1
    if isDeferred {
      isAtEnd = try !index.next()
    } else {
      item = index.tokens[item].next
      isAtEnd = item >= end
    }
  }

  mutating func decodeNil() throws -> Bool {
    guard index.isNull(try here()) else { return false }
    try advance()
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try JSONBytesDecoder.decode(type, index, try here())
    try advance()
    return value
  }
  mutating func nestedContainer<K: CodingKey>(keyedBy type: K.Type) throws -> KeyedDecodingContainer<K> {
    precondition(!isDeferred, "items of long lists are decoded whole")
    let container = try JSONBytesDecoder(index: index, token: try here()).container(keyedBy: type)
    try advance()
    return container
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    precondition(!isDeferred, "items of long lists are decoded whole")
    let container = try JSONItems(index, list: try here())
    try advance()
    return container
  }
  mutating func superDecoder() throws -> any Decoder {
    preconditionFailure("plans hold values, not class trees")
  }
}
