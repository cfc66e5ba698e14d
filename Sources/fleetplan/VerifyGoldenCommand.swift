import ArgumentParser
import FleetData
import Foundation
import Validation

/// `verify golden`: published answers beside ours.
struct VerifyGoldenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden",
    abstract: "Compute every case of a file of published answers and show which come out.",
    discussion: """
      Reads closed-form cases of the scaling book, speed-of-light rows and microbenchmarks of other tools, or training \
      runs, whose printed FLOP rates must follow from shape and tokens alone. A microbenchmark is listed with the share \
      of the speed of light that it reached. Ends with status 99 when a case is missed.

      Example: fleetplan verify golden --cases answers.json
      """)

  @Option(help: "A JSON array of cases.") var cases: String
  @OptionGroup var output: FormatOption

  func run() async throws {
    guard let data = FileManager.default.contents(atPath: cases) else {
      throw ExitError(.inputMissing, "cannot read the cases '\(cases)'")
    }
    let report: GoldenReport
    do { report = try GoldenReport(data) } catch {
      var diagnostic = error
      diagnostic.location = .init(file: cases)
      throw ExitError(.badContent, [diagnostic])
    }
    switch output.format {
    case .json: try Output.json(report)
    default: Output.text(report.text)
    }
    let missed = report.rows.count { $0.status == .missed }
    if missed > 0 { throw ExitError(.gateFailed, "\(missed) of \(report.asked) cases are missed") }
  }
}

extension GoldenReport {
  /// The share that comes out, what does not and why, and the listed ratios.
  var text: String {
    var lines: [String] = []
    if asked > 0 {
      let share = rounded(100 * Double(reproduced) / Double(asked), 4)
      lines.append("\(reproduced) of \(asked) cases reproduced to their tolerance (\(share) %)")
    }
    lines +=
      section("missed", .missed) + section("not covered", .notCovered) + section("the source errs", .disputed)
    let listed = rows.filter { $0.status == .listed }
    if !listed.isEmpty { lines.append("\(listed.count) microbenchmarks: least time over measured") }
    lines += listed.map {
      "  " + $0.id.padded(50) + "\($0.quantity)".padded(12) + "\(rounded($0.ratio ?? 0, 3))"
    }
    return lines.joined(separator: "\n")
  }

  private func section(_ title: String, _ status: Status) -> [String] {
    let found = rows.filter { $0.status == status }
    guard !found.isEmpty else { return [] }
    return [title]
      + found.map { row in
        let expected = "\(rounded(row.expected, 5)) \(row.unit)"
        let ours = row.ours.map { "\(rounded($0, 5)) for \(expected)" } ?? row.reason ?? ""
        return "  \(row.id), \(row.quantity): \(ours)"
      }
  }
}
