/// The spelling of every key that a document was asked for, worked out once.
final class JSONKeyNames {
  private var known: [String: String] = [:]

  func spelled(_ name: String) -> String {
    if let spelled = known[name] { return spelled }
    let spelled = JSONKey.spelled(name)
    known[name] = spelled
    return spelled
  }
}

/// The items of a long list, each read, decoded and let go before the next.
struct DeferredItems: UnkeyedDecodingContainer {
  let codingPath: [any CodingKey]
  let names: JSONKeyNames
  private var reader: JSONReader
  private var following: JSONValue?
  private(set) var currentIndex = 0
  var count: Int? { nil }
  var isAtEnd: Bool { following == nil }

  init(_ text: JSONText, codingPath: [any CodingKey], names: JSONKeyNames) throws {
    self.codingPath = codingPath
    self.names = names
    reader = JSONReader(bytes: text.bytes, at: text.start + 1)
    following = try reader.nextItem(isFirst: true)
  }

  private mutating func next() throws -> JSONValue {
    guard let item = following else { throw JSONError.missing(path: JSONTreeEncoder.spell(here)) }
    following = try reader.nextItem(isFirst: false)
    currentIndex += 1
    return item
  }

  private var here: [any CodingKey] { codingPath + [JSONTreeDecoder.Index(intValue: currentIndex)] }

  mutating func decodeNil() throws -> Bool {
    guard following == .null else { return false }
    _ = try next()
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let path = here
    return try JSONTreeDecoder.decode(type, from: try next(), path: path, names: names)
  }
  mutating func nestedContainer<K: CodingKey>(keyedBy type: K.Type) throws -> KeyedDecodingContainer<K> {
    let path = here
    return try JSONTreeDecoder(value: try next(), codingPath: path, names: names).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let path = here
    return try JSONTreeDecoder(value: try next(), codingPath: path, names: names).unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder {
    preconditionFailure("plans hold values, not class trees")
  }
}
