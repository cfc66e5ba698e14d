import FleetData
import Foundation
import Ingest

/// Paths as results record them: relative to the root of the project, so that the working directory leaves no trace
/// and annotations point at files as the repository knows them.
struct ProjectPaths {
  private let root: [Substring]

  /// The root is the nearest directory above the scenario that holds `.git` or `fleetplan.yaml`; else its own.
  init(scenario path: String) {
    let own = Self.absolute((path as NSString).deletingLastPathComponent)
    var here = own
    let files = FileManager.default
    while here != "/" {
      if files.fileExists(atPath: here + "/.git") || files.fileExists(atPath: here + "/fleetplan.yaml") {
        break
      }
      here = (here as NSString).deletingLastPathComponent
    }
    root = (here == "/" ? own : here).split(separator: "/")
  }

  func relative(_ path: String) -> String {
    if path.hasPrefix("--") || path.isEmpty { return path }
    let parts = Self.absolute(path).split(separator: "/")
    let common = zip(root, parts).prefix { $0 == $1 }.count
    let ups = Array(repeating: Substring(".."), count: root.count - common)
    return (ups + parts[common...]).joined(separator: "/")
  }

  func relative(_ place: Diagnostic.Location?) -> Diagnostic.Location? {
    place.map { .init(file: relative($0.file), line: $0.line, column: $0.column) }
  }

  /// A study whose places are relative to the root.
  func relative(_ study: Study) -> Study {
    var study = study
    for i in study.inputs.indices {
      if study.files.contains(study.inputs[i].source) {
        study.inputs[i].source = relative(study.inputs[i].source)
      }
      study.inputs[i].location = relative(study.inputs[i].location)
    }
    for i in study.scenario.gates.indices {
      study.scenario.gates[i].location = relative(study.scenario.gates[i].location)
    }
    return study
  }

  /// A plan whose prices and sites name the files they were written in by the same paths.
  func relative(_ plan: Plan, files: [String]) -> Plan {
    var plan = plan
    for i in plan.pods.indices where files.contains(plan.pods[i].source) {
      plan.pods[i].source = relative(plan.pods[i].source)
    }
    for i in plan.sites.indices where files.contains(plan.sites[i].source) {
      plan.sites[i].source = relative(plan.sites[i].source)
    }
    return plan
  }

  private static func absolute(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath
    return URL(fileURLWithPath: path.hasPrefix("/") ? path : "\(here)/\(path)").standardized.path
  }
}
