/// A JSON document as a tree: what the canonical writer prints and the reader returns.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Whole numbers above `Int.max`, such as seeds.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// An array of a long document as text already.
  case deferred(JSONText)
  /// Members in the order they were written; the canonical writer sorts them.
  case object([Member])

  public struct Member: Sendable, Hashable {
    public var key: String
    public var value: JSONValue
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// Why a document could not be written or read.
public enum JSONError: Error, Hashable, Sendable {
  /// NaN and infinity have no JSON spelling.
  case notFinite(path: String)
  case syntax(offset: Int, expected: String)
  case mismatch(path: String, expected: String)
  case missing(path: String)
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let path): "\(path) is not a finite number"
    case .syntax(let offset, let expected): "byte \(offset): expected \(expected)"
    case .mismatch(let path, let expected): "\(path): expected \(expected)"
    case .missing(let path): "\(path) is missing"
    }
  }
}

/// A list of a long document as text.
public struct JSONText: Sendable, Hashable {
  let bytes: [UInt8]
  /// Where the opening bracket of the array stands.
  let start: Int
}
