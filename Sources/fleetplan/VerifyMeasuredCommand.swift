import ArgumentParser
import FleetData
import Foundation
import Reporting
import Validation

/// `verify measured`: published inference or training measurements.
struct VerifyMeasuredCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measured",
    abstract: "Predict every row of a file of published measurements and show the errors.",
    discussion: """
      A ratio is predicted over measured in the row's own unit. Rows that state too little are skipped, each with \
      its reason; what was assumed where a row is silent is shown beside it. The summary groups rows by chip, phase \
      and source. For the rows that fitted the constants, the errors of fits that held out each run, source and chip \
      are shown beside: they are the honest figure.

      Example: fleetplan verify measured --cases runs.json
      """)

  @Option(help: "A JSON array of inference or training measurements.") var cases: String
  @OptionGroup var constants: EfficiencyOption
  @Option(help: "Also write the scatter picture, predicted against measured, to this SVG file.")
  var picture: String?
  @OptionGroup var output: FormatOption

  func run() async throws {
    let table = try constants.load()
    guard let data = FileManager.default.contents(atPath: cases) else {
      throw ExitError(.inputMissing, "cannot read the cases '\(cases)'")
    }
    let found: MeasuredVerification
    do {
      found = try verify(
        data, efficiency: table.inference, training: table.training, records: table.fitted)
    } catch {
      var diagnostic = error
      diagnostic.location = .init(file: cases)
      throw ExitError(.badContent, [diagnostic])
    }
    if let picture { try AtomicFile.write(SVGChart.render(found.chart).utf8, to: picture) }
    switch output.format {
    case .json: try Output.json(VerificationRecord(found))
    case .svg: Output.text(SVGChart.render(found.chart))
    default: Output.text(found.text)
    }
  }
}

/// The JSON shape `verification/1`.
struct VerificationRecord: Encodable {
  struct Row: Encodable {
    var id: String
    var predicted: Double?
    var measured: Double
    var unit: String
    var ratio: Double?
    var lowerBound: Double?
    var status: String
    var reason: String?
    var assumed: [String]
    enum CodingKeys: String, CodingKey {
      case id, predicted, measured, unit, ratio, status, reason, assumed
      case lowerBound = "lower_bound"
    }
  }

  struct Group: Encodable {
    var group: String
    var n: Int
    var median, p90: Double
    var belowLowerBound: Int
    enum CodingKeys: String, CodingKey {
      case group, n
      case median = "median_abs_error"
      case p90 = "p90_abs_error"
      case belowLowerBound = "below_lower_bound"
    }
  }

  var schema = "verification/1"
  var rows: [Row]
  var summary: [Group]
  /// Errors of the fit that these rows made, by what was held out; absent for other rows.
  var heldOut: [FitRecord.Line]?
  var chart: Chart

  init(_ found: MeasuredVerification) {
    rows = found.rows.map {
      Row(
        id: $0.id, predicted: $0.predicted, measured: $0.measured, unit: $0.unit, ratio: $0.ratio,
        lowerBound: $0.lowerBound, status: $0.ratio == nil ? "skipped" : "ok", reason: $0.reason,
        assumed: $0.assumed)
    }
    summary = found.summary.map {
      Group(
        group: $0.name, n: $0.errors.count, median: $0.errors.median, p90: $0.errors.p90,
        belowLowerBound: $0.belowLowerBound)
    }
    heldOut = found.fit?.errors
    chart = found.chart
  }
}

extension MeasuredVerification {
  /// The residual table, the worst ten and what was skipped.
  var text: String {
    var lines = ["\(predicted.count) of \(rows.count) rows predicted"]
    lines.append("group".padded(64) + "rows   median      p90  beyond physics")
    for group in summary {
      lines.append(
        group.name.padded(64) + "\(group.errors.count)".leading(4) + percent(group.errors.median)
          + percent(group.errors.p90) + "\(group.belowLowerBound)".leading(8))
    }
    if let fit {
      lines.append("these rows fitted the constants; the honest figures are those of rows held out")
      lines.append(fit.overall)
    }
    lines.append("worst")
    for row in worst() { lines.append("  " + row.id.padded(62) + "\(rounded(row.ratio ?? 0, 3))".leading(8)) }
    let beyond = rows.filter(\.beatsBound)
    if !beyond.isEmpty { lines.append("better than physics allows") }
    if beyond.isEmpty { lines.append("no row is better than physics allows") }
    for row in beyond {
      lines.append("  \(row.id): \(row.measured) \(row.unit), limit \(rounded(row.lowerBound ?? 0, 4))")
    }
    let skipped = rows.filter { $0.reason != nil }
    if !skipped.isEmpty { lines.append("skipped") }
    for row in skipped { lines.append("  \(row.id): \(row.reason ?? "")") }
    let filled = predicted.filter { !$0.assumed.isEmpty }
    if !filled.isEmpty { lines.append("assumed where the row is silent") }
    for row in filled { lines.append("  \(row.id): \(row.assumed.joined(separator: "; "))") }
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { "\(rounded(100 * share, 3)) %".leading(9) }
}

extension FitRecord {
  /// The lines of all rows and of TPU rows.
  fileprivate var overall: String {
    var copy = self
    copy.errors = errors.filter { !$0.group.hasPrefix("chip/") }
    return copy.text
  }
}

extension String {
  func padded(_ width: Int) -> String {
    count >= width ? String(prefix(width - 1)) + " " : self + String(repeating: " ", count: width - count)
  }
  func leading(_ width: Int) -> String {
    count >= width ? " " + self : String(repeating: " ", count: width - count) + self
  }
}
