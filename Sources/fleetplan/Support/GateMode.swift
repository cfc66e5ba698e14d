import ArgumentParser
import FleetData

/// What a failed gate does to the exit code.
enum GateMode: String, ExpressibleByArgument, CaseIterable {
  case enforce, warn, off

  /// What the command line says, or what is set for all commands.
  static func chosen(_ flag: GateMode?) throws -> GateMode {
    try flag ?? GateMode(rawValue: Settings.current.get().text(.gateMode)) ?? .enforce
  }

  /// Does a result fail the command?
  static func fails(_ result: Plan.GateResult) -> Bool {
    result.status == .fail && (result.gate.severity == .error || GlobalFlags.current.warningsAreErrors)
  }

  /// - Throws: exit 99 when a gate of severity error failed and gates are enforced.
  static func end(_ results: [Plan.GateResult], mode: GateMode) throws {
    guard mode != .off else { return }
    for row in results where row.status != .pass {
      Output.progress(
        "gate \(row.gate.name): \(row.status.rawValue): \(row.gate.expression)"
          + (row.detail.isEmpty ? "" : ": \(row.detail)"))
    }
    guard mode == .enforce, results.contains(where: fails)
    else { return }
    throw ExitError(.gateFailed)
  }
}
