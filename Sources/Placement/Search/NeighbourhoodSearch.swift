/// Improves a plan by solving the program around it: a part of the columns is free, the rest stays as the plan has it.
///
/// Where the program falls into blocks (services), one block at a time is free; else the columns in which plan and
/// relaxation differ (Danna, Rothberg and Le Pape, 2005). Node limits make every trial's effort a count, not a time.
struct NeighbourhoodSearch {
  static let limits = SearchLimits(relativeGap: 1e-3, nodes: 400)

  let model: PlacementModel
  let relaxed: RelaxedSolver.Solution
  let blocks: ProgramBlocks

  /// The plan, or a better one.
  func improved(_ start: [Double]) -> [Double] {
    blocks.blocks.count > 1 ? improvedByBlock(start) : improvedByDifference(start)
  }

  private func improvedByBlock(_ start: [Double]) -> [Double] {
    var point = start
    for block in blocks.blocks where block.columns.contains(where: { model.program.isInteger[$0] }) {
      point = solved(free: block.columns, from: point)
    }
    for month in model.months { point = withSitesClosed(point, month) }
    return point
  }

  /// Closes one site after another, the least used first, where the services that stood there cost less elsewhere.
  ///
  /// Their relaxations are solved first: a site whose closing costs more even there than its opening saves is kept.
  private func withSitesClosed(_ start: [Double], _ month: PlacementModel.Month) -> [Double] {
    var point = start
    func replicas(_ site: Int) -> Double {
      model.problem.optionsAtSite[site].reduce(0) { $0 + point[month.work[$1]] }
    }
    let order = month.open.indices.filter { month.open[$0].map { point[$0] > 0.5 } ?? false }
      .map { (site: $0, used: replicas($0)) }.sorted { ($0.used, $0.site) < ($1.used, $1.site) }
    for (site, _) in order {
      let standing = Set(model.problem.optionsAtSite[site].map { month.work[$0] }.filter { point[$0] > 0 })
      var next = point
      next[month.open[site]!] = 0
      let least = model.program.objective(at: point)
      let moved = blocks.blocks.filter { $0.columns.contains { standing.contains($0) } }
      guard pays(moved, from: point, to: next) else { continue }
      if let found = rearranged(moved, from: next, below: least) { point = found }
    }
    return point
  }

  /// Do these blocks cost less in all, relaxed, around one point than around another?
  private func pays(_ moved: [ProgramBlocks.Block], from point: [Double], to next: [Double]) -> Bool {
    let saved = model.program.objective(at: point) - model.program.objective(at: next)
    var dearer = 0.0
    for block in moved {
      guard let open = RelaxedSolver(model.program.restricted(to: block.columns, at: point)).solve(),
        let closed = RelaxedSolver(model.program.restricted(to: block.columns, at: next)).solve()
      else { return false }
      dearer += closed.objective + saved - open.objective
      if dearer > saved * Self.doubt { return false }
    }
    return true
  }

  /// Whole replicas move the costs of both sides: a site is tried while relaxations say it costs less than this many
  /// times what it saves.
  private static let doubt = 1.5

  /// The point with these blocks solved again, or `nil` when one cannot be or the whole does not cost less.
  private func rearranged(_ moved: [ProgramBlocks.Block], from start: [Double], below least: Double)
    -> [Double]?
  {
    var next = start
    for block in moved {
      let part = model.program.restricted(to: block.columns, at: next)
      guard case .solved(let found, _, _, _) = IntegerSolver.solve(part, limits: Self.limits) else {
        return nil
      }
      for (column, value) in zip(block.columns, found) { next[column] = value }
    }
    return model.program.objective(at: next) < least * (1 - 1e-9) ? next : nil
  }

  private func improvedByDifference(_ start: [Double]) -> [Double] {
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
