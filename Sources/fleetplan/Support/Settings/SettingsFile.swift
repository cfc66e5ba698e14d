import FleetData
import Foundation
import Ingest

/// One configuration file: `schema: config/1` and any of the settings.
struct SettingsFile {
  private(set) var values: [SettingKey: Settings.Value] = [:]

  init(_ path: String, _ problems: inout [Diagnostic]) {
    do {
      let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
      read(try ConfigNode.parse(text, file: path), path, &problems)
    } catch {
      problems += error.all
    }
  }

  private mutating func read(_ node: ConfigNode, _ path: String, _ problems: inout [Diagnostic]) {
    guard case .mapping(let entries) = node.content else {
      problems.append(Diagnostic("a configuration maps keys to values", at: node.location))
      return
    }
    for entry in entries where !entry.key.hasPrefix("x-") {
      guard let text = entry.value.scalarText else {
        problems.append(Diagnostic("'\(entry.key)' must be one value", at: entry.value.location))
        continue
      }
      if entry.key == "schema" {
        if text != "config/1" {
          problems.append(
            Diagnostic("another kind of file", at: entry.value.location, found: text, expected: "config/1"))
        }
        continue
      }
      guard let key = SettingKey.allCases.first(where: { $0.fileKey == entry.key }) else {
        let known = SettingKey.allCases.map(\.fileKey)
        problems.append(
          Diagnostic(
            "unknown key", at: entry.keyLocation, found: "'\(entry.key)'",
            expected: known.joined(separator: ", "),
            help: suggestion(for: entry.key, among: known)))
        continue
      }
      if let problem = key.problem(text, at: entry.value.location) { problems.append(problem) }
      let place = entry.value.location
      values[key] = Settings.Value(
        text: key.isPath ? Study.resolve(text, in: (path as NSString).deletingLastPathComponent) : text,
        origin: "\(path):\(place.line ?? 1):\(place.column ?? 1)")
    }
  }

  /// `fleetplan.yaml` in the working directory or the nearest directory above it, up to the root of the repository.
  static func nearestPath(from directory: String) -> [String] {
    let files = FileManager.default
    var here = URL(fileURLWithPath: directory.isEmpty ? files.currentDirectoryPath : directory).standardized
      .path
    var path = "fleetplan.yaml"
    while true {
      if files.fileExists(atPath: here + "/fleetplan.yaml") { return [path] }
      let above = (here as NSString).deletingLastPathComponent
      if files.fileExists(atPath: here + "/.git") || above == here { return [] }
      here = above
      path = "../" + path
    }
  }
}
