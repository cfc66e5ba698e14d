import FleetData
import Foundation

/// The two documents of a study as written, before they are decoded: what-ifs edit these.
public struct StudyDocuments: Sendable, Hashable {
  /// Top-level keys that live in the fleet file; every other path is of the scenario.
  static let fleetKeys: Set<String> = ["regions", "sites", "pods", "links", "currency", "fx"]

  public var scenario: ConfigNode
  public var fleet: ConfigNode
  public var files: [String]

  public init(scenario: ConfigNode, fleet: ConfigNode, files: [String]) {
    self.scenario = scenario
    self.fleet = fleet
    self.files = files
  }

  /// Reads a scenario and the fleet it names.
  /// - Throws: `Diagnostics` when a file is missing or is not YAML.
  public static func read(scenario path: String) throws(Diagnostics) -> StudyDocuments {
    let node = try ConfigNode.parse(try Study.readText(path), file: path)
    guard let fleetName = node["fleet"]?.scalarText else {
      throw Diagnostics([
        Diagnostic("'scenario' needs 'fleet'", at: node.location, expected: "fleet: fleet.yaml")
      ])
    }
    let fleetPath = Study.resolve(fleetName, in: (path as NSString).deletingLastPathComponent)
    let fleet = try ConfigNode.parse(
      try Study.readText(fleetPath, asked: node["fleet"]?.location), file: fleetPath)
    return StudyDocuments(scenario: node, fleet: fleet, files: [path, fleetPath])
  }

  /// The named what-ifs that the scenario lists.
  public func changes() throws(Diagnostics) -> [Change] { try Change.list(scenario["changes"]) }

  /// These documents with one change made.
  /// - Throws: a `Diagnostic` at the change, when a path leads nowhere or an expectation is not met.
  public func applying(_ change: Change) throws(Diagnostic) -> StudyDocuments {
    var result = self
    for edit in change.edits {
      do throws(Diagnostic) {
        try result.apply(edit)
      } catch {
        var diagnostic = error
        diagnostic.what = "change '\(change.name)', path '\(edit.path)': \(error.what)"
        diagnostic.location = change.location
        throw diagnostic
      }
    }
    return result
  }

  public func node(at path: String) -> ConfigNode? {
    let parts = path.split(separator: ".").map(String.init)
    return document(parts).node(at: parts)
  }

  private func document(_ parts: [String]) -> ConfigNode {
    parts.first.map(Self.fleetKeys.contains) == true ? fleet : scenario
  }

  private mutating func apply(_ edit: Change.Edit) throws(Diagnostic) {
    let parts = edit.path.split(separator: ".").map(String.init)
    var document = document(parts)
    switch edit {
    case .set(_, let value):
      // A key that the file leaves at its default may be set too.
      let exists = document.node(at: parts) != nil
      document = try document.replacing(parts, with: value, creating: !exists)
    case .scale(_, let factor):
      guard let node = document.node(at: parts) else {
        throw Diagnostic("there is nothing to scale", found: "no value")
      }
      document = try document.replacing(parts, with: try node.scaled(by: factor))
    case .add(_, let value): document = try document.replacing(parts, with: value, creating: true)
    case .remove: document = try document.removing(parts)
    case .expect(_, let text):
      let found = document.node(at: parts)
      guard found?.scalarText == text else {
        throw Diagnostic("the base has drifted", found: found?.kind ?? "nothing", expected: "'\(text)'")
      }
    }
    if parts.first.map(Self.fleetKeys.contains) == true { fleet = document } else { scenario = document }
  }
}
