import ArgumentParser
import FleetData
import Foundation
import Performance
import Validation

/// `calibrate`: fits the efficiency constants to measurements.
struct CalibrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit the efficiency constants to measured rows and write them as efficiency.json.",
    discussion: """
      The same rows always give the same constants. The errors on rows of a source or a chip that the fit never saw \
      are the honest figure for a machine of your own.
      """)

  @Option(help: "A JSON array of inference or training measurements.") var cases: String
  @Option(help: "The efficiency.json to write; the part that the rows do not fit is kept as built in.")
  var out: String?
  @Flag(help: "Skip the fits that leave out each source and each chip.") var fast = false

  func run() async throws {
    guard let data = FileManager.default.contents(atPath: cases) else {
      throw ExitError(.inputMissing, "cannot read the cases '\(cases)'")
    }
    if let rows = try? MeasuredCase.read(data) { return try fitInference(rows) }
    if let rows = try? TrainingCase.read(data) { return try fitTraining(rows) }
    throw ExitError(.badContent, "'\(cases)' holds neither inference nor training measurements")
  }

  private func fitInference(_ rows: [MeasuredCase]) throws {
    let result = InferenceFit(rows).run(transfer: !fast)
    Output.text("rows fitted                 \(result.rows) of \(rows.count)")
    show("all rows", result.fitted)
    if !fast {
      show("leave one source out", result.withoutSource)
      show("leave one chip out", result.withoutChip)
    }
    try write(EfficiencyFile(inference: result.table.completed(by: .builtIn).trimmed, training: .builtIn))
  }

  private func fitTraining(_ rows: [TrainingCase]) throws {
    let fit = TrainingFit(rows)
    let table = fit.fitted()
    if !fast {
      let errors = fit.errors(of: table)
      for (name, lines) in [
        ("all rows", errors.fitted), ("leave one source out", errors.withoutSource),
        ("leave one chip out", errors.withoutChip),
      ] {
        for line in lines {
          Output.text(
            "\(name), \(line.group): \(line.rows) rows, median \(rounded(100 * line.median, 3)) %, p90 "
              + "\(rounded(100 * line.p90, 3)) %")
        }
      }
    }
    try write(EfficiencyFile(inference: .builtIn, training: table))
  }

  private func show(_ name: String, _ errors: ErrorSummary) {
    Output.text(
      name.padded(28) + "median \(rounded(100 * errors.median, 3)) %, p90 \(rounded(100 * errors.p90, 3)) %")
  }

  private func write(_ file: EfficiencyFile) throws {
    guard let out else { return }
    try AtomicFile.write(try Output.jsonBytes(file), to: out)
    Output.progress("wrote \(out)")
  }
}

/// `efficiency.json` as a whole: the inference and the training constants.
struct EfficiencyFile: Encodable {
  var schema: String
  var chips: [EfficiencyTable.Entry]
  var software: [SoftwareEfficiency]
  var training: [TrainingEfficiencyTable.Entry]

  init(inference: EfficiencyTable, training: TrainingEfficiencyTable) {
    schema = inference.schema
    chips = inference.entries
    software = inference.software
    self.training = training.training
  }
}
