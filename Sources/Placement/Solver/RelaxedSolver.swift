import CCbc

/// Linear programs by the simplex method of COIN-OR Clp, with dual values; keeps its basis between solves.
///
/// A class because it owns a solver instance of the C library: changing a bound and solving again starts from the last
/// basis and takes few pivots.
final class RelaxedSolver {
  struct Solution: Sendable {
    var point: [Double]
    var objective: Double
    /// d objective / d right-hand side, per row; negative on a binding `≤` row.
    var rowPrices: [Double]
    var reducedCosts: [Double]
  }

  private let model: UnsafeMutableRawPointer
  private let scale: Double
  private let constant: Double
  private let columns: Int
  private var rows: Int
  private var solvedOnce = false

  init(_ program: LinearProgram) {
    model = Clp_newModel()
    Clp_setLogLevel(model, 0)
    scale = program.costScale
    constant = program.constant
    columns = program.columns
    rows = program.rows
    let matrix = program.columnMajor()
    let cost = program.cost.map { $0 / scale }
    Clp_loadProblem(
      model, Int32(columns), Int32(rows), matrix.start, matrix.index, matrix.value, program.columnLower,
      program.columnUpper, cost, program.rowLower, program.rowUpper)
  }

  deinit { Clp_deleteModel(model) }

  /// Changes the bounds of one column for the solves that follow.
  func setBounds(_ lower: Double, _ upper: Double, of column: Int) {
    Clp_columnLower(model)[column] = lower
    Clp_columnUpper(model)[column] = upper
  }

  /// Adds rows `Σ terms ≤ upper` for the solves that follow.
  func addRows(_ added: [(terms: [LinearProgram.Term], upper: Double)]) {
    guard !added.isEmpty else { return }
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var values: [Double] = []
    for row in added {
      for term in row.terms {
        columns.append(Int32(term.column))
        values.append(term.coefficient)
      }
      starts.append(Int32(columns.count))
    }
    let lower = [Double](repeating: -.infinity, count: added.count)
    Clp_addRows(model, Int32(added.count), lower, added.map(\.upper), starts, columns, values)
    rows += added.count
  }

  /// The optimum, or `nil` when the program has none (infeasible, unbounded or numerically abandoned).
  func solve() -> Solution? {
    let again = solvedOnce
    let optimal = SolverTurn.take {
      if again { _ = Clp_dual(model, 0) } else { _ = Clp_initialSolve(model) }
      if Clp_isProvenOptimal(model) == 0 { _ = Clp_primal(model, 0) }
      return Clp_isProvenOptimal(model) != 0
    }
    solvedOnce = true
    guard optimal else { return nil }
    return Solution(
      point: Array(UnsafeBufferPointer(start: Clp_getColSolution(model), count: columns)),
      objective: Clp_getObjValue(model) * scale + constant,
      rowPrices: UnsafeBufferPointer(start: Clp_getRowPrice(model), count: rows).map { $0 * scale },
      reducedCosts: UnsafeBufferPointer(start: Clp_getReducedCost(model), count: columns).map { $0 * scale })
  }
}
