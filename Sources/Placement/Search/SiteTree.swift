/// Which sites to open, by branch and bound over the sites alone: a node's bound is the relaxation with some sites
/// open and some closed, the node of least bound is branched on first. Where every site is decided the rest falls
/// into blocks, whose own bounds and plans (`BlockSearch`) settle the node.
///
/// The bound of the whole is the least bound of what was not branched on, at any moment: the search may end when its
/// effort, counted in linear programs and settled nodes, is spent.
struct SiteTree {
  /// Linear programs that the tree may cost.
  static let programs = 160
  /// Choices of sites that are planned in full.
  static let plans = 10

  private struct Node {
    var open: [Bool?]
    var bound: Double
    var values: [Double]
    var isSettled = false
  }

  private let trials: SiteTrials
  private let blocks: ProgramBlocks
  private let gap: Double
  private var frontier: [Node] = []
  private var planned: [[Bool]: Double] = [:]
  private var best: (point: [Double], open: [Bool])?
  /// The objective that a bound need not exceed: that of the best plan, or one given.
  private var least: Double?

  init(_ trials: SiteTrials, _ blocks: ProgramBlocks, gap: Double) {
    self.trials = trials
    self.blocks = blocks
    self.gap = gap
  }

  /// The best plan found and a bound on all of them.
  ///
  /// - Parameters: `first`, the choice to plan first; `relaxed`, the relaxation with no site decided.
  mutating func solve(first: [Bool], _ relaxed: RelaxedSolver.Solution) -> (point: [Double]?, bound: Double) {
    _ = settled(first)
    let bound = search(from: relaxed)
    guard var best else { return (nil, bound) }
    let program = trials.program(best.open)
    if !isGoodEnough(bound) {
      best.point = BlockSearch(program: program, blocks: blocks).improved(best.point, together: 2)
    }
    return (IntegerSolver.polished(best.point, program) ?? best.point, bound)
  }

  /// A bound alone, no better than of use beside a plan of this objective.
  mutating func bound(upTo objective: Double, _ relaxed: RelaxedSolver.Solution) -> Double {
    least = objective
    return min(search(from: relaxed), objective)
  }

  private mutating func search(from relaxed: RelaxedSolver.Solution) -> Double {
    let open = [Bool?](repeating: nil, count: trials.openings.count)
    frontier = [Node(open: open, bound: relaxed.objective, values: trials.values(relaxed.point))]
    let start = trials.count
    while let next = frontier.indices.min(by: { frontier[$0].bound < frontier[$1].bound }) {
      let node = frontier[next]
      guard !node.isSettled, !isGoodEnough(node.bound), trials.count - start < Self.programs else { break }
      let choice = node.open.compactMap { $0 }
      if choice.count == node.open.count {
        guard planned[choice] != nil || planned.count < Self.plans else { break }
        frontier[next].bound = max(node.bound, planned[choice] ?? settled(choice))
        frontier[next].isSettled = true
      } else {
        frontier.remove(at: next)
        branch(node)
      }
    }
    return frontier.map(\.bound).min() ?? least ?? relaxed.objective
  }

  private func isGoodEnough(_ bound: Double) -> Bool {
    guard let least else { return false }
    return least - bound <= gap * least.magnitude
  }

  /// Decides one more site: the one the relaxation opens nearest to half.
  private mutating func branch(_ node: Node) {
    let undecided = node.open.indices.filter { node.open[$0] == nil }
    func doubt(_ site: Int) -> Double { (node.values[site] - 0.5).magnitude }
    guard let site = undecided.min(by: { (doubt($0), $0) < (doubt($1), $1) }) else { return }
    for choice in [true, false] {
      var open = node.open
      open[site] = choice
      guard let solution = trials.solve(open) else { continue }
      let bound = max(node.bound, solution.objective)
      frontier.append(Node(open: open, bound: bound, values: trials.values(solution.point)))
    }
  }

  /// Plans one choice of sites, and returns its bound; infinite when nothing fits it.
  private mutating func settled(_ open: [Bool]) -> Double {
    guard let relaxed = trials.solve(open) else {
      planned[open] = .infinity
      return .infinity
    }
    let program = trials.program(open)
    let search = BlockSearch(program: program, blocks: blocks)
    let apart = search.apart(relaxed)
    let bound = max(relaxed.objective, apart?.bound ?? relaxed.objective)
    planned[open] = bound
    guard !isGoodEnough(bound), best != nil || least == nil else { return bound }
    let start = apart.flatMap { program.admits($0.point) ? $0.point : nil } ?? search.plan(around: relaxed)
    guard let start else { return bound }
    let found = search.improved(start, together: 1)
    let objective = program.objective(at: found)
    if objective < least ?? .infinity {
      best = (found, open)
      least = objective
    }
    return bound
  }
}
