import ArgumentParser
import FleetData
import Foundation
import Ingest
import Planning

/// `validate FILE…`: checks input files and shows every problem with its place.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check scenario, fleet and setup files; print every problem with its place.",
    discussion: "Example: fleetplan validate scenario.yaml fleet.yaml")
  @Argument(help: "scenario.yaml, fleet.yaml or setup.yaml files.") var files: [String]
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func run() async throws {
    let catalog = try catalog.load()
    var problems: [Diagnostic] = []
    var status = ExitStatus.ok
    for file in files {
      do throws(Diagnostics) {
        try check(file, catalog)
      } catch {
        problems += error.all
        status = error.isMissingInput ? .inputMissing : .badContent
      }
    }
    if output.format == .json {
      try Output.json(ValidationResult(files: files, problems: problems.map(ValidationResult.Problem.init)))
    } else if problems.isEmpty {
      Output.text(files.map { "\($0): ok" }.joined(separator: "\n"))
    }
    if status != .ok { throw ExitError(status, problems) }
  }

  /// A scenario is checked together with the fleet it names.
  private func check(_ file: String, _ catalog: Catalog) throws(Diagnostics) {
    switch try Study.schema(ofFile: file) {
    case "fleet/1": _ = try Study.readFleet(file, catalog: catalog)
    case "setup/1": try check(try SimulationSetup.read(file, catalog: catalog).traces)
    case "scenario/1": try check(try checkedStudy(file, catalog).traces)
    case let other:
      throw Diagnostics([
        Diagnostic(
          "the file does not say what it is", at: .init(file: file, line: 1, column: 1),
          found: other.map { "schema '\($0)'" } ?? "no 'schema'",
          expected: "schema: scenario/1, fleet/1 or setup/1")
      ])
    }
  }
}

extension ValidateCommand {
  private func check(_ traces: [Study.TraceFile]) throws(Diagnostics) {
    let missing = traces.filter { !FileManager.default.fileExists(atPath: $0.path) }
    guard missing.isEmpty else { throw Diagnostics(missing.map(\.missing), isMissingInput: true) }
  }

  /// The scenario with its changes made, its gates named rightly and its sweep a matrix.
  private func checkedStudy(_ file: String, _ catalog: Catalog) throws(Diagnostics) -> Study {
    let documents = try StudyDocuments.read(scenario: file)
    let study = try Study.decode(documents, catalog: catalog)
    var problems = GateCheck(study.scenario).problems()
    do throws(Diagnostics) {
      let changes = try documents.changes()
      if !changes.isEmpty {
        _ = try Study.decode(WhatIf(documents, changes: changes).candidate, catalog: catalog)
      }
    } catch { problems += error.all }
    do throws(Diagnostics) {
      for cell in try SweepMatrix(documents.scenario["sweep"], documents: documents).cells {
        do throws(Diagnostic) {
          _ = try documents.applying(cell.change(at: .init(file: file)))
        } catch { throw Diagnostics([error]) }
      }
    } catch { problems += error.all }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return study
  }
}

private struct ValidationResult: Encodable {
  var schema = "validation/1"
  var files: [String]
  var problems: [Problem]

  struct Problem: Encodable {
    /// As a terminal shows it.
    var text: String
    var severity: String
    var what: String
    var file: String?
    var line: Int?
    var column: Int?
    var found: String?
    var expected: String?
    var help: String?

    init(_ diagnostic: Diagnostic) {
      text = diagnostic.description
      severity = diagnostic.severity.rawValue
      what = diagnostic.what
      file = diagnostic.location?.file
      line = diagnostic.location?.line
      column = diagnostic.location?.column
      found = diagnostic.found
      expected = diagnostic.expected
      help = diagnostic.help
    }
  }
}
