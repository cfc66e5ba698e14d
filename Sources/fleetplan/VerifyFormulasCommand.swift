import ArgumentParser
import FleetData
import Foundation
import Validation

/// `verify formulas`: closed formulas of scaling laws, serving, sites, prices, reliability and queues.
struct VerifyFormulasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formulas",
    abstract: "Recompute published figures of scaling laws, serving, sites, money, failures and queues.",
    discussion: """
      Exit code 99 when a figure is beyond its tolerance.

      Example: fleetplan verify formulas --cases economics.json
      """)
  @Option(help: "A published-economics/1 document.") var cases = "fixtures/published/economics.json"
  @OptionGroup var output: FormatOption

  func run() async throws {
    guard let data = FileManager.default.contents(atPath: cases) else {
      throw ExitError(.inputMissing, "cannot read the cases '\(cases)'")
    }
    let found: FormulaVerification
    do { found = FormulaVerification(try FormulaCase.read(data)) } catch {
      var diagnostic = error
      diagnostic.location = .init(file: cases)
      throw ExitError(.badContent, [diagnostic])
    }
    switch output.format {
    case .json: try Output.json(StudyFile.Sheet(found.table))
    case .text: Output.text(TextTable.render(found.table) + "\n\n" + found.sentence)
    default:
      throw ExitError(.usage, "verify formulas writes text or json; found --format \(output.format.rawValue)")
    }
    guard found.passed == found.total else {
      throw ExitError(.gateFailed, "\(found.total - found.passed) cases are beyond their tolerance")
    }
  }
}
