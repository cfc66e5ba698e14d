import FleetData
import Foundation
import Ingest

/// Every setting with where it came from: a flag, the environment, the nearest `fleetplan.yaml` upward to the root of
/// the repository, the user's `fleetplan/config.yaml`, or the built-in default — the first that says something.
struct Settings: Sendable {
  struct Value: Sendable {
    var text: String
    /// `flag --color`, `environment FLEETPLAN_OUT`, `fleetplan.yaml:3:6`, `default`.
    var origin: String
  }

  /// The process's own; a bad configuration is an error of every command that asks.
  static let current = Result { try Settings(GlobalFlags.current, ProcessInfo.processInfo.environment) }

  private let values: [SettingKey: Value]

  /// - Throws: exit 78 with everything that is wrong in the environment and the files.
  init(_ flags: GlobalFlags, _ environment: [String: String]) throws {
    var problems: [Diagnostic] = []
    let files = try Self.files(flags, environment, &problems)
    var values: [SettingKey: Value] = [:]
    for key in SettingKey.allCases {
      let found =
        flags.settings[key].map { Value(text: $0, origin: "flag --\(key.rawValue)") }
        ?? Self.fromEnvironment(key, environment, &problems)
        ?? files.lazy.compactMap { $0.values[key] }.first
        ?? Value(text: key.builtIn, origin: "default")
      values[key] = found
    }
    guard problems.isEmpty else { throw ExitError(.badConfig, problems) }
    self.values = values
  }

  /// Every setting that is not the built-in one, on stderr.
  func say() {
    for key in SettingKey.allCases where value(key).origin != "default" {
      Output.progress("fleetplan: \(key.rawValue) is \(text(key)) [\(value(key).origin)]")
    }
  }

  func value(_ key: SettingKey) -> Value { values[key]! }
  func text(_ key: SettingKey) -> String { value(key).text }

  /// A command's own flag, or what is set for all.
  static func text(_ key: SettingKey, flag: String?) throws -> String {
    if let flag { return flag }
    return try current.get().text(key)
  }

  /// An empty variable is as good as none.
  private static func fromEnvironment(
    _ key: SettingKey, _ environment: [String: String], _ problems: inout [Diagnostic]
  ) -> Value? {
    if let text = environment[key.variable], !text.isEmpty {
      if let problem = key.problem(text, at: .init(file: key.variable)) { problems.append(problem) }
      return Value(text: text, origin: "environment \(key.variable)")
    }
    guard key == .color else { return nil }
    if environment["NO_COLOR"]?.isEmpty == false {
      return Value(text: "never", origin: "environment NO_COLOR")
    }
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] where environment[name]?.isEmpty == false {
      return Value(text: "always", origin: "environment \(name)")
    }
    return nil
  }

  private static func files(
    _ flags: GlobalFlags, _ environment: [String: String], _ problems: inout [Diagnostic]
  ) throws -> [SettingsFile] {
    let paths = flags.configuration.map { [$0] } ?? SettingsFile.nearestPath(from: "")
    if let given = flags.configuration, !FileManager.default.fileExists(atPath: given) {
      throw ExitError(.badConfig, "there is no configuration file '\(given)'")
    }
    let home = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let user = (home ?? (environment["HOME"] ?? "") + "/.config") + "/fleetplan/config.yaml"
    return (paths + [user]).filter { FileManager.default.fileExists(atPath: $0) }
      .map { SettingsFile($0, &problems) }
  }
}
