/// A list that is decoded item by item, wherever its items come from.
protocol JSONItemContainer: UnkeyedDecodingContainer {
  var names: JSONKeyNames { get }
  /// The item that is decoded next; `nil` at the end.
  var following: JSONValue? { get }
  mutating func advance() throws
}

extension JSONItemContainer {
  private var here: [any CodingKey] { codingPath + [JSONTreeDecoder.Index(intValue: currentIndex)] }

  private mutating func next() throws -> JSONValue {
    guard let item = following else { throw JSONError.missing(path: JSONTreeEncoder.spell(here)) }
    try advance()
    return item
  }

  mutating func decodeNil() throws -> Bool {
    guard following == .null else { return false }
    try advance()
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
