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
      The same rows always give the same bytes. The errors on runs, sources and chips that the fit never saw are the \
      honest figure for a machine of your own; --fast leaves them out. Give several files to fit inference and \
      training together; rows of one kind are fitted as one. What the rows do not bear on is kept as built in. Use the \
      result with --efficiency FILE.

      Example: fleetplan calibrate --cases runs.json --fast --out efficiency.json
      """)

  @Option(parsing: .upToNextOption, help: "JSON arrays of inference or training measurements.")
  var cases: [String]
  @Option(help: "The efficiency.json to write.") var out: String?
  @Flag(help: "Skip the fits that hold out runs, sources and chips.") var fast = false

  func run() async throws {
    guard !cases.isEmpty else { throw ValidationError("name at least one file of measurements") }
    var (inference, training): ([MeasuredCase], [TrainingCase]) = ([], [])
    for path in cases {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ExitError(.inputMissing, "cannot read the cases '\(path)'")
      }
      if let rows = try? MeasuredCase.read(data) {
        inference += rows
      } else if let rows = try? TrainingCase.read(data) {
        training += rows
      } else {
        throw ExitError(.badContent, "'\(path)' holds neither inference nor training measurements")
      }
    }
    var file = EfficiencyFile()
    if !inference.isEmpty { try fit(inference, &file) }
    if !training.isEmpty { fit(training, &file) }
    guard let out else { return }
    try AtomicFile.write(try file.bytes(), to: out)
    Output.note("wrote \(out)")
  }

  private func fit(_ rows: [MeasuredCase], _ file: inout EfficiencyFile) throws {
    let result = InferenceFit(rows).run(transfer: !fast)
    guard !result.residuals.isEmpty else {
      throw ExitError(.badContent, "no row states enough to be predicted; verify measured shows why")
    }
    let record = result.record(of: rows)
    file.inference = result.table.completed(by: .builtIn).trimmed
    keep(record, of: rows.count, in: &file)
  }

  private func fit(_ rows: [TrainingCase], _ file: inout EfficiencyFile) {
    let fit = TrainingFit(rows)
    let table = fit.fitted()
    file.training = table
    keep(fit.record(of: table, transfer: !fast), of: rows.count, in: &file)
  }

  private func keep(_ record: FitRecord, of given: Int, in file: inout EfficiencyFile) {
    file.fitted = (file.fitted.filter { $0.kind != record.kind } + [record]).sorted { $0.kind < $1.kind }
    Output.text("\(record.kind): \(record.rows) of \(given) rows fitted, \(record.constants) constants")
    Output.text(record.text)
  }
}

extension FitRecord {
  /// Errors by group, with one pair of columns for each kind of held-out rows.
  var text: String {
    let kinds = HeldOut.allCases.filter { kind in errors.contains { $0.heldOut == kind } }
    var lines = ["".padded(36) + "rows" + kinds.map { ("  " + $0.title).padded(20) }.joined()]
    lines.append("".padded(40) + kinds.map { _ in "  median     p90".padded(20) }.joined())
    var groups: [String] = []
    for line in errors where !groups.contains(line.group) { groups.append(line.group) }
    for group in groups {
      let own = errors.filter { $0.group == group }
      let cells = kinds.map { kind in
        own.first { $0.heldOut == kind }.map { percent($0.median) + percent($0.p90) }?.padded(20) ?? ""
      }
      lines.append(group.padded(36) + "\(own[0].rows)".leading(4) + cells.joined())
    }
    return lines.map { $0.trimmingTrailingSpace }.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { "\(rounded(100 * share, 3)) %".leading(8) }
}

extension FitRecord.HeldOut {
  var title: String {
    switch self {
    case .nothing: "all rows seen"
    case .run: "run unseen"
    case .source: "source unseen"
    case .chip: "chip unseen"
    }
  }
}

extension String {
  var trimmingTrailingSpace: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
