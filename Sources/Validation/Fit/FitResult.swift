import FleetData
import Foundation
import Performance

/// What a fit found, and how far off it is on rows it saw and on rows it did not.
public struct FitResult: Sendable {
  public var table: EfficiencyTable
  /// Rows used, and those that could not be.
  public var rows: Int
  public var fitted: ErrorSummary
  public var withoutSource: ErrorSummary
  public var withoutChip: ErrorSummary
}

/// Median and 90th percentile of |predicted / measured − 1|.
public struct ErrorSummary: Sendable, Hashable {
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
  /// Fits all rows, learns the error bands, and fits again without each source and each chip in turn.
  public func run(transfer: Bool = true) -> FitResult {
    let all = Array(rows.indices)
    let x = solve(all)
    let table = withBands(table(x), errors: errors(x, of: all))
    return FitResult(
      table: table, rows: rows.count, fitted: ErrorSummary(errors(x, of: all).map(exp)),
      withoutSource: transfer ? leavingOut({ $0.row.source.title }, from: x) : ErrorSummary([]),
      withoutChip: transfer ? leavingOut(\.chip, from: x) : ErrorSummary([]))
  }

  /// Errors on each group when the others are fitted without it. What only the group knew returns to its start.
  private func leavingOut(_ group: (Prepared) -> String, from x: [Double]) -> ErrorSummary {
    var ratios: [Double] = []
    for name in Set(rows.map(group)).sorted() {
      let held = rows.indices.filter { group(rows[$0]) == name }
      let kept = rows.indices.filter { group(rows[$0]) != name }
      var first = x
      let owners = Set(kept.flatMap { [rows[$0].family, rows[$0].chip, rows[$0].software] })
      for (i, slot) in parameters.slots.enumerated() where !owners.contains(slot.owner) {
        first[i] = slot.start
      }
      let y = solve(kept, from: first, iterations: 4)
      ratios += errors(y, of: held).map(exp)
    }
    return ErrorSummary(ratios)
  }

  /// The 80th percentile of each chip's errors, by phase; half of them and the family's where rows are few.
  private func withBands(_ table: EfficiencyTable, errors: [Double]) -> EfficiencyTable {
    var table = table
    func band(_ belongs: (Prepared) -> Bool) -> Double? {
      let own = rows.indices.filter { belongs(rows[$0]) }.map { abs(exp(errors[$0]) - 1) }.sorted()
      guard own.count >= 3 else { return nil }
      return (quantile(0.8, of: own) * 1000).rounded() / 1000
    }
    for i in table.entries.indices {
      let id = table.entries[i].id
      let owner = constantsOwner(id)
      func mine(_ row: Prepared) -> Bool { row.chip == owner || "family:\(row.family)" == id }
      let any = band(mine)
      table.entries[i].prefillBand = band { mine($0) && $0.row.workload.phase == "prefill" } ?? any
      table.entries[i].decodeBand = band { mine($0) && $0.row.workload.phase != "prefill" } ?? any
    }
    return table
  }
}
