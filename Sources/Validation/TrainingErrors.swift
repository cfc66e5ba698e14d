import FleetData
import Foundation
import Performance
import Quantities

extension TrainingFit {
  /// Numbers that the fit turns: two of each chip and eight of each family that rows bear on.
  public var constants: Int { 2 * Set(rows.map(\.chip)).count + 8 * Set(rows.map(\.family)).count }

  /// The record of a fit that gave `table`: errors on the rows it saw, and of fits without a tenth of the runs, without
  /// each source and without each chip; `transfer` false leaves those out.
  public func record(of table: TrainingEfficiencyTable, transfer: Bool = true, sweeps: Int = 40) -> FitRecord
  {
    var lines = lines(.nothing, rows.map { ($0, ratio($0, table)) })
    var points: [FitRecord.Point] = []
    if transfer {
      for (kind, key) in [
        (FitRecord.HeldOut.run, { InferenceFit.fold($0.id) }), (.source, \.source), (.chip, \.chip),
      ] as [(FitRecord.HeldOut, (Row) -> String)] {
        let found = leavingOut(by: key, sweeps)
        lines += self.lines(kind, found)
        if kind == .run {
          points = found.map { .init(chip: $0.0.chip, measured: $0.0.published, ratio: $0.1) }
        }
      }
    }
    return FitRecord(
      kind: "training", rows: rows.count, constants: constants,
      digest: FitRecord.digest(rows.map { ($0.id, $0.published) }), errors: lines, points: points)
  }

  private func lines(_ kind: FitRecord.HeldOut, _ found: [(Row, Double)]) -> [FitRecord.Line] {
    var groups: [(String, (Row) -> Bool)] = [("all", { _ in true }), ("tpu", { $0.family == "tpu" })]
    if kind == .nothing || kind == .run {
      for chip in Set(rows.map(\.chip)).sorted() {
        groups.append(("chip/\(chip) training", { $0.chip == chip }))
      }
    }
    return groups.compactMap { name, belongs in
      let ratios = found.filter { belongs($0.0) }.map(\.1)
      return ratios.isEmpty ? nil : FitRecord.Line(name, kind, ErrorSummary(ratios))
    }
  }

  /// Predicted over measured of each row, by a fit that did not see its group.
  func leavingOut(by key: (Row) -> String, _ sweeps: Int) -> [(Row, Double)] {
    Set(rows.map(key)).sorted().flatMap { group in
      let table = filtered { key($0) != group }.fitted(sweeps: sweeps)
      return rows.filter { key($0) == group }.map { ($0, ratio($0, table)) }
    }
  }

  private func ratio(_ row: Row, _ table: TrainingEfficiencyTable) -> Double {
    row.model.estimate(with: table.entry(for: row.model.setup.chip).constants).time.value / row.seconds
  }
}
