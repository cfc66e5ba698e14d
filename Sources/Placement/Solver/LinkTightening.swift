/// Adds the linking rows that a relaxed solution violates, until none is or the rounds are spent.
///
/// Of the many rows `share ≤ replicas` and `Σ shares ≤ open` few ever bind: a program with those alone has the same
/// strong relaxation as one with all of them, at a fraction of its size.
enum LinkTightening {
  static let rounds = 20
  static let tolerance = 1e-6

  /// The relaxed solution under the added rows, or `nil` when the program is infeasible even relaxed.
  static func tighten(_ model: inout PlacementModel) -> RelaxedSolver.Solution? {
    let solver = RelaxedSolver(model.program)
    guard var solution = solver.solve() else { return nil }
    var pending = model.links
    for _ in 0..<rounds {
      var violated: [(terms: [LinearProgram.Term], upper: Double)] = []
      pending.removeAll { link in
        let used = link.shares.reduce(0) { $0 + solution.point[$1] }
        guard used > solution.point[link.owner] + tolerance else { return false }
        let shares = link.shares.map { LinearProgram.Term(column: $0, coefficient: 1) }
        violated.append((shares + [LinearProgram.Term(column: link.owner, coefficient: -1)], 0))
        return true
      }
      guard !violated.isEmpty else { break }
      for row in violated { model.program.row(row.terms, upper: row.upper) }
      solver.addRows(violated)
      guard let next = solver.solve() else { return nil }
      solution = next
    }
    return solution
  }
}
