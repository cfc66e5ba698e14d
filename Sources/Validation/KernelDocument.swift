import CPUKernel
import FleetData
import Performance
import Quantities

/// A kernel verification as it is written: the `verification/1` document with the fitted chip, and for each row the step
/// it stands for and how much of each roof it reached.
public struct KernelDocument: Sendable, Encodable {
  public struct Row: Sendable, Encodable {
    let id: String
    let predicted: Double?
    let measured: Double
    let unit: String
    let ratio: Double?
    let lowerBound: Double?
    let status: Verification.Row.Status
    let phase: KernelPoint.Phase
    let batch: Int
    let context: Int
    let shape: DecoderShape
    let seen: Bool
    let bound: StepEstimate.Bound
    /// FLOP/s of the measured time over the chip's peak.
    let computeShare: Double
    /// Bytes per second of the measured time over the chip's bandwidth.
    let bandwidthShare: Double
    let median: Double

    enum CodingKeys: String, CodingKey {
      case id, predicted, measured, unit, ratio, status, phase, batch, context, shape, bound
      case lowerBound = "lower_bound"
      case seen = "seen_by_fit"
      case computeShare = "compute_share"
      case bandwidthShare = "bandwidth_share"
      case median = "measured_median"
    }
  }

  public struct Chip: Sendable, Encodable {
    let id: String
    let name: String
    let instructionSet: String
    let peak: FLOPsPerSecond
    let bandwidth: BytesPerSecond
    let memory: Bytes
    let efficiency: ChipEfficiency
    let microBenchmarks: MicroBenchmarks
    let fittedRows: Int

    enum CodingKeys: String, CodingKey {
      case id, name, efficiency
      case instructionSet = "instruction_set"
      case peak = "peak_fp32"
      case bandwidth = "hbm_bandwidth"
      case memory = "hbm_bytes"
      case microBenchmarks = "micro_benchmarks"
      case fittedRows = "fitted_rows"
    }
  }

  let schema = "verification/1"
  public let rows: [Row]
  let summary: [Verification.Group]
  public let chip: Chip
  let asOf: String
  let runsPerPoint: Int
  /// Median error at most 8 % and worst at most 25 % over the half that the fit never saw.
  let withinTargets: Bool
  /// Predicted against measured.
  let chart: Chart

  enum CodingKeys: String, CodingKey {
    case schema, rows, summary, chip, chart
    case asOf = "as_of"
    case runsPerPoint = "runs_per_point"
    case withinTargets = "within_targets"
  }

  public init(_ kernel: KernelVerification) {
    let (measurement, fit) = (kernel.measurement, kernel.fit)
    let peak = measurement.micro.peak
    let bandwidth = measurement.micro.bandwidth
    let shapes = Dictionary(
      measurement.shapes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    rows = measurement.timings.indices.map { i in
      let (timing, row, estimate) = (
        measurement.timings[i], kernel.verification.rows[i], kernel.estimates[i]
      )
      return Row(
        id: row.id, predicted: row.predicted, measured: row.measured, unit: row.unit, ratio: row.ratio,
        lowerBound: row.lowerBound, status: row.status, phase: timing.point.phase, batch: timing.point.batch,
        context: timing.point.context, shape: shapes[timing.point.shape]!, seen: timing.point.seen,
        bound: estimate.bound, computeShare: (estimate.flops / timing.least) / peak,
        bandwidthShare: (estimate.hbmBytes / timing.least) / bandwidth, median: timing.median.value)
    }
    summary = kernel.verification.summary
    chip = Chip(
      id: fit.chip.id, name: measurement.host.cpu, instructionSet: measurement.instructionSet, peak: peak,
      bandwidth: bandwidth, memory: measurement.host.memory, efficiency: fit.constants,
      microBenchmarks: measurement.micro, fittedRows: fit.rows)
    asOf = measurement.host.asOf
    runsPerPoint = measurement.runsPerPoint
    withinTargets = kernel.withinTargets
    chart = kernel.chart
  }
}
