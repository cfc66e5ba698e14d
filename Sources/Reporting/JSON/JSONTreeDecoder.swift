/// Reads any `Decodable` value from a tree, by the same spelling of keys that the encoder uses.
struct JSONTreeDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let names: JSONKeyNames

  static func decode<T: Decodable>(
    _ type: T.Type, from value: JSONValue, path: [any CodingKey] = [], names: JSONKeyNames = JSONKeyNames()
  ) throws -> T {
    if let leaf = try leaf(type, from: value, path: path) { return leaf }
    return try T(from: JSONTreeDecoder(value: value, codingPath: path, names: names))
  }

  private static func leaf<T>(_ type: T.Type, from value: JSONValue, path: [any CodingKey]) throws -> T? {
    func need<V>(_ found: V?, _ expected: String) throws -> T {
      guard let found else { throw JSONError.mismatch(path: JSONTreeEncoder.spell(path), expected: expected) }
      return found as! T
    }
    if type == String.self { return try need(value.text, "a text") }
    if type == Double.self { return try need(value.double, "a number") }
    if type == Int.self { return try need(value.int, "a whole number") }
    if type == Bool.self { return try need(value.flag, "true or false") }
    if type == UInt64.self { return try need(value.natural, "a whole number of at least 0") }
    return nil
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return KeyedDecodingContainer(Keyed<Key>(members: members, codingPath: codingPath, names: names))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    switch value {
    case .array(let items): return Unkeyed(items: items, codingPath: codingPath, names: names)
    case .deferred(let text): return try DeferredItems(text, codingPath: codingPath, names: names)
    default: throw mismatch("an array")
    }
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    Single(value: value, codingPath: codingPath, names: names)
  }

  private func mismatch(_ expected: String) -> JSONError {
    .mismatch(path: JSONTreeEncoder.spell(codingPath), expected: expected)
  }
}

extension JSONValue {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  fileprivate var double: Double? {
    switch self {
    case .number(let x): x
    case .integer(let n): Double(n)
    case .unsigned(let n): Double(n)
    default: nil
    }
  }
  fileprivate var int: Int? {
    switch self {
    case .integer(let n): n
    case .number(let x): Int(exactly: x)
    default: nil
    }
  }
  fileprivate var natural: UInt64? {
    switch self {
    case .integer(let n): UInt64(exactly: n)
    case .unsigned(let n): n
    case .number(let x): UInt64(exactly: x)
    default: nil
    }
  }
}

extension JSONTreeDecoder {
  struct Index: CodingKey {
    var intValue: Int?
    var stringValue: String { String(intValue ?? 0) }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
  }

  fileprivate struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [JSONValue.Member]
    let codingPath: [any CodingKey]
    let names: JSONKeyNames
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    private func find(_ key: Key) -> JSONValue? {
      let spelled = names.spelled(key.stringValue)
      return members.first { $0.key == spelled }?.value
    }
    private func need(_ key: Key) throws -> JSONValue {
      guard let value = find(key) else {
        throw JSONError.missing(path: JSONTreeEncoder.spell(codingPath + [key]))
      }
      return value
    }
    func contains(_ key: Key) -> Bool { find(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { if case .null = try need(key) { true } else { false } }
    // The common types, without the detour over generic casts.
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
      if case .string(let text) = try need(key) { return text }
      throw JSONError.mismatch(path: JSONTreeEncoder.spell(codingPath + [key]), expected: "a text")
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
      if let number = try need(key).double { return number }
      throw JSONError.mismatch(path: JSONTreeEncoder.spell(codingPath + [key]), expected: "a number")
    }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
      if let number = try need(key).int { return number }
      throw JSONError.mismatch(path: JSONTreeEncoder.spell(codingPath + [key]), expected: "a whole number")
    }
    /// A list that an older file of the same schema does not have is empty.
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      let isList = type is any ExpressibleByArrayLiteral.Type
      let value = try find(key) ?? (isList ? .array([]) : need(key))
      return try JSONTreeDecoder.decode(type, from: value, path: codingPath + [key], names: names)
    }
    // What is absent is found out once, not three times.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
      guard let value = find(key), value != .null else { return nil }
      return try JSONTreeDecoder.decode(type, from: value, path: codingPath + [key], names: names)
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
      guard let value = find(key), value != .null else { return nil }
      if let number = value.double { return number }
      throw JSONError.mismatch(path: JSONTreeEncoder.spell(codingPath + [key]), expected: "a number")
    }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
      guard let value = find(key), value != .null else { return nil }
      return try JSONTreeDecoder.decode(type, from: value, path: codingPath + [key], names: names)
    }
    func nestedContainer<K: CodingKey>(keyedBy type: K.Type, forKey key: Key) throws
      -> KeyedDecodingContainer<K>
    {
      try JSONTreeDecoder(value: try need(key), codingPath: codingPath + [key], names: names).container(
        keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try JSONTreeDecoder(value: try need(key), codingPath: codingPath + [key], names: names)
        .unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { preconditionFailure("plans hold values, not class trees") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
  }

  fileprivate struct Unkeyed: JSONItemContainer {
    let items: [JSONValue]
    let codingPath: [any CodingKey]
    let names: JSONKeyNames
    var currentIndex = 0
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    init(items: [JSONValue], codingPath: [any CodingKey], names: JSONKeyNames) {
      self.items = items
      self.codingPath = codingPath
      self.names = names
    }
    var following: JSONValue? { isAtEnd ? nil : items[currentIndex] }
    mutating func advance() { currentIndex += 1 }
  }

  fileprivate struct Single: SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let names: JSONKeyNames
    func decodeNil() -> Bool { value == .null }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
      try JSONTreeDecoder.decode(type, from: value, path: codingPath, names: names)
    }
  }
}
