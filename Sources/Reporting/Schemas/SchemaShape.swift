/// A JSON value's shape, written short: `.record(["time_s": .number, "note": .optional(.text)])`.
///
/// Records may hold more members than named: adding one keeps the schema's version.
indirect enum SchemaShape: Sendable {
  case text, number, integer, flag, any
  case word([String])
  case list(SchemaShape)
  /// Values by names that are not known beforehand.
  case named(SchemaShape)
  case optional(SchemaShape)
  case record(KeyValuePairs<String, SchemaShape>)
  /// A number or nothing.
  case nullable(SchemaShape)

  var schema: JSONValue {
    switch self {
    case .text: .schema("string")
    case .number: .schema("number")
    case .integer: .schema("integer")
    case .flag: .schema("boolean")
    case .any: .object([])
    case .word(let words): .schema("string", [.init("enum", .array(words.map { .string($0) }))])
    case .list(let item): .schema("array", [.init("items", item.schema)])
    case .named(let value): .schema("object", [.init("additionalProperties", value.schema)])
    case .optional(let shape): shape.schema
    case .nullable(let shape):
      .object([.init("anyOf", .array([shape.schema, .schema("null")]))])
    case .record(let members): Self.record(members)
    }
  }

  private static func record(_ members: KeyValuePairs<String, SchemaShape>) -> JSONValue {
    let required = members.filter { if case .optional = $0.value { false } else { true } }
    return .schema(
      "object",
      [
        .init("properties", .object(members.map { .init($0.key, $0.value.schema) })),
        .init("required", .array(required.map { .string($0.key) })),
      ])
  }
}
