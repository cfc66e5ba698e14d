import FleetData
import Performance

/// How far predictions are from published training runs, by group and when a source or chip is left out.
public struct TrainingErrors: Sendable, Hashable {
  /// One line of the table.
  public struct Line: Sendable, Hashable {
    public var group: String
    public var rows: Int
    public var median: Double
    public var p90: Double
    public var worst: Double

    /// - Precondition: a group has at least one row.
    init(_ group: String, _ errors: [Double]) {
      let sorted = errors.sorted()
      self.group = group
      rows = errors.count
      median = quantile(0.5, of: sorted)
      p90 = quantile(0.9, of: sorted)
      worst = sorted[sorted.count - 1]
    }
  }

  /// All rows, then by chip.
  public var fitted: [Line]
  /// Each source predicted by constants that never saw it, pooled first.
  public var withoutSource: [Line]
  /// Each chip predicted by its family's defaults, pooled first.
  public var withoutChip: [Line]
}

extension TrainingFit {
  /// Errors of `table` on the rows, and of fits that leave one source or one chip out.
  public func errors(of table: TrainingEfficiencyTable, sweeps: Int = 40) -> TrainingErrors {
    let chips = Set(rows.map(\.chip)).sorted()
    let sources = Set(rows.map(\.source)).sorted()
    let seen = chips.map { chip in
      TrainingErrors.Line(chip, errors(filtered { $0.chip == chip }, table))
    }
    return TrainingErrors(
      fitted: [TrainingErrors.Line("all", errors(self, table))] + seen,
      withoutSource: leavingOut(sources, sweeps) { $0.source },
      withoutChip: leavingOut(chips, sweeps) { $0.chip })
  }

  private func leavingOut(
    _ groups: [String], _ sweeps: Int, by key: (Row) -> String
  ) -> [TrainingErrors.Line] {
    var pooled: [Double] = []
    var lines: [TrainingErrors.Line] = []
    for group in groups {
      let table = filtered { key($0) != group }.fitted(sweeps: sweeps)
      let unseen = errors(filtered { key($0) == group }, table)
      pooled += unseen
      lines.append(TrainingErrors.Line(group, unseen))
    }
    return [TrainingErrors.Line("all", pooled)] + lines
  }

  private func errors(_ fit: TrainingFit, _ table: TrainingEfficiencyTable) -> [Double] {
    fit.rows.map { row in
      let constants = table.entry(for: row.model.setup.chip).constants
      return abs(row.model.estimate(with: constants).time.value / row.seconds - 1)
    }
  }
}
