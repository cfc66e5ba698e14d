import FleetData
import Foundation
import Performance

/// Published training runs beside their predictions, as a `verification/1` document.
///
/// Times stay times and rates rates, as published; the bound of a rate is its ceiling. Groups: all, each chip, each
/// source.
public func trainingVerification(
  _ cases: [TrainingCase], catalog: Catalog = .builtIn, efficiency: TrainingEfficiencyTable = .builtIn
) -> Verification {
  var groups: [String: [String]] = [:]
  let rows = cases.map { row in
    groups[row.id] = [
      "training", "training/chip/\(row.hardware)", "training/source/\(row.sourceName)",
    ]
    return verificationRow(row, catalog: catalog, efficiency: efficiency)
  }
  return Verification(rows: rows) { groups[$0.id] ?? [] }
}

private func verificationRow(
  _ row: TrainingCase, catalog: Catalog, efficiency: TrainingEfficiencyTable
) -> Verification.Row {
  do {
    let prediction = try predictTraining(row, catalog: catalog, efficiency: efficiency)
    return Verification.Row(
      id: row.id, predicted: prediction.predicted, measured: prediction.measured, unit: prediction.unit,
      lowerBound: prediction.limit, reason: prediction.remark)
  } catch {
    let (value, unit) = row.published
    return Verification.Row(
      id: row.id, predicted: nil, measured: value, unit: unit, lowerBound: nil, status: .skipped,
      reason: error.what + (error.found.map { "; found \($0)" } ?? ""))
  }
}

extension TrainingPrediction {
  /// What a reader should know beside the numbers: physics beaten, or memory exceeded by our count.
  var remark: String? {
    if beatsLimit { return "the measurement is faster than physics allows" }
    if !fits { return "does not fit by our count of memory" }
    return nil
  }
}

extension TrainingCase {
  /// The source's repository or name, without its revision and path.
  public var sourceName: String { source.split(separator: "@").first.map(String.init) ?? source }

  /// The published figure in the order of preference of predictions; 0 when the row states none.
  fileprivate var published: (Double, String) {
    if let step = measured.stepTimeS { return (step, "s") }
    if let rate = measured.tokensPerSPerChip ?? lifetimeTokenRate { return (rate, "tokens/s/chip") }
    if let rate = measured.tflopsPerChip { return (rate, "TFLOP/s/chip") }
    return (measured.mfu ?? 0, "MFU")
  }
}
