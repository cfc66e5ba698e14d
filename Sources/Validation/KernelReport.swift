import CPUKernel
import FleetData
import Foundation
import Performance
import Quantities

extension KernelMeasurement {
  /// The measurement that ships with the program, so that reports can show the comparison without measuring.
  public static let committed: KernelMeasurement = {
    do {
      return try JSONDecoder().decode(KernelMeasurement.self, from: Data(CommittedMeasurement.bytes))
    } catch {
      preconditionFailure("the embedded kernel measurement is malformed: \(error)")
    }
  }()
}

/// The comparison as reports show it.
extension KernelVerification {
  /// Predicted against measured, one series per phase and half, with the line where they agree.
  public var chart: Chart {
    let rows = Array(zip(measurement.timings, verification.rows))
    let kinds: [(KernelPoint.Phase, Bool)] = [
      (.decode, true), (.decode, false), (.prefill, true), (.prefill, false),
    ]
    let series = kinds.map { phase, seen in
      Chart.Series(
        "\(phase.rawValue), \(seen ? "seen" : "unseen")",
        rows.filter { $0.0.point.phase == phase && $0.0.point.seen == seen }.map { _, row in
          Chart.Point(x: row.measured * 1e3, y: (row.predicted ?? 0) * 1e3)
        })
    }
    let times = verification.rows.map(\.measured).sorted()
    let ends = [times.first ?? 1, times.last ?? 1].map { Chart.Point(x: $0 * 1e3, y: $0 * 1e3) }
    return Chart(
      id: "kernel-predicted-measured", title: "Steps of the CPU kernel: predicted against measured",
      kind: .scatter, x: .init("measured", unit: "ms", logarithmic: true),
      y: .init("predicted", unit: "ms", logarithmic: true),
      series: series + [Chart.Series("equal", ends, isReference: true)],
      altText: "\(rows.count) steps lie along the diagonal. \(sentence)")
  }

  /// The result in a sentence.
  public var sentence: String {
    guard let unseen else { return "No step was left out of the fit." }
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    return "Over \(unseen.n) steps of shapes that the fit never saw, the median error is "
      + "\(percent(unseen.medianAbsoluteError)) and the worst \(percent(unseen.worstAbsoluteError))."
  }

  /// What bounds the long steps, by the shares of the roofs that their measured times reached.
  public var boundSentence: String {
    let rows = KernelDocument(self).rows
    func share(_ rows: [KernelDocument.Row], _ value: (KernelDocument.Row) -> Double) -> String {
      let sorted = rows.map(value).sorted()
      return "\(Int((100 * (sorted.first ?? 0)).rounded())) to \(Int((100 * (sorted.last ?? 0)).rounded())) %"
    }
    let decode = rows.filter { $0.phase == .decode && $0.batch <= 4 && $0.context >= 2048 }
    let prefill = rows.filter { $0.phase == .prefill && $0.batch * $0.context >= 256 }
    guard !decode.isEmpty, !prefill.isEmpty else { return "" }
    return
      "Decode of 2,048 tokens or more, up to 4 sequences: \(share(decode) { $0.bandwidthShare }) of the memory's "
      + "bandwidth and \(share(decode) { $0.computeShare }) of the peak, so memory bounds it. Prefill of 256 tokens or "
      + "more: \(share(prefill) { $0.computeShare }) of the peak and \(share(prefill) { $0.bandwidthShare }) of the "
      + "bandwidth, so compute does."
  }

  /// One row per step.
  public var table: Table {
    let columns = [
      Table.Column("Shape"), .init("Phase"), .init("Batch", format: .integer),
      .init("Context", unit: "tokens", format: .integer), .init("Fit"),
      .init("Measured", unit: "ms", format: .significant3),
      .init("Predicted", unit: "ms", format: .significant3), .init("Ratio", format: .decimal3),
      .init("Bound"),
    ]
    let rows = measurement.timings.indices.map { i -> [Cell] in
      let (point, row) = (measurement.timings[i].point, verification.rows[i])
      return [
        .text(point.shape), .text(point.phase.rawValue), .number(Double(point.batch)),
        .number(Double(point.context)), .text(point.seen ? "seen" : "unseen"),
        .number(row.measured * 1e3, grade: .measured), .number((row.predicted ?? 0) * 1e3, grade: .derived),
        .number(row.ratio ?? 0), .text(estimates[i].bound.rawValue),
      ]
    }
    return Table(
      id: "kernel-verification", title: "The performance model against a decoder on one CPU core",
      columns: columns, rows: rows,
      note:
        "\(measurement.host.cpu), \(measurement.instructionSet), one thread, \(measurement.host.asOf); the "
        + "least CPU time of \(measurement.runsPerPoint) runs. \(sentence)")
  }
}
