/// Adds the linking and cover rows that a relaxed solution violates, until none is or the rounds are spent.
///
/// Of the many rows `share ≤ replicas` and `Σ shares ≤ open` few ever bind: a program with those alone has the same
/// strong relaxation as one with all of them, at a fraction of its size. Cover rows (`CoverCut`) say what whole
/// replicas must do together.
enum LinkTightening {
  static let rounds = 20
  /// Rounds in which cover rows are added too; later ones add little.
  static let coverRounds = 8
  static let tolerance = 1e-6

  private typealias Row = (terms: [LinearProgram.Term], upper: Double)

  /// The relaxed solution under the added rows, or `nil` when the program is infeasible even relaxed.
  static func tighten(_ model: inout PlacementModel) -> RelaxedSolver.Solution? {
    let solver = RelaxedSolver(model.program)
    guard var solution = solver.solve() else { return nil }
    var pending = model.links
    for round in 0..<rounds {
      var violated: [Row] = []
      pending.removeAll { link in
        let used = link.shares.reduce(0) { $0 + solution.point[$1] }
        guard used > solution.point[link.owner] + tolerance else { return false }
        let shares = link.shares.map { LinearProgram.Term(column: $0, coefficient: 1) }
        violated.append((shares + [LinearProgram.Term(column: link.owner, coefficient: -1)], 0))
        return true
      }
      if round < coverRounds { violated += covers(of: model, at: solution.point) }
      guard !violated.isEmpty else { break }
      for row in violated { model.program.row(row.terms, upper: row.upper) }
      solver.addRows(violated)
      guard let next = solver.solve() else { return nil }
      solution = next
    }
    return solution
  }

  private static func covers(of model: PlacementModel, at point: [Double]) -> [Row] {
    model.covers.compactMap { cover in
      cover.mostViolated(at: point).map { cut in
        let negated = cut.terms.map {
          LinearProgram.Term(column: $0.column, coefficient: -$0.coefficient)
        }
        return (negated, -cut.least)
      }
    }
  }
}
