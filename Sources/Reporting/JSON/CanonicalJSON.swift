/// JSON as every result of the planner is written: the same value is the same bytes on every machine.
///
/// Keys in snake case and sorted, numbers with twelve significant digits, LF, a final newline, never NaN or infinity.
public enum CanonicalJSON {
  /// - Throws: `JSONError.notFinite` with the path of the number.
  public static func encode(_ value: some Encodable, pretty: Bool = true) throws -> [UInt8] {
    JSONWriter.bytes(try JSONTreeEncoder.tree(value), pretty: pretty)
  }

  /// - Throws: `JSONError` with the byte or the path at fault.
  public static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
    try JSONBytesDecoder.decode(type, try JSONIndex(bytes, defersLists: true), 0)
  }

  /// The document as a tree, for readers that look at `schema` first.
  public static func tree(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    try JSONIndex(bytes, defersLists: false).tree()
  }
}
