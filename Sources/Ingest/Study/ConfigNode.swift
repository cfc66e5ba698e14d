import FleetData
import Yams

/// A YAML (or JSON) document as written: scalars stay text, every node knows its place.
///
/// Scalars are decoded by our schema, never by YAML's resolver, so `no`, `1e3` and `12:30` mean what was written.
public struct ConfigNode: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case scalar(String)
    case mapping([Entry])
    case sequence([ConfigNode])
  }

  public struct Entry: Sendable, Hashable {
    public var key: String
    public var keyLocation: Diagnostic.Location
    public var value: ConfigNode
  }

  public var content: Content
  public var location: Diagnostic.Location

  public init(_ content: Content, at location: Diagnostic.Location) {
    self.content = content
    self.location = location
  }

  /// The value under `key` of a mapping.
  public subscript(key: String) -> ConfigNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// What kind of thing this is, for messages.
  var kind: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "'\(text)'"
    case .mapping: "a mapping"
    case .sequence: "a list"
    }
  }
}

extension ConfigNode {
  /// The most nodes a document may expand to; a page of nested aliases stops here.
  static let nodeLimit = 200_000

  /// Parses one document.
  /// - Throws: `Diagnostics` with the place of a syntax error, a duplicate key or an alias bomb.
  public static func parse(_ text: String, file: String) throws(Diagnostics) -> ConfigNode {
    do {
      guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
        throw Diagnostics([Diagnostic("the file is empty", at: .init(file: file, line: 1, column: 1))])
      }
      var budget = nodeLimit
      return try convert(node, file: file, budget: &budget)
    } catch let error as Diagnostics {
      throw error
    } catch let error as YamlError {
      throw Diagnostics([error.diagnostic(file: file)])
    } catch {
      throw Diagnostics([Diagnostic("\(error)", at: .init(file: file))])
    }
  }

  private static func convert(_ node: Node, file: String, budget: inout Int) throws -> ConfigNode {
    budget -= 1
    let place = location(node, file)
    guard budget > 0 else {
      throw Diagnostics([Diagnostic("the document expands to more than \(nodeLimit) nodes", at: place)])
    }
    switch node {
    case .scalar(let scalar): return ConfigNode(.scalar(scalar.string), at: place)
    case .sequence(let sequence):
      var items: [ConfigNode] = []
      for item in sequence { items.append(try convert(item, file: file, budget: &budget)) }
      return ConfigNode(.sequence(items), at: place)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw Diagnostics([Diagnostic("a key must be plain text", at: location(key, file))])
        }
        entries.append(
          Entry(
            key: scalar.string, keyLocation: location(key, file),
            value: try convert(value, file: file, budget: &budget)))
      }
      return ConfigNode(.mapping(entries), at: place)
    case .alias:
      throw Diagnostics([Diagnostic("an alias points to nothing", at: place)])
    }
  }

  private static func location(_ node: Node, _ file: String) -> Diagnostic.Location {
    Diagnostic.Location(file: file, line: node.mark?.line, column: node.mark?.column)
  }
}

extension YamlError {
  func diagnostic(file: String) -> Diagnostic {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Diagnostic(
        "not valid YAML: \(problem)", at: .init(file: file, line: mark.line, column: mark.column),
        help: "check indentation, quotes and colons on this line")
    case .duplicatedKeysInMapping(let duplicates, let context):
      Diagnostic(
        "duplicate key", at: .init(file: file, line: context.mark.line, column: context.mark.column),
        found: duplicates.map { "'\(String(describing: $0))'" }.joined(separator: ", "),
        help: "keep one of them")
    default: Diagnostic("not valid YAML: \(self)", at: .init(file: file))
    }
  }
}
