import FleetData

/// Derives a JSON Schema (draft-07) from a `Decodable` type: a decoder that hands out a sample of every value and
/// writes down what was asked for. The schema of a file therefore cannot drift from the type that reads it.
final class SchemaProbe: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private var shape: Shape = .value(.object([]))

  /// What the probed type asked for; containers fill theirs after they were handed out.
  fileprivate enum Shape {
    case value(JSONValue)
    case object(ObjectShape)
    case array(ArrayShape)

    var schema: JSONValue {
      switch self {
      case .value(let value): value
      case .object(let object): object.schema
      case .array(let array): .schema("array", [.init("items", array.items)])
      }
    }
  }
  fileprivate final class ArrayShape { var items: JSONValue = .object([]) }
  fileprivate final class ObjectShape {
    var properties: [JSONValue.Member] = []
    var required: [String] = []
    var schema: JSONValue {
      .schema(
        "object",
        [.init("properties", .object(properties)), .init("required", .array(required.map { .string($0) }))])
    }
  }

  /// The words that raw-valued enums of plans may hold; an enum's schema lists those it accepts.
  private static let words =
    [
      "measured", "quoted", "derived", "assumed", "fp32", "bf16", "fp8", "int8", "int4", "fp4", "feasible",
      "infeasible",
    ]
    + [
      "feasible_until", "pass", "fail", "inconclusive", "unsteady", "compute", "hbm", "interconnect",
      "overhead", "energy",
    ]
    + [
      "facility", "network", "error", "warn", "warning", "note", "line", "columns", "stackedColumns",
      "scatter",
    ]
    + [
      "waterfall", "tornado", "text", "integer", "decimal1", "decimal2", "decimal3", "significant3",
      "percent", "dollars",
    ]
    + [
      "dollarsCents", "scientific", "added", "removed", "changed", "same", "baseline", "price_drift",
      "change", "usage",
    ]
    + ["interaction", "candidate", "cost against carbon", "cost against latency"]

  static func schema<T: Decodable>(_ type: T.Type) throws -> JSONValue { try probe(type).schema }

  fileprivate static func probe<T: Decodable>(_ type: T.Type) throws -> (sample: T, schema: JSONValue) {
    if type == String.self { return ("" as! T, .schema("string")) }
    if type == Bool.self { return (false as! T, .schema("boolean")) }
    if type == Double.self { return (1.0 as! T, .schema("number")) }
    if type == Int.self { return (1 as! T, .schema("integer")) }
    if type == UInt64.self { return (UInt64(1) as! T, .schema("integer", [.init("minimum", .integer(0))])) }
    if type == Cell.self {
      let kinds = ["string", "number", "object"].map { JSONValue.string($0) }
      return (Cell.text("") as! T, .object([.init("type", .array(kinds))]))
    }
    if type == Report.Block.self { return (Report.Block.paragraph("") as! T, .schema("object")) }
    let words = Self.words.compactMap { word in
      (try? CanonicalJSON.decode(type, from: Array("\"\(word)\"".utf8))).map { (word, $0) }
    }
    if let first = words.first {
      return (first.1, .schema("string", [.init("enum", .array(words.map { .string($0.0) }))]))
    }
    let probe = SchemaProbe()
    let sample = try T(from: probe)
    return (sample, probe.shape.schema)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    let object = ObjectShape()
    shape = .object(object)
    return KeyedDecodingContainer(Keyed<Key>(object: object))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer {
    let array = ArrayShape()
    shape = .array(array)
    return Unkeyed(array: array)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(probe: self) }
}

extension JSONValue {
  /// `{"type": …}` with further members.
  static func schema(_ type: String, _ members: [Member] = []) -> JSONValue {
    .object([.init("type", .string(type))] + members)
  }
}

extension SchemaProbe {
  fileprivate struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: ObjectShape
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }
    private func ask<T: Decodable>(_ type: T.Type, _ key: Key, isRequired: Bool) throws -> T {
      let found = try SchemaProbe.probe(type)
      let name = JSONKey.spelled(key.stringValue)
      object.properties.append(.init(name, found.schema))
      if isRequired { object.required.append(name) }
      return found.sample
    }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      try ask(type, key, isRequired: true)
    }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
      try ask(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
      try ask(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
      try ask(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
      try ask(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
      try ask(type, key, isRequired: false)
    }
    func nestedContainer<K: CodingKey>(keyedBy type: K.Type, forKey key: Key) -> KeyedDecodingContainer<K> {
      KeyedDecodingContainer(SchemaProbe.Keyed<K>(object: ObjectShape()))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
      Unkeyed(array: ArrayShape())
    }
    func superDecoder() -> any Decoder { SchemaProbe() }
    func superDecoder(forKey key: Key) -> any Decoder { SchemaProbe() }
  }

  /// Holds one element.
  fileprivate struct Unkeyed: UnkeyedDecodingContainer {
    let array: ArrayShape
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(array: ArrayShape) { self.array = array }
    mutating func decodeNil() -> Bool { false }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
      let found = try SchemaProbe.probe(type)
      array.items = found.schema
      currentIndex += 1
      return found.sample
    }
    mutating func nestedContainer<K: CodingKey>(keyedBy type: K.Type) -> KeyedDecodingContainer<K> {
      KeyedDecodingContainer(SchemaProbe.Keyed<K>(object: ObjectShape()))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { Unkeyed(array: ArrayShape()) }
    mutating func superDecoder() -> any Decoder { SchemaProbe() }
  }

  fileprivate struct Single: SingleValueDecodingContainer {
    let probe: SchemaProbe
    let codingPath: [any CodingKey] = []
    func decodeNil() -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
      let found = try SchemaProbe.probe(type)
      probe.shape = .value(found.schema)
      return found.sample
    }
  }
}
