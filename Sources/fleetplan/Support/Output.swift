import FleetData
import Foundation
import Reporting

/// Where results go: stdout carries the requested result only, everything else goes to stderr.
enum Output {
  /// Ends the command with 73 when stdout takes no more, for a result that is cut short must not look like one.
  static func text(_ text: String) {
    guard write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) else {
      let reason = String(cString: strerror(errno))
      progress(Diagnostic("cannot write to stdout: \(reason)").description)
      exit(ExitStatus.cannotWrite.rawValue)
    }
  }

  /// What is good to know; `--quiet` keeps it away.
  static func note(_ text: String) { if !GlobalFlags.current.isQuiet { progress(text) } }

  /// Progress and diagnostics.
  static func progress(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

  static func diagnostics(_ found: [Diagnostic], limit: Int = 20) {
    let all = GlobalFlags.current.isQuiet ? found.filter { $0.severity == .error } : found
    for diagnostic in all.prefix(limit) { progress(Paint.diagnostic(diagnostic)) }
    if all.count > limit { progress("... and \(all.count - limit) more") }
  }

  /// Sorted keys, LF and a final newline: the same value always gives the same bytes.
  static func json(_ value: some Encodable) throws {
    text(String(decoding: try jsonBytes(value), as: UTF8.self))
  }

  static func jsonBytes(_ value: some Encodable) throws -> [UInt8] { try CanonicalJSON.encode(value) }

  /// - Returns: whether all of it was taken.
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 { return false }
      bytes = bytes.dropFirst(written)
    }
    return true
  }
}
