/// A plan for programs that branch and cut stalls on: the relaxation says which sites to open, local search improves
/// the choice, the rest is made whole part by part. The relaxation is also the bound, so the gap is always stated.
///
/// 1. Open what the relaxation opens by half or more; add sites by their relaxed value until demand fits.
/// 2. Close, open and swap sites while the relaxed cost of the rest falls (each trial a warm-started linear program).
/// 3. Where the rest falls into services, plan them one by one and branch on the sites (`SiteTree`).
/// 4. Where it is of one piece, dive to whole replicas (`Dive`) and solve parts of the program around the plan
///    (`NeighbourhoodSearch`), the whole last and only where it is not too large.
struct GuidedSearch {
  /// Programs beyond this many columns are searched here instead of by branch and cut.
  static let columnsFromWhich = 1500
  /// Programs beyond this many are not branched on at all.
  static let columnsToBranchOn = 30_000
  /// Linear programs that the choice of sites may cost.
  static let trials = 80

  private let model: PlacementModel
  private let relaxed: RelaxedSolver.Solution
  private let solver: SiteTrials

  init(_ model: PlacementModel, _ relaxed: RelaxedSolver.Solution) {
    self.model = model
    self.relaxed = relaxed
    solver = SiteTrials(model)
  }

  func solve(limits: SearchLimits) -> IntegerSolver.Outcome {
    let blocks = ProgramBlocks(model)
    guard let choice = chosenSites() else { return .undecided(bound: relaxed.objective) }
    let (found, bound) =
      blocks.blocks.count > 1
      ? byBlock(choice, blocks, limits) : inOnePiece(choice, last: blocks.loose, limits)
    guard let point = found ?? Dive(solver.program(choice), last: blocks.loose).solve() else {
      return .undecided(bound: bound)
    }
    let objective = model.program.objective(at: point)
    return .solved(
      point: point, objective: objective, bound: min(objective, bound), proven: !isOpen(point, bound, limits))
  }

  /// A bound on every plan, as far as it is of use beside a plan of this objective.
  func bound(upTo objective: Double, limits: SearchLimits) -> Double {
    let blocks = ProgramBlocks(model)
    guard blocks.blocks.count > 1 else { return min(relaxed.objective, objective) }
    var tree = SiteTree(solver, blocks, gap: limits.relativeGap)
    return tree.bound(upTo: objective, relaxed)
  }

  private func byBlock(
    _ choice: [Bool], _ blocks: ProgramBlocks, _ limits: SearchLimits
  ) -> (point: [Double]?, bound: Double) {
    var tree = SiteTree(solver, blocks, gap: limits.relativeGap)
    return tree.solve(first: choice, relaxed)
  }

  private func inOnePiece(
    _ choice: [Bool], last loose: [Int], _ limits: SearchLimits
  ) -> (point: [Double]?, bound: Double) {
    var bound = relaxed.objective
    guard var point = Dive(solver.program(choice), last: loose).solve() else { return (nil, bound) }
    if isOpen(point, bound, limits) {
      point = NeighbourhoodSearch(model: model, relaxed: relaxed).improved(point)
    }
    if isOpen(point, bound, limits), model.program.columns <= Self.columnsToBranchOn,
      case .solved(let found, _, let proved, _) = IntegerSolver.solve(
        model.program, limits: SearchLimits(relativeGap: limits.relativeGap, nodes: 200), knownBound: bound,
        start: point)
    {
      point = found
      bound = proved
    }
    return (point, bound)
  }

  /// Is the gap between a plan and a bound still too wide?
  private func isOpen(_ point: [Double], _ bound: Double, _ limits: SearchLimits) -> Bool {
    let objective = model.program.objective(at: point)
    return (objective - bound) / max(objective.magnitude, 1e-12) > limits.relativeGap
  }

  /// Which sites are open, after local search.
  private func chosenSites() -> [Bool]? {
    guard !solver.openings.isEmpty else { return [] }
    let values = solver.values(relaxed.point)
    var open = values.map { $0 >= 0.5 }
    var best = solver.solve(open)?.objective
    let byValue = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    for site in byValue where best == nil {
      open[site] = true
      best = solver.solve(open)?.objective
    }
    guard var least = best else { return nil }
    var improved = true
    while improved, solver.count < Self.trials {
      improved = false
      for flip in moves(open, values, byValue) where solver.count < Self.trials {
        var next = open
        for site in flip { next[site].toggle() }
        guard let cost = solver.solve(next)?.objective, cost < least * (1 - 1e-9) else { continue }
        open = next
        least = cost
        improved = true
      }
    }
    return open
  }

  /// Sites to flip, the most doubtful first: closings and openings of fractional sites, then swaps between them.
  private func moves(_ open: [Bool], _ values: [Double], _ byValue: [Int]) -> [[Int]] {
    let doubtful = byValue.filter { (0.02...0.98).contains(values[$0]) }
      .sorted { a, b in ((values[a] - 0.5).magnitude, a) < ((values[b] - 0.5).magnitude, b) }
    let single = doubtful.map { [$0] }
    let closed = doubtful.filter { !open[$0] }
    let swaps = doubtful.filter { open[$0] }.flatMap { out in closed.map { [out, $0] } }
    return single + swaps
  }
}
