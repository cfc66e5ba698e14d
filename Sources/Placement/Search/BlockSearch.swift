/// Plans and bounds for a program that falls into blocks (services) once its sites are chosen: every block is a small
/// integer program, and only few rows (chips, power, quotas, budget) and the purchases tie them together.
///
/// - The bound prices the coupling rows at the relaxation's duals y and lets every block do what is best for itself:
///
///       min c·x  ≥  y·b + Σ_blocks min (c − y·A)·x_block
///
/// - A plan fixes the blocks one after another at whole replicas, each within what the relaxation of the others
///   leaves it, and relaxes the rest again after each.
/// - The plan is improved by solving one or two blocks again, purchases included, with the others held.
///
/// - Source: Lagrangian relaxation, Geoffrion (1974); relax and fix, Pochet and Wolsey (2006).
struct BlockSearch {
  static let limits = SearchLimits(relativeGap: 1e-3, nodes: 400)
  /// Times that every block is solved again.
  static let passes = 3

  /// Openings are fixed, and with them everything at closed sites.
  let program: LinearProgram
  let blocks: ProgramBlocks

  init(program: LinearProgram, blocks: ProgramBlocks) {
    self.program = program
    self.blocks = blocks
  }

  /// A bound on every plan, and the blocks' own answers to it, which keep the coupling rows only by luck; `nil` when
  /// a block cannot be solved.
  func apart(_ relaxed: RelaxedSolver.Solution) -> (bound: Double, point: [Double])? {
    let coupling = couplingRows(relaxed.rowPrices)
    var priced = program
    var bound = program.constant
    for (row, price) in coupling where price != 0 {
      bound += price * (price < 0 ? program.rowUpper[row] : program.rowLower[row])
      for (column, value) in program.terms(ofRow: row) {
        priced.setCost(priced.cost[column] - price * value, of: column)
      }
    }
    var point = relaxed.point
    for column in 0..<program.columns where blocks.blockOf[column] == nil || isFixed(column) {
      let cost = priced.cost[column]
      point[column] = cost < 0 ? program.columnUpper[column] : program.columnLower[column]
      bound += cost == 0 ? 0 : cost * point[column]
    }
    let tied = Set(coupling.map(\.row))
    for block in blocks.blocks {
      let free = block.filter { !isFixed($0) }
      guard !free.isEmpty else { continue }
      let part = priced.part(of: free, holding: point, without: tied)
      guard
        case .solved(let found, _, let least, _) = IntegerSolver.solve(
          part, limits: Self.limits.plain(forColumns: part.columns))
      else { return nil }
      for (column, value) in zip(free, found) { point[column] = value }
      bound += least
    }
    return (bound, point)
  }

  /// Rows over more than one block, or over purchases, with their duals as far as those are of use for a bound.
  private func couplingRows(_ prices: [Double]) -> [(row: Int, price: Double)] {
    (0..<program.rows).compactMap { row in
      var first: Int?
      var isCoupling = false
      for (column, _) in program.terms(ofRow: row) where !isFixed(column) {
        guard let block = blocks.blockOf[column] else {
          isCoupling = true
          break
        }
        if let first, first != block { isCoupling = true }
        first = block
      }
      guard isCoupling else { return nil }
      let price = row < prices.count ? prices[row] : 0
      let side = price < 0 ? program.rowUpper[row] : program.rowLower[row]
      return (row, side.isFinite ? price : 0)
    }
  }

  private func isFixed(_ column: Int) -> Bool { program.columnLower[column] == program.columnUpper[column] }

  /// A plan near the relaxation: purchases first, then block after block; `nil` when none is found.
  func plan(around relaxed: RelaxedSolver.Solution) -> [Double]? {
    let solver = RelaxedSolver(program)
    guard var point = roundedPurchases(solver) else { return nil }
    var waiting = blocks.blocks.indices.filter { !wholes(ofBlock: $0).isEmpty }
    while !waiting.isEmpty {
      var later: [Int] = []
      for block in waiting {
        guard let found = solved(free: blocks.blocks[block], at: point) else {
          later.append(block)
          continue
        }
        for column in wholes(ofBlock: block) {
          let whole = found[column].rounded()
          solver.setBounds(whole, whole, of: column)
        }
        guard let next = solver.solve()?.point else { return nil }
        point = next
      }
      guard later.count < waiting.count else { return nil }
      waiting = later
    }
    return IntegerSolver.polished(point, program)
  }

  private func wholes(ofBlock block: Int) -> [Int] {
    blocks.blocks[block].filter { program.isInteger[$0] && !isFixed($0) }
  }

  /// The relaxation with its purchases made whole one by one, each to the side that costs less.
  private func roundedPurchases(_ solver: RelaxedSolver) -> [Double]? {
    guard var current = solver.solve() else { return nil }
    var loose = blocks.loose.filter { program.isInteger[$0] && !isFixed($0) }
    while !loose.isEmpty {
      loose.sort { a, b in
        let (x, y) = (Self.distance(current.point[a]), Self.distance(current.point[b]))
        return x != y ? x < y : a < b
      }
      let column = loose.removeFirst()
      let value = current.point[column]
      var sides = [value.rounded()]
      if Self.distance(value) > 1e-6 { sides = [value.rounded(.down), value.rounded(.up)] }
      var best: (side: Double, solution: RelaxedSolver.Solution)?
      for side in sides {
        solver.setBounds(side, side, of: column)
        guard let next = solver.solve() else { continue }
        if best.map({ next.objective < $0.solution.objective }) ?? true { best = (side, next) }
      }
      guard let best else { return nil }
      solver.setBounds(best.side, best.side, of: column)
      current = best.solution
    }
    return current.point
  }

  private static func distance(_ value: Double) -> Double { (value - value.rounded()).magnitude }

  /// A plan with its blocks solved again beside the others, so many at a time, as long as that pays: one alone finds
  /// room and purchases for itself, two together exchange them.
  func improved(_ start: [Double], together: Int) -> [Double] {
    var point = start
    let bought = blocks.loose.filter { program.isInteger[$0] }
    let moving = blocks.blocks.indices.filter { !wholes(ofBlock: $0).isEmpty }
    let size = min(together, moving.count)
    for pass in 1...Self.passes {
      let before = program.objective(at: point)
      for first in moving.indices {
        let group = Set((0..<size).map { moving[(first + $0 * pass) % moving.count] }).sorted()
        let free = group.flatMap { blocks.blocks[$0] } + bought
        guard let next = solved(free: free, at: point, from: point) else { continue }
        if program.objective(at: next) < program.objective(at: point) { point = next }
      }
      guard program.objective(at: point) < before - Self.worthwhile * before.magnitude else { break }
    }
    return point
  }

  /// A pass that saves less than this share is the last.
  private static let worthwhile = 1e-4

  /// The point with some of its columns solved again, or `nil` when they have no solution beside the others.
  private func solved(free: [Int], at point: [Double], from start: [Double]? = nil) -> [Double]? {
    let open = free.filter { !isFixed($0) }.sorted()
    let part = program.part(of: open, holding: point)
    let outcome = IntegerSolver.solve(
      part, limits: Self.limits.plain(forColumns: part.columns),
      start: start.map { from in open.map { from[$0] } })
    guard case .solved(let found, _, _, _) = outcome else { return nil }
    var next = point
    for (column, value) in zip(open, found) { next[column] = value }
    return next
  }
}
