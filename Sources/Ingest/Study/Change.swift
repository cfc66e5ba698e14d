import FleetData

/// A named what-if: ordered edits of the scenario and its fleet, guarded by what they expect to find.
public struct Change: Sendable, Hashable {
  public enum Edit: Sendable, Hashable {
    case set(path: String, ConfigNode)
    case scale(path: String, factor: Double)
    case add(path: String, ConfigNode)
    case remove(path: String)
    /// The value must still be this, or the change no longer means what it meant.
    case expect(path: String, String)

    public var path: String {
      switch self {
      case .set(let path, _), .scale(let path, _), .add(let path, _), .remove(let path), .expect(let path, _):
        path
      }
    }
  }

  public var name: String
  public var why: String?
  public var author: String?
  public var edits: [Edit]
  public var location: Diagnostic.Location

  public init(
    name: String, why: String? = nil, author: String? = nil, edits: [Edit], location: Diagnostic.Location
  ) {
    self.name = name
    self.why = why
    self.author = author
    self.edits = edits
    self.location = location
  }
}

extension Change {
  /// `path=value` of the command line, as a change of its own.
  public static func assignment(_ text: String) throws(Diagnostic) -> Change {
    guard let split = text.firstIndex(of: "="), split != text.startIndex else {
      throw Diagnostic("not an assignment", found: "'\(text)'", expected: "path=value")
    }
    let place = Diagnostic.Location(file: "--set \(text)")
    let value = ConfigNode(.scalar(String(text[text.index(after: split)...])), at: place)
    return Change(name: text, edits: [.set(path: String(text[..<split]), value)], location: place)
  }

  /// Decodes the `changes` list of a scenario.
  public static func list(_ node: ConfigNode?) throws(Diagnostics) -> [Change] {
    guard let node else { return [] }
    let log = StudyLog()
    guard case .sequence(let items) = node.content else {
      throw Diagnostics([Diagnostic("'changes' must be a list", at: node.location, found: node.kind)])
    }
    let changes = items.enumerated().compactMap { change($0.element, number: $0.offset + 1, log) }
    var seen: Set<String> = []
    for change in changes where !seen.insert(change.name).inserted {
      log.report(Diagnostic("two changes have one name", at: change.location, found: "'\(change.name)'"))
    }
    guard log.diagnostics.isEmpty else { throw Diagnostics(log.diagnostics) }
    return changes
  }

  private static func change(_ node: ConfigNode, number: Int, _ log: StudyLog) -> Change? {
    let fields = FieldReader(
      node, path: "changes.\(number)",
      known: ["name", "why", "author", "set", "scale", "add", "remove", "expect"], log: log)
    guard let name = fields.requiredText("name") else { return nil }
    var edits = pairs(fields, "expect", log).compactMap { path, value in
      value.scalarText.map { Edit.expect(path: path, $0) }
    }
    edits += pairs(fields, "set", log).map { .set(path: $0, $1) }
    for (path, value) in pairs(fields, "scale", log) {
      guard let text = value.scalarText, let factor = Double(text), factor >= 0 else {
        log.report(
          Diagnostic("'scale' needs a factor", at: value.location, found: value.kind, expected: "0.9"))
        continue
      }
      edits.append(.scale(path: path, factor: factor))
    }
    edits += pairs(fields, "add", log).map { .add(path: $0, $1) }
    let removed = fields.node("remove")?.scalarText.map { [$0] } ?? fields.texts("remove")
    edits += removed.map { .remove(path: $0) }
    return Change(
      name: name, why: fields.text("why"), author: fields.text("author"), edits: edits,
      location: node.location)
  }

  private static func pairs(_ fields: FieldReader, _ key: String, _ log: StudyLog) -> [(String, ConfigNode)] {
    FieldReader.named(fields.node(key), path: "\(fields.path).\(key)", log: log).map { ($0.key, $0.value) }
  }
}

extension ConfigNode {
  /// The text of a scalar.
  public var scalarText: String? {
    if case .scalar(let text) = content { text } else { nil }
  }
}
