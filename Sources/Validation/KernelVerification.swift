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
  /// The predicted step of each row, in row order.
  public var estimates: [StepEstimate]

  public init(_ measurement: KernelMeasurement) {
    let fit = KernelFit(measurement)
    let estimates = measurement.timings.map { fit.estimate($0.point) }
    let rows = zip(measurement.timings, estimates).map { timing, estimate in
      Verification.Row(
        id: timing.point.id, predicted: estimate.time.value, measured: timing.least.value, unit: "s",
        lowerBound: estimate.lowerBound.value)
    }
    let points = Dictionary(
      measurement.timings.map { ($0.point.id, $0.point) }, uniquingKeysWith: { first, _ in first })
    self.measurement = measurement
    self.fit = fit
    self.estimates = estimates
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
  public var withinTargets: Bool {
    unseen.map { $0.medianAbsoluteError <= 0.08 && $0.worstAbsoluteError <= 0.25 } ?? false
  }
}
