import ArgumentParser
import FleetData

/// `doctor`: is this machine fit to run the planner, and what is it made of?
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check libraries, locale, CPU, memory, disk and the built-in data.",
    discussion: """
      Ends with 0 when every check passes and with 78 when one does not.

      Example: fleetplan doctor --format json
      """)
  @OptionGroup var output: FormatOption

  func run() async throws {
    let report = DoctorReport(checks: DoctorChecks.all())
    switch output.format {
    case .json: try Output.json(report)
    case .text: Output.text(report.text)
    default: throw ExitError(.usage, "doctor writes text or json; found --format \(output.format.rawValue)")
    }
    let failed = report.checks.filter { !$0.passed }
    guard failed.isEmpty else {
      throw ExitError(
        .badConfig,
        failed.map { Diagnostic("\($0.name) is not fit", found: $0.value, help: $0.help) })
    }
  }
}

/// One thing that was looked at.
struct DoctorCheck: Encodable {
  var name: String
  var value: String
  var passed: Bool
  /// What to do when it did not pass.
  var help: String?

  init(_ name: String, _ value: String, passed: Bool = true, help: String? = nil) {
    self.name = name
    self.value = value
    self.passed = passed
    self.help = passed ? nil : help
  }
}

struct DoctorReport: Encodable {
  let schema = "doctor/1"
  let version = Fleetplan.version
  let checks: [DoctorCheck]
  let passed: Bool

  init(checks: [DoctorCheck]) {
    self.checks = checks
    passed = checks.allSatisfy(\.passed)
  }

  var text: String {
    let width = checks.map(\.name.count).max() ?? 0
    let lines = checks.map { check in
      let gap = String(repeating: " ", count: width - check.name.count + 2)
      let help = check.help.map { "\n      " + $0 } ?? ""
      return (check.passed ? "ok    " : "FAIL  ") + check.name + gap + check.value + help
    }
    let verdict = passed ? "Ready." : "Not ready: \(checks.filter { !$0.passed }.count) checks failed."
    return "fleetplan \(version)\n" + (lines + [verdict]).joined(separator: "\n")
  }
}
