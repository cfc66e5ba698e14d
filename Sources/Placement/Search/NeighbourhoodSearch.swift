/// Improves a plan of one piece by solving the program around it: the columns in which plan and relaxation differ are
/// free, the rest stays as the plan has it. Node limits make every trial's effort a count, not a time.
///
/// - Source: relaxation induced neighbourhoods, Danna, Rothberg and Le Pape (2005).
struct NeighbourhoodSearch {
  static let limits = SearchLimits(relativeGap: 1e-3, nodes: 400)

  let model: PlacementModel
  let relaxed: RelaxedSolver.Solution

  /// The plan, or a better one.
  func improved(_ start: [Double]) -> [Double] {
    var point = start
    for _ in 0..<3 {
      let next = solved(free: differing(point), from: point)
      let gained = model.program.objective(at: point) - model.program.objective(at: next)
      point = next
      guard gained > 1e-4 * model.program.objective(at: point).magnitude else { break }
    }
    return point
  }

  /// Whole columns that plan and relaxation disagree on, and the shares of the options that may then stand.
  private func differing(_ point: [Double]) -> [Int] {
    let program = model.program
    var free = (0..<program.columns).map { column in
      program.isInteger[column] && (point[column] - relaxed.point[column]).magnitude > 1e-6
    }
    for column in free.indices where !program.isInteger[column] { free[column] = true }
    for month in model.months {
      for (flow, shares) in month.share.enumerated() {
        for (position, share) in shares.enumerated() {
          let work = month.work[model.problem.flows[flow].routes[position].option]
          free[share] = free[work] || point[work] > 0
        }
      }
    }
    return free.indices.filter { free[$0] }
  }

  private func solved(free: [Int], from point: [Double]) -> [Double] {
    let part = model.program.restricted(to: free, at: point)
    let start = free.map { point[$0] }
    guard
      case .solved(let found, let objective, _, _) = IntegerSolver.solve(
        part, limits: Self.limits, start: start),
      objective < part.objective(at: start) - 1e-9 * objective.magnitude
    else { return point }
    var next = point
    for (column, value) in zip(free, found) { next[column] = value }
    return next
  }
}
