import FleetData
import Foundation
import Performance

/// Fits the training constants to published runs: two of each chip, eight of each family, nothing of any model.
///
/// The objective is Σ ρ(ln predicted/measured) with ρ(r) = 2·0.05²·(√(1 + (r/0.05)²) − 1), which lets a few odd rows
/// be odd, plus a weak pull of every constant to its start, which decides what the rows leave open. Coordinates are
/// searched in a fixed order with steps that halve, so that the same rows give the same constants.
public struct TrainingFit: Sendable {
  struct Row: Sendable {
    var id: String
    /// The figure as published, in its own unit.
    var published: Double
    var model: TrainingModel
    var seconds: Double
    var chip: String
    var family: String
    var source: String
  }

  let rows: [Row]
  private let start: TrainingEfficiencyTable
  private let catalog: Catalog

  /// - Parameter start: where the search begins, and what it is weakly pulled to.
  public init(_ cases: [TrainingCase], catalog: Catalog = .builtIn, start: TrainingEfficiencyTable = .prior) {
    self.start = start
    self.catalog = catalog
    rows = cases.compactMap { row in
      guard let prediction = try? predictTraining(row, catalog: catalog, efficiency: start),
        let model = try? TrainingModel(prediction.setup, efficiency: start)
      else { return nil }
      return Row(
        id: row.id, published: prediction.measured, model: model,
        seconds: prediction.estimate.time.value / prediction.timeRatio,
        chip: constantsOwner(prediction.setup.chip.id), family: prediction.setup.chip.family.rawValue,
        source: row.sourceName)
    }
  }

  init(rows: [Row], start: TrainingEfficiencyTable, catalog: Catalog) {
    (self.rows, self.start, self.catalog) = (rows, start, catalog)
  }

  /// The rows that `keep` accepts.
  func filtered(_ keep: (Row) -> Bool) -> TrainingFit {
    TrainingFit(rows: rows.filter(keep), start: start, catalog: catalog)
  }

  /// The constants that fit the rows best, with each chip's error band.
  public func fitted(sweeps: Int = 40) -> TrainingEfficiencyTable {
    var constants = FittedConstants(rows: rows, start: start)
    var step = 0.2
    for _ in 0..<sweeps {
      let improved = constants.sweep(step: step)
      if !improved { step /= 2 }
      if step < 5e-4 { break }
    }
    return constants.table(start: start)
  }
}

extension TrainingEfficiencyTable {
  /// What one would guess before any measurement.
  public static let prior = TrainingEfficiencyTable(training: [
    Entry(
      id: "family:tpu", rows: 0, band: nil,
      constants: TrainingEfficiency(
        matmul: 0.8, attention: 0.35, experts: 0.8, eightBit: 0.9, eightBitAttention: 1, traffic: 1.2,
        gatherOverlap: 0.5, tensorOverlap: 0.2, gradientOverlap: 0.5, lockstep: 0.01)),
    Entry(
      id: "family:gpu", rows: 0, band: nil,
      constants: TrainingEfficiency(
        matmul: 0.7, attention: 0.2, experts: 0.8, eightBit: 0.9, eightBitAttention: 2, traffic: 1.5,
        gatherOverlap: 0.5, tensorOverlap: 0.3, gradientOverlap: 0.7, lockstep: 0.005)),
    Entry(
      id: "family:cpu", rows: 0, band: nil,
      constants: TrainingEfficiency(
        matmul: 0.8, attention: 0.4, experts: 0.8, eightBit: 0.8, eightBitAttention: 1, traffic: 1.5,
        gatherOverlap: 0, tensorOverlap: 0, gradientOverlap: 0, lockstep: 0)),
  ])
}
