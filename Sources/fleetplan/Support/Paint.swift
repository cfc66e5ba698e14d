import FleetData
import Foundation

/// Colour on a terminal, and only there: the flag decides, then the environment, then whether a person is looking.
enum Paint {
  enum Choice: String, CaseIterable { case auto, always, never }

  /// - Parameter descriptor: the stream that the text goes to.
  static func isOn(for descriptor: Int32) -> Bool {
    let choice = (try? Settings.current.get().text(.color)).flatMap(Choice.init) ?? .auto
    switch choice {
    case .always: return true
    case .never: return false
    case .auto: return isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }
  }

  /// `file:1:2: error: what; found …` with its severity in colour.
  static func diagnostic(_ diagnostic: Diagnostic) -> String {
    let plain = diagnostic.description
    guard isOn(for: STDERR_FILENO) else { return plain }
    let word = diagnostic.severity.rawValue + ":"
    let code = diagnostic.severity == .error ? "31" : diagnostic.severity == .warning ? "33" : "36"
    guard let place = plain.range(of: word) else { return plain }
    return plain.replacingCharacters(in: place, with: "\u{1B}[1;\(code)m\(word)\u{1B}[0m")
  }
}
