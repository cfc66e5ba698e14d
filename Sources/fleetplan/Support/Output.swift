import FleetData
import Foundation
import Reporting

/// Where results go: stdout carries the requested result only, everything else goes to stderr.
enum Output {
  static func text(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

  /// Progress, warnings and diagnostics.
  static func progress(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  static func diagnostics(_ all: [Diagnostic], limit: Int = 20) {
    for diagnostic in all.prefix(limit) { progress(diagnostic.description) }
    if all.count > limit { progress("... and \(all.count - limit) more") }
  }

  /// Sorted keys, LF and a final newline: the same value always gives the same bytes.
  static func json(_ value: some Encodable) throws {
    text(String(decoding: try jsonBytes(value), as: UTF8.self))
  }

  static func jsonBytes(_ value: some Encodable) throws -> [UInt8] { try CanonicalJSON.encode(value) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
