import FleetData

/// Why a trace could not be read at all. Single bad rows are `Rejection`s, not errors.
public enum TraceError: Error, Hashable, Sendable {
  case missing(path: String)
  case unreadable(path: String, why: String)
  /// The content is of no known format; `found` is its first line.
  case unknownFormat(found: String, help: String)
  /// The header lacks a column that is needed, or `--columns` names one that is not there.
  case columns(what: String, found: String, help: String)
  /// Not one row was accepted.
  case noRows(rejected: Int, first: Rejection?)
  /// In strict mode: the first rejected row.
  case strict(Rejection)
  /// The archive is damaged at a byte of the compressed file.
  case archive(kind: String, byte: Int, why: String)
  /// Reading failed part way; `accepted` rows and `lines` lines had been read.
  indirect case interrupted(TraceError, accepted: Int, lines: Int)
  /// A limit of what can be done was passed, at a line where there is one.
  case limit(what: String, line: Int?)
}

extension TraceError {
  /// What to show the user: the file, the line where there is one, and what would help.
  public func diagnostic(path: String) -> Diagnostic {
    func place(_ line: Int? = nil) -> Diagnostic.Location { Diagnostic.Location(file: path, line: line) }
    switch self {
    case .missing(let path):
      return Diagnostic("no such trace file", at: .init(file: path))
    case .unreadable(let path, let why):
      return Diagnostic("the trace cannot be read", at: .init(file: path), found: why)
    case .unknownFormat(let found, let help):
      return Diagnostic("not a trace format we know", at: place(1), found: found, help: help)
    case .columns(let what, let found, let help):
      return Diagnostic(what, at: place(1), found: found, help: help)
    case .noRows(let rejected, let first):
      return Diagnostic(
        "no request could be read", at: place(first?.line),
        found: first.map {
          "\(rejected) rejected row\(rejected == 1 ? "" : "s"), the first because: \($0.reason)"
        } ?? "no rows",
        expected: "at least one request")
    case .strict(let rejection):
      return Diagnostic(rejection.reason, at: place(rejection.line))
    case .archive(let kind, let byte, let why):
      return Diagnostic(
        "the \(kind) archive cannot be unpacked beyond compressed byte \(byte)", at: place(), found: why)
    case .interrupted(let cause, let accepted, let lines):
      var diagnostic = cause.diagnostic(path: path)
      diagnostic.help = "\(accepted) requests on \(lines) lines were read before it"
      return diagnostic
    case .limit(let what, let line):
      return Diagnostic(what, at: place(line))
    }
  }
}
