import CPUKernel
import FleetData
import Performance
import Quantities

/// The performance model against this CPU's kernel: the fitted chip, every point predicted and measured, and errors
/// by phase and by half.
public struct KernelVerification: Sendable {
  public var measurement: KernelMeasurement
  public var fit: KernelFit
  public var verification: Verification
  /// What bounds each predicted point, in row order.
  public var bounds: [StepEstimate.Bound]

  public init(_ measurement: KernelMeasurement) {
    let fit = KernelFit(measurement)
    let models = Dictionary(
      measurement.shapes.map { ($0.id, $0.transformer) }, uniquingKeysWith: { first, _ in first })
    let estimates = measurement.timings.map { timing in
      fit.estimate(timing.point, model: models[timing.point.shape]!)
    }
    let rows = zip(measurement.timings, estimates).map { timing, estimate in
      Verification.Row(
        id: timing.point.id, predicted: estimate.time.value, measured: timing.least.value, unit: "s",
        lowerBound: estimate.lowerBound.value)
    }
    let points = Dictionary(
      measurement.timings.map { ($0.point.id, $0.point) }, uniquingKeysWith: { first, _ in first })
    self.measurement = measurement
    self.fit = fit
    bounds = estimates.map(\.bound)
    verification = Verification(rows: rows) { row in
      let point = points[row.id]!
      let half = point.seen ? "seen by the fit" : "unseen by the fit"
      return ["all", half, point.phase.rawValue, "\(point.phase.rawValue), \(half)"]
    }
  }

  /// The errors of the half that the fit never saw.
  public var unseen: Verification.Group? {
    verification.summary.first { $0.group == "unseen by the fit" }
  }

  /// The targets that a kernel verification holds itself to: median 8 %, worst 25 % over the unseen half.
  public var holds: Bool {
    unseen.map { $0.medianAbsoluteError <= 0.08 && $0.worstAbsoluteError <= 0.25 } ?? false
  }

  /// Predicted against measured, one series per phase and half, with the line where they agree.
  public var chart: Chart {
    let rows = zip(measurement.timings, verification.rows)
    let series = [(KernelPoint.Phase.decode, true), (.decode, false), (.prefill, true), (.prefill, false)].map
    {
      phase, seen in
      Chart.Series(
        "\(phase.rawValue), \(seen ? "seen" : "unseen")",
        rows.filter { $0.0.point.phase == phase && $0.0.point.seen == seen }.map { timing, row in
          Chart.Point(x: row.measured * 1e3, y: (row.predicted ?? 0) * 1e3, label: timing.point.id)
        })
    }
    let ends = [
      verification.rows.map(\.measured).min() ?? 1, verification.rows.map(\.measured).max() ?? 1,
    ].map { Chart.Point(x: $0 * 1e3, y: $0 * 1e3) }
    let error = unseen.map { ($0.medianAbsoluteError * 1000).rounded() / 10 } ?? 0
    return Chart(
      id: "kernel-predicted-measured", title: "Step times of the CPU kernel: predicted against measured",
      kind: .scatter, x: .init("measured", unit: "ms", logarithmic: true),
      y: .init("predicted", unit: "ms", logarithmic: true),
      series: series + [Chart.Series("equal", ends, isReference: true)],
      altText:
        "\(verification.rows.count) steps lie along the diagonal; the median error of the half that the "
        + "fit never saw is \(error) %.")
  }
}
