import FleetData
import Foundation
import Validation

/// A kernel verification for a terminal: the chip, the steps, the errors by group.
enum KernelText {
  static func render(_ kernel: KernelVerification) -> String {
    ([chip(kernel)] + steps(kernel) + groups(kernel) + [kernel.sentence, kernel.boundSentence])
      .joined(separator: "\n")
  }

  private static func chip(_ kernel: KernelVerification) -> String {
    let (micro, constants) = (kernel.measurement.micro, kernel.fit.constants)
    return """
      \(kernel.measurement.host.cpu), \(kernel.measurement.instructionSet), one thread
        peak \(fixed(micro.peak.value / 1e9, 1)) GFLOP/s, GEMM \(fixed(micro.gemm.value / 1e9, 1)) GFLOP/s
        read \(fixed(micro.read.value / 1e9, 2)) GB/s, GEMV \(fixed(micro.gemv.value / 1e9, 2)) GB/s, \
      copy \(fixed(micro.copy.value / 1e9, 2)) GB/s
        fitted to \(kernel.fit.rows) steps: matmul \(fixed(constants.matmul, 3)) of peak, \
      attention \(fixed(constants.attention, 3)), bandwidth \(fixed(constants.bandwidth, 3)), \
      unhidden \(fixed(constants.unhidden ?? 0, 2))

      """
  }

  private static func steps(_ kernel: KernelVerification) -> [String] {
    let heading = line("step", "measured ms", "predicted ms", "ratio", "bound", "fit")
    return [heading]
      + zip(kernel.measurement.timings.indices, kernel.verification.rows).map { i, row in
        line(
          row.id, fixed(row.measured * 1e3, 2), fixed((row.predicted ?? 0) * 1e3, 2),
          fixed(row.ratio ?? 0, 3), kernel.estimates[i].bound.rawValue,
          kernel.measurement.timings[i].point.seen ? "seen" : "unseen")
      } + [""]
  }

  private static func groups(_ kernel: KernelVerification) -> [String] {
    let rows = kernel.verification.summary.map { group in
      line(
        group.group, "\(group.n) steps", "median \(fixed(group.medianAbsoluteError * 100, 1)) %",
        "p90 \(fixed(group.p90AbsoluteError * 100, 1)) %",
        "worst \(fixed(group.worstAbsoluteError * 100, 1)) %", "")
    }
    return rows + [""]
  }

  private static func line(
    _ name: String, _ a: String, _ b: String, _ c: String, _ d: String, _ e: String
  ) -> String {
    let text = pad(name, 52) + left(a, 12) + left(b, 14) + left(c, 11) + left(d, 14) + "  " + e
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  private static func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
  private static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
