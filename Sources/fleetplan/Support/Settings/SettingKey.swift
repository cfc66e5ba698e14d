import FleetData

/// What may be set once for all commands instead of being repeated as a flag.
enum SettingKey: String, CaseIterable, Sendable {
  case catalog, color, format
  case gateMode = "gate-mode"
  case jobs, out, progress, results

  /// The key in a configuration file.
  var fileKey: String { rawValue.replacing("-", with: "_") }
  /// The environment variable.
  var variable: String { "FLEETPLAN_" + fileKey.uppercased() }

  var builtIn: String {
    switch self {
    case .catalog: ""
    case .color, .progress: "auto"
    case .format: "xlsx,md,json"
    case .gateMode: "enforce"
    case .jobs: "0"
    case .out: "out"
    case .results: "sweep-results"
    }
  }

  var meaning: String {
    switch self {
    case .catalog: "a directory whose chips.json and models.json overlay the built-in catalog"
    case .color: "colour on the terminal: auto, always, never"
    case .format: "what `plan` writes"
    case .gateMode: "what a failed gate does to the exit code: enforce, warn, off"
    case .jobs: "cells of a sweep planned at once; 0 takes every core"
    case .out: "where `plan` writes"
    case .progress: "auto, plain, none"
    case .results: "where a sweep keeps its cells"
    }
  }

  /// Paths resolve against the file that contains them.
  var isPath: Bool { self == .catalog || self == .out || self == .results }

  private var words: [String]? {
    switch self {
    case .color: Paint.Choice.allCases.map(\.rawValue)
    case .progress: Progress.Style.allCases.map(\.rawValue)
    case .gateMode: GateMode.allCases.map(\.rawValue)
    default: nil
    }
  }

  /// What is wrong with a value, if anything.
  func problem(_ value: String, at place: Diagnostic.Location) -> Diagnostic? {
    if let words, !words.contains(value) {
      return Diagnostic(
        "'\(rawValue)' cannot be this", at: place, found: "'\(value)'",
        expected: words.joined(separator: ", "),
        help: suggestion(for: value, among: words))
    }
    if self == .jobs, (Int(value) ?? -1) < 0 {
      return Diagnostic(
        "'jobs' must be a whole number", at: place, found: "'\(value)'", expected: "0, 1, 2, …")
    }
    if self == .format {
      do { _ = try ReportFormat.list(value) } catch {
        return Diagnostic(
          "'format' names an unknown format", at: place, found: "'\(value)'",
          expected: ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))
      }
    }
    return nil
  }
}
