/// Turns any `Encodable` value into a tree: keys spelled by `JSONKey`, numbers rounded by `JSONNumber`, no member
/// for what is absent, an error for NaN and infinity.
final class JSONTreeEncoder: Encoder {
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate var node: Node = .leaf(.object([]))

  /// What has been written so far; containers are shared with the objects that fill them.
  fileprivate enum Node {
    case leaf(JSONValue)
    case object(ObjectNode)
    case array(ArrayNode)

    var value: JSONValue {
      switch self {
      case .leaf(let value): value
      case .object(let object): .object(object.members.map { .init($0.key, $0.node.value) })
      case .array(let array): array.value
      }
    }
  }
  fileprivate final class ObjectNode { var members: [(key: String, node: Node)] = [] }

  /// Items as nodes, or as text already where the list is long.
  fileprivate final class ArrayNode {
    var items: [Node] = []
    var text: [UInt8]?
    var count = 0

    init(isText: Bool) { if isText { text = [UInt8(ascii: "[")] } }

    func append(_ node: Node) {
      count += 1
      guard text != nil else { return items.append(node) }
      if count > 1 { text?.append(UInt8(ascii: ",")) }
      text?.append(contentsOf: JSONWriter.bytes(node.value, pretty: false))
    }

    var value: JSONValue {
      guard var text else { return .array(items.map(\.value)) }
      text.append(UInt8(ascii: "]"))
      return .deferred(JSONText(bytes: text, start: 0))
    }
  }

  /// Lists that are members of the value itself become text item by item, so that a long document never stands in
  /// memory as a tree.
  private let textsLists: Bool

  init(path: [any CodingKey] = [], textsLists: Bool = false) {
    codingPath = path
    self.textsLists = textsLists
  }

  static func tree(_ value: some Encodable, textsLists: Bool = false) throws -> JSONValue {
    try node(value, path: [], textsLists: textsLists).value
  }

  /// Throws with the path of the first number that has no JSON spelling.
  fileprivate static func node(
    _ value: some Encodable, path: [any CodingKey], textsLists: Bool = false
  ) throws -> Node {
    if let leaf = try leaf(value, path: path) { return .leaf(leaf) }
    let encoder = JSONTreeEncoder(path: path, textsLists: textsLists)
    try value.encode(to: encoder)
    return encoder.node
  }

  private static func leaf(_ value: some Encodable, path: [any CodingKey]) throws -> JSONValue? {
    switch value {
    case let text as String: .string(text)
    case let number as Double:
      if number.isFinite {
        .number(JSONNumber.rounded(number))
      } else {
        throw JSONError.notFinite(path: spell(path))
      }
    case let number as Float: try leaf(Double(number), path: path)
    case let flag as Bool: .bool(flag)
    case let whole as Int: .integer(whole)
    case let whole as UInt64: whole > UInt64(Int.max) ? .unsigned(whole) : .integer(Int(whole))
    case let whole as any FixedWidthInteger: .integer(Int(whole))
    default: nil
    }
  }

  static func spell(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? JSONKey.spelled($0.stringValue) }.joined(separator: ".")
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let object = ObjectNode()
    node = .object(object)
    return KeyedEncodingContainer(
      Keyed<Key>(object: object, codingPath: codingPath, textsLists: textsLists))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let array = ArrayNode(isText: textsLists && codingPath.count == 1)
    node = .array(array)
    return Unkeyed(array: array, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }
}

extension JSONTreeEncoder {
  fileprivate struct Index: CodingKey {
    var intValue: Int?
    var stringValue: String { String(intValue ?? 0) }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
  }

  fileprivate struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let object: ObjectNode
    let codingPath: [any CodingKey]
    var textsLists = false

    private func set(_ node: Node, _ key: any CodingKey) {
      object.members.append((JSONKey.spelled(key.stringValue), node))
    }
    mutating func encodeNil(forKey key: Key) throws { set(.leaf(.null), key) }
    // The common types, without the detour over generic casts.
    mutating func encode(_ value: String, forKey key: Key) throws { set(.leaf(.string(value)), key) }
    mutating func encode(_ value: Int, forKey key: Key) throws { set(.leaf(.integer(value)), key) }
    mutating func encode(_ value: Bool, forKey key: Key) throws { set(.leaf(.bool(value)), key) }
    mutating func encode(_ value: Double, forKey key: Key) throws {
      guard value.isFinite else { throw JSONError.notFinite(path: JSONTreeEncoder.spell(codingPath + [key])) }
      set(.leaf(.number(JSONNumber.rounded(value))), key)
    }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      set(try JSONTreeEncoder.node(value, path: codingPath + [key], textsLists: textsLists), key)
    }
    mutating func nestedContainer<K: CodingKey>(
      keyedBy keyType: K.Type, forKey key: Key
    ) -> KeyedEncodingContainer<K> {
      let child = ObjectNode()
      set(.object(child), key)
      return KeyedEncodingContainer(JSONTreeEncoder.Keyed<K>(object: child, codingPath: codingPath + [key]))
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      let child = ArrayNode(isText: false)
      set(.array(child), key)
      return Unkeyed(array: child, codingPath: codingPath + [key])
    }
    mutating func superEncoder() -> any Encoder { preconditionFailure("plans hold values, not class trees") }
    mutating func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
  }

  fileprivate struct Unkeyed: UnkeyedEncodingContainer {
    let array: ArrayNode
    let codingPath: [any CodingKey]
    var count: Int { array.count }

    mutating func encodeNil() throws { array.append(.leaf(.null)) }
    mutating func encode<T: Encodable>(_ value: T) throws {
      array.append(try JSONTreeEncoder.node(value, path: codingPath + [Index(intValue: count)]))
    }
    mutating func nestedContainer<K: CodingKey>(keyedBy keyType: K.Type) -> KeyedEncodingContainer<K> {
      let child = ObjectNode()
      array.append(.object(child))
      return KeyedEncodingContainer(Keyed<K>(object: child, codingPath: codingPath))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      let child = ArrayNode(isText: false)
      array.append(.array(child))
      return Unkeyed(array: child, codingPath: codingPath)
    }
    mutating func superEncoder() -> any Encoder { preconditionFailure("plans hold values, not class trees") }
  }

  fileprivate struct Single: SingleValueEncodingContainer {
    let encoder: JSONTreeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    mutating func encodeNil() throws { encoder.node = .leaf(.null) }
    mutating func encode<T: Encodable>(_ value: T) throws {
      encoder.node = try JSONTreeEncoder.node(value, path: codingPath)
    }
  }
}
