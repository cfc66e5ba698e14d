import FleetData
import Foundation
import Performance
import Quantities

/// What a fit found, and how far off it is on rows it saw and on rows it did not.
public struct FitResult: Sendable {
  public var table: EfficiencyTable
  /// Numbers that the rows bear on.
  public var constants: Int
  public var residuals: [FitResidual]
}

/// One row's error, ln(predicted / measured), in the fit that saw it and in those that did not; `nil` where not made.
public struct FitResidual: Sendable, Hashable {
  public var id: String
  public var chip: String
  public var phase: String
  public var source: String
  public var seen: Double
  /// Without a tenth of the runs, this row's among them.
  public var withoutRun: Double?
  /// Without its source, without its chip.
  public var withoutSource: Double?
  public var withoutChip: Double?
}

/// Median and 90th percentile of |predicted / measured − 1|.
public struct ErrorSummary: Sendable, Hashable, Codable {
  public var count: Int
  public var median: Double
  public var p90: Double

  public init(_ ratios: [Double]) {
    let errors = ratios.map { abs($0 - 1) }.sorted()
    count = errors.count
    median = errors.isEmpty ? 0 : quantile(0.5, of: errors)
    p90 = errors.isEmpty ? 0 : quantile(0.9, of: errors)
  }
}

extension InferenceFit {
  /// Fits all rows; with `transfer`, fits again without each tenth of the runs, each source and each chip in turn, and
  /// learns the error bands from rows that the fit had not seen.
  public func run(transfer: Bool = true) -> FitResult {
    let all = Array(rows.indices)
    let x = solve(all)
    let seen = errors(x, of: all)
    let runs = transfer ? leavingOut({ Self.fold($0.row.runGroup ?? $0.row.id) }, from: x) : []
    let sources = transfer ? leavingOut({ $0.row.source.title }, from: x) : []
    let chips = transfer ? leavingOut(\.chip, from: x) : []
    let residuals = all.map { i in
      FitResidual(
        id: rows[i].row.id, chip: rows[i].chip, phase: rows[i].row.phaseName,
        source: rows[i].row.source.title,
        seen: seen[i], withoutRun: transfer ? runs[i] : nil, withoutSource: transfer ? sources[i] : nil,
        withoutChip: transfer ? chips[i] : nil)
    }
    return FitResult(
      table: withBands(table(x), residuals), constants: informed(x, all), residuals: residuals)
  }

  /// One of ten parts of the runs, by a hash of the run's name.
  static func fold(_ run: String) -> String {
    var stream = RandomStream(7, "folds/" + run)
    return String(stream.next() % 10)
  }

  /// Errors on each group when the others are fitted without it. What only the group knew returns to its start.
  private func leavingOut(_ group: (Prepared) -> String, from x: [Double]) -> [Double] {
    var found = [Double](repeating: 0, count: rows.count)
    for name in Set(rows.map(group)).sorted() {
      let held = rows.indices.filter { group(rows[$0]) == name }
      let kept = rows.indices.filter { group(rows[$0]) != name }
      var first = x
      let owners = Set(kept.flatMap { [rows[$0].family, rows[$0].chip, rows[$0].software] } + ["all"])
      for (i, slot) in parameters.slots.enumerated() where !owners.contains(slot.owner) {
        first[i] = slot.start
      }
      let y = solve(kept, from: first, iterations: 25)
      for (i, error) in zip(held, errors(y, of: held)) { found[i] = error }
    }
    return found
  }

  /// The 80th percentile of each chip's errors by phase on runs unseen; a family's when its chip is unseen. A chip with
  /// fewer than three rows of a phase takes those of all its phases, then its family's.
  private func withBands(_ table: EfficiencyTable, _ residuals: [FitResidual]) -> EfficiencyTable {
    var table = table
    func band(_ belongs: (Int) -> Bool, _ error: (FitResidual) -> Double?) -> Double? {
      let own = rows.indices.filter(belongs).compactMap { i in error(residuals[i]).map { abs(exp($0) - 1) } }
      guard own.count >= 3 else { return nil }
      return (quantile(0.8, of: own.sorted()) * 1000).rounded() / 1000
    }
    for i in table.entries.indices {
      let id = table.entries[i].id
      let owner = constantsOwner(id)
      let isFamily = id.hasPrefix("family:")
      func mine(_ i: Int) -> Bool { isFamily ? "family:\(rows[i].family)" == id : rows[i].chip == owner }
      func isPrefill(_ i: Int) -> Bool { rows[i].row.workload.phase == "prefill" }
      func error(_ r: FitResidual) -> Double? { isFamily ? r.withoutChip ?? r.seen : r.withoutRun ?? r.seen }
      let any = band(mine, error)
      table.entries[i].prefillBand = band({ mine($0) && isPrefill($0) }, error) ?? any
      table.entries[i].decodeBand = band({ mine($0) && !isPrefill($0) }, error) ?? any
    }
    return table
  }
}

extension MeasuredCase {
  /// The phase, with whether other requests were served beside.
  var phaseName: String { workload.phase + (serving == true ? " in service" : "") }
}
