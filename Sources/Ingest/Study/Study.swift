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
  /// The traces that services name, in their order.
  public var traces: [TraceFile]
  /// The folder relative paths of the scenario resolve against.
  public var directory: String
  public var warnings: [Diagnostic]
  /// SHA-256 of what both documents say, what-ifs included, whatever their layout.
  public var digest: String
}

extension Study {
  /// A trace file, and which line of which file asks for it.
  public struct TraceFile: Sendable, Hashable {
    public var service: String
    public var path: String
    public var asked: Diagnostic.Location?

    public init(service: String, path: String, asked: Diagnostic.Location? = nil) {
      self.service = service
      self.path = path
      self.asked = asked
    }

    /// What is wrong when the file is not there.
    public var missing: Diagnostic { Diagnostics.missing("trace file", path, asked: asked).all[0] }
  }

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
    let directory = (documents.files[0] as NSString).deletingLastPathComponent
    return Study(
      scenario: scenario, catalog: catalog, inputs: log.inputs, files: documents.files,
      traces: scenario.services.compactMap { service in
        guard let trace = service.trace else { return nil }
        return TraceFile(
          service: service.id, path: resolve(trace, in: directory),
          asked: documents.node(at: "services.\(service.id).trace")?.location)
      },
      directory: directory,
      warnings: Diagnostics(log.diagnostics).all,
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

  /// - Parameter asked: Where another file names this one; nil for one that the command names.
  static func readText(_ path: String, asked: Diagnostic.Location? = nil) throws(Diagnostics) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing("file", path, asked: asked)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Diagnostics([Diagnostic("not valid UTF-8", at: .init(file: path))])
    }
    return text
  }
}

extension Diagnostics {
  /// - Parameter asked: Where another file names the one that is not there; nil for one that the command names.
  public static func missing(_ what: String, _ path: String, asked: Diagnostic.Location?) -> Diagnostics {
    let diagnostic =
      asked.map {
        Diagnostic(
          "no such \(what)", at: $0, found: "'\(path)'", help: "a path is relative to the file that names it")
      } ?? Diagnostic("no such \(what)", at: .init(file: path), help: "check the path")
    return Diagnostics([diagnostic], isMissingInput: true)
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
