import ArgumentParser
import FleetData

/// The exit codes users and CI jobs rely on.
enum ExitStatus: Int32 {
  case ok = 0
  /// Wrong flags or arguments.
  case usage = 64
  /// An input file says something wrong.
  case badContent = 65
  case inputMissing = 66
  /// Our bug.
  case internalError = 70
  case cannotWrite = 73
  case badConfig = 78
  /// No plan meets the hard constraints.
  case infeasible = 98
  /// A gate failed.
  case gateFailed = 99
}

/// Ends a command with a status, after its diagnostics were shown.
struct ExitError: Error {
  var status: ExitStatus
  var diagnostics: [Diagnostic]

  init(_ status: ExitStatus, _ diagnostics: [Diagnostic] = []) {
    self.status = status
    self.diagnostics = diagnostics
  }

  init(_ status: ExitStatus, _ what: String, help: String? = nil) {
    self.init(status, [Diagnostic(what, help: help)])
  }
}

extension ExitError {
  /// Any error a room throws, as the status a user sees: what they wrote is 65, a missing file 66, the rest a bug.
  init(wrapping error: any Error) {
    switch error {
    case let error as ExitError: self = error
    case let error as Diagnostics: self.init(error.isMissingInput ? .inputMissing : .badContent, error.all)
    case let error as Diagnostic: self.init(.badContent, [error])
    default:
      self.init(
        .internalError, "this is a bug: \(error)",
        help: "report it with the command line and `fleetplan doctor`'s output")
    }
  }
}
