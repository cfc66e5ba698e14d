/// Reads any `Decodable` value from its place in a document, by the same spelling of keys that the encoder uses.
struct JSONBytesDecoder: Decoder {
  let index: JSONIndex
  let token: Int
  var codingPath: [any CodingKey] { [JSONPathKey(stringValue: index.path(of: token))] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func decode<T: Decodable>(_ type: T.Type, _ index: JSONIndex, _ token: Int) throws -> T {
    if type == String.self { return try index.text(token) as! T }
    if type == Double.self { return try index.number(token) as! T }
    if type == Int.self { return try index.whole(token) as! T }
    if type == Bool.self { return try index.flag(token) as! T }
    if type == UInt64.self { return try index.natural(token) as! T }
    return try T(from: JSONBytesDecoder(index: index, token: token))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard index.tokens[token].kind == .object else { throw index.mismatch(token, "an object") }
    return KeyedDecodingContainer(Keyed<Key>(index: index, object: token))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try JSONItems(index, list: token)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    Single(index: index, token: token)
  }
}

/// A place in a document where the library wants keys.
struct JSONPathKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension JSONBytesDecoder {
  fileprivate struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let index: JSONIndex
    let object: Int
    var codingPath: [any CodingKey] { [JSONPathKey(stringValue: index.path(of: object))] }
    var allKeys: [Key] {
      var keys: [Key] = []
      var key = object + 1
      while key < index.tokens[object].next {
        if let found = (try? index.text(key)).flatMap(Key.init(stringValue:)) { keys.append(found) }
        key = index.tokens[key + 1].next
      }
      return keys
    }

    private func find(_ key: Key) -> Int? { index.member(key.stringValue, of: object) }
    private func need(_ key: Key) throws -> Int {
      if let token = find(key) { return token }
      let path = index.path(of: object)
      throw JSONError.missing(path: (path.isEmpty ? "" : path + ".") + JSONKey.spelled(key.stringValue))
    }
    private func findValue(_ key: Key) -> Int? {
      guard let token = find(key), !index.isNull(token) else { return nil }
      return token
    }
    func contains(_ key: Key) -> Bool { find(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { index.isNull(try need(key)) }
    // The common types, without the detour over generic casts.
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try index.text(need(key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try index.number(need(key)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try index.whole(need(key)) }
    /// A list that an older file of the same schema does not have is empty.
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      if let token = find(key) { return try JSONBytesDecoder.decode(type, index, token) }
      guard type is any ExpressibleByArrayLiteral.Type else {
        _ = try need(key)
        preconditionFailure("what is needed and missing is an error")
      }
      return try JSONBytesDecoder.decode(type, try JSONIndex(Array("[]".utf8), defersLists: false), 0)
    }
    // What is absent is found out once, not three times.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
      try findValue(key).map { try index.text($0) }
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
      try findValue(key).map { try index.number($0) }
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
      try findValue(key).map { try index.whole($0) }
    }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
      try findValue(key).map { try JSONBytesDecoder.decode(type, index, $0) }
    }
    func nestedContainer<K: CodingKey>(keyedBy type: K.Type, forKey key: Key) throws
      -> KeyedDecodingContainer<K>
    {
      try JSONBytesDecoder(index: index, token: need(key)).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try JSONItems(index, list: need(key))
    }
    func superDecoder() throws -> any Decoder { preconditionFailure("plans hold values, not class trees") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
  }

  fileprivate struct Single: SingleValueDecodingContainer {
    let index: JSONIndex
    let token: Int
    var codingPath: [any CodingKey] { [JSONPathKey(stringValue: index.path(of: token))] }
    func decodeNil() -> Bool { index.isNull(token) }
    func decode(_ type: String.Type) throws -> String { try index.text(token) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
      try JSONBytesDecoder.decode(type, index, token)
    }
  }
}
