import FleetData
import Foundation

/// A scenario with everything it was read from.
public struct Study: Sendable {
  public var scenario: Scenario
  public var catalog: Catalog
  /// Every value that was given or defaulted, with its place.
  public var inputs: [Plan.InputRow]
  /// The files read: scenario, fleet; traces are added by whoever reads them.
  public var files: [String]
  /// The folder relative paths of the scenario resolve against.
  public var directory: String
  public var warnings: [Diagnostic]
  /// SHA-256 of what both documents say, what-ifs included, whatever their layout.
  public var digest: String
}

extension Study {
  /// Reads a scenario and the fleet it names.
  /// - Throws: `Diagnostics` with all that is wrong in both files.
  public static func read(scenario path: String, catalog: Catalog) throws(Diagnostics) -> Study {
    try decode(try StudyDocuments.read(scenario: path), catalog: catalog)
  }

  /// Decodes parsed documents; what-ifs edit the documents first.
  public static func decode(_ documents: StudyDocuments, catalog: Catalog) throws(Diagnostics) -> Study {
    let log = StudyLog()
    if case .scalar(let start)? = documents.scenario["start"]?.content { log.startMonth = start }
    let fleet = FleetReader(catalog: catalog, sites: .builtIn, log: log).fleet(documents.fleet)
    let scenario = ScenarioReader(catalog: catalog, log: log).scenario(documents.scenario, fleet: fleet)
    guard !log.diagnostics.contains(where: { $0.severity == .error }) else {
      throw Diagnostics(log.diagnostics)
    }
    return Study(
      scenario: scenario, catalog: catalog, inputs: log.inputs, files: documents.files,
      directory: (documents.files[0] as NSString).deletingLastPathComponent, warnings: log.diagnostics,
      digest: SHA256.hexDigest(
        of: Array("\(documents.scenario.canonicalText)\n\(documents.fleet.canonicalText)".utf8)))
  }

  /// Checks a fleet file on its own.
  public static func readFleet(_ path: String, catalog: Catalog) throws(Diagnostics) -> Fleet {
    let node = try ConfigNode.parse(try readText(path), file: path)
    let log = StudyLog()
    let fleet = FleetReader(catalog: catalog, sites: .builtIn, log: log).fleet(node)
    guard log.diagnostics.isEmpty else { throw Diagnostics(log.diagnostics) }
    return fleet
  }

  /// Relative paths resolve against the file that contains them, never the working directory.
  public static func resolve(_ path: String, in directory: String) -> String {
    if path.hasPrefix("/") { return path }
    var parts = directory.split(separator: "/").filter { $0 != "." }
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (directory.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  static func readText(_ path: String) throws(Diagnostics) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Diagnostics(
        [Diagnostic("no such file", at: .init(file: path), help: "check the path")], isMissingInput: true)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Diagnostics([Diagnostic("not valid UTF-8", at: .init(file: path))])
    }
    return text
  }
}

extension Study {
  /// What a YAML file says it is: the text of its `schema` key.
  public static func schema(ofFile path: String) throws(Diagnostics) -> String? {
    let node = try ConfigNode.parse(try readText(path), file: path)
    guard case .scalar(let schema)? = node["schema"]?.content else { return nil }
    return schema
  }
}
