/// Relaxed costs of choices of open sites, each a linear program warm-started from the last.
final class SiteTrials {
  /// A column that says whether a site is open, and what stands there.
  struct Opening: Sendable {
    var column: Int
    var site: Int
    var position: Int
  }

  let openings: [Opening]
  private(set) var count = 0
  private let model: PlacementModel
  private let solver: RelaxedSolver

  init(_ model: PlacementModel) {
    self.model = model
    solver = RelaxedSolver(model.program)
    openings = model.months.indices.flatMap { position in
      model.months[position].open.enumerated().compactMap { site, column in
        column.map { Opening(column: $0, site: site, position: position) }
      }
    }
  }

  /// The relaxation with some sites open, some closed and some undecided, or `nil` when demand does not fit.
  func solve(_ open: [Bool?]) -> RelaxedSolver.Solution? {
    count += 1
    for (opening, choice) in zip(openings, open) {
      let (lower, upper) = choice.map { $0 ? (1.0, 1.0) : (0.0, 0.0) } ?? (0, 1)
      solver.setBounds(lower, upper, of: opening.column)
    }
    return solver.solve()
  }

  /// How far every site is open in a relaxed solution.
  func values(_ point: [Double]) -> [Double] { openings.map { point[$0.column] } }

  /// The program with these sites open and nothing at the others.
  func program(_ open: [Bool]) -> LinearProgram {
    var program = model.program
    for (opening, isOpen) in zip(openings, open) {
      program.setBounds(isOpen ? 1 : 0, isOpen ? 1 : 0, of: opening.column)
      if !isOpen { close(opening, in: &program) }
    }
    return program
  }

  private func close(_ opening: Opening, in program: inout LinearProgram) {
    let month = model.months[opening.position]
    for option in model.problem.optionsAtSite[opening.site] {
      for column in [month.work[option]] + month.spares[option] { program.setBounds(0, 0, of: column) }
    }
    for (flow, entry) in model.problem.flows.enumerated() {
      for (position, route) in entry.routes.enumerated()
      where model.problem.options[route.option].site == opening.site {
        program.setBounds(0, 0, of: month.share[flow][position])
      }
    }
  }
}
