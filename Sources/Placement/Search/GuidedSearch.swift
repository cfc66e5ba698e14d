/// A plan for programs that branch and cut stalls on: the relaxation says which sites to open, local search improves
/// the choice, a dive makes the replicas whole. The relaxation is also the bound, so the gap is always stated.
///
/// 1. Open what the relaxation opens by half or more; add sites by their relaxed value until demand fits.
/// 2. Close, open and swap sites while the relaxed cost of the rest falls (each trial a warm-started linear program).
/// 3. Dive: fix replica counts that are whole, round up those nearest above, solve again, until all are whole.
/// 4. Where the gap is still open, solve parts of the program around the plan (`NeighbourhoodSearch`), and branch on
///    the whole where it is of one piece and not too large.
struct GuidedSearch {
  /// Programs beyond this many columns are searched here instead of by branch and cut.
  static let columnsFromWhich = 4000
  /// Programs beyond this many are not branched on at all.
  static let columnsToBranchOn = 30_000
  /// Linear programs that the choice of sites may cost.
  static let trials = 80

  private let model: PlacementModel
  private let relaxed: RelaxedSolver.Solution
  private let opens: [Int]
  private let wholes: [Int]

  init(_ model: PlacementModel, _ relaxed: RelaxedSolver.Solution) {
    self.model = model
    self.relaxed = relaxed
    let opens = model.months.flatMap { $0.open.compactMap { $0 } }
    self.opens = opens
    let isOpen = Set(opens)
    wholes = (0..<model.program.columns).filter { model.program.isInteger[$0] && !isOpen.contains($0) }
  }

  func solve(limits: SearchLimits) -> IntegerSolver.Outcome {
    guard let choice = chosenSites() else { return .undecided(bound: relaxed.objective) }
    guard var point = dive(choice) else { return .undecided(bound: relaxed.objective) }
    var bound = relaxed.objective
    if isOpen(point, bound, limits) {
      let blocks = ProgramBlocks(model)
      point = NeighbourhoodSearch(model: model, relaxed: relaxed, blocks: blocks).improved(point)
      if isOpen(point, bound, limits), model.program.columns <= Self.columnsToBranchOn,
        blocks.blocks.count == 1,
        case .solved(let found, _, let proved, _) = IntegerSolver.solve(
          model.program, limits: SearchLimits(relativeGap: limits.relativeGap, nodes: 200),
          knownBound: bound, start: point)
      {
        point = found
        bound = proved
      }
    }
    let objective = model.program.objective(at: point)
    return .solved(
      point: point, objective: objective, bound: min(objective, bound), proven: !isOpen(point, bound, limits))
  }

  /// Is the gap between a plan and a bound still too wide?
  private func isOpen(_ point: [Double], _ bound: Double, _ limits: SearchLimits) -> Bool {
    let objective = model.program.objective(at: point)
    return (objective - bound) / max(objective.magnitude, 1e-12) > limits.relativeGap
  }

  /// Which sites are open, after local search.
  private func chosenSites() -> [Bool]? {
    guard !opens.isEmpty else { return [] }
    let solver = SiteTrials(model, opens)
    var open = opens.map { relaxed.point[$0] >= 0.5 }
    var best = solver.cost(open)
    let byValue = opens.indices.sorted {
      let (a, b) = (relaxed.point[opens[$0]], relaxed.point[opens[$1]])
      return a != b ? a > b : $0 < $1
    }
    for site in byValue where best == nil {
      open[site] = true
      best = solver.cost(open)
    }
    guard var least = best else { return nil }
    var improved = true
    while improved, solver.count < Self.trials {
      improved = false
      for flip in moves(open, byValue) where solver.count < Self.trials {
        var next = open
        for site in flip { next[site].toggle() }
        guard let cost = solver.cost(next), cost < least * (1 - 1e-9) else { continue }
        open = next
        least = cost
        improved = true
      }
    }
    return open
  }

  /// Sites to flip, the most doubtful first: closings and openings of fractional sites, then swaps between them.
  private func moves(_ open: [Bool], _ byValue: [Int]) -> [[Int]] {
    let doubtful = byValue.filter { (0.02...0.98).contains(relaxed.point[opens[$0]]) }
      .sorted { a, b in
        let (x, y) = ((relaxed.point[opens[a]] - 0.5).magnitude, (relaxed.point[opens[b]] - 0.5).magnitude)
        return x != y ? x < y : a < b
      }
    let single = doubtful.map { [$0] }
    let closed = doubtful.filter { !open[$0] }
    let swaps = doubtful.filter { open[$0] }.flatMap { out in closed.map { [out, $0] } }
    return single + swaps
  }

  /// Makes the replicas whole by fixing and rounding, with the sites given.
  private func dive(_ choice: [Bool]) -> [Double]? {
    let solver = RelaxedSolver(model.program)
    for (index, column) in opens.enumerated() {
      let value = choice[index] ? 1.0 : 0.0
      solver.setBounds(value, value, of: column)
    }
    guard var current = solver.solve()?.point else { return nil }
    var loose = wholes
    while true {
      let fractional = loose.filter { (current[$0] - current[$0].rounded()).magnitude > 1e-6 }
      guard !fractional.isEmpty else { break }
      let batch = max(1, fractional.count / 8)
      let ordered = fractional.sorted { a, b in
        let (x, y) = (Self.roundingDistance(current[a]), Self.roundingDistance(current[b]))
        return x != y ? x < y : a < b
      }
      for column in ordered.prefix(batch) {
        let value = current[column]
        let whole = value - value.rounded(.down) > 0.3 ? value.rounded(.up) : value.rounded(.down)
        solver.setBounds(whole, whole, of: column)
      }
      var next = solver.solve()?.point
      if next == nil {
        for column in ordered.prefix(batch) {
          let whole = current[column].rounded(.up)
          solver.setBounds(whole, model.program.columnUpper[column], of: column)
        }
        next = solver.solve()?.point
      }
      guard let reached = next else { return nil }
      let done = Set(ordered.prefix(batch))
      loose.removeAll { done.contains($0) && (reached[$0] - reached[$0].rounded()).magnitude <= 1e-6 }
      current = reached
    }
    for column in wholes { current[column] = current[column].rounded() }
    return IntegerSolver.polished(current, model.program)
  }

  /// How far a value is from the whole number it will be rounded to.
  private static func roundingDistance(_ value: Double) -> Double {
    let fraction = value - value.rounded(.down)
    return fraction > 0.3 ? 1 - fraction : fraction
  }
}

/// Costs of choices of open sites, each a linear program over the open sites' columns, warm-started from the last.
final class SiteTrials {
  private let solver: RelaxedSolver
  private let opens: [Int]
  private(set) var count = 0

  init(_ model: PlacementModel, _ opens: [Int]) {
    solver = RelaxedSolver(model.program)
    self.opens = opens
  }

  /// The relaxed cost with these sites open, or `nil` when demand does not fit them.
  func cost(_ open: [Bool]) -> Double? {
    count += 1
    for (index, column) in opens.enumerated() {
      let value = open[index] ? 1.0 : 0.0
      solver.setBounds(value, value, of: column)
    }
    return solver.solve()?.objective
  }
}
