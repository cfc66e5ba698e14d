import CCbc

/// How hard to search: all limits are counts, never seconds, so that a slow machine gives the same plan as a fast one.
public struct SearchLimits: Sendable, Hashable {
  /// Stop when the plan is proved to be within this share of the optimum.
  public var relativeGap: Double
  /// Branch-and-bound nodes after which the best plan found is returned with its bound. Nodes of large programs are
  /// dear: beyond 200 columns a program gets fewer by the square of its size, though never fewer than 200.
  public var nodes: Int

  /// The node limit of a program of so many columns.
  func nodes(forColumns columns: Int) -> Int {
    let size = Double(max(columns, 200)) / 200
    return min(nodes, max(200, Int(Double(nodes) / (size * size))))
  }

  /// Branch without cuts and heuristics, which cost more than they save on programs of a few dozen columns.
  var isPlain = false

  public init(relativeGap: Double = 1e-3, nodes: Int = 20_000) {
    self.relativeGap = relativeGap
    self.nodes = nodes
  }

  /// These limits for a program of so many columns: small ones are branched on plainly.
  func plain(forColumns columns: Int) -> SearchLimits {
    var limits = self
    limits.isPlain = columns <= 400
    return limits
  }
}

/// Mixed-integer programs by branch and cut of COIN-OR CBC.
enum IntegerSolver {
  enum Outcome: Sendable {
    /// `point` is feasible with integers exactly whole; `bound` is proved; `proven` when the gap limit was reached.
    case solved(point: [Double], objective: Double, bound: Double, proven: Bool)
    case infeasible
    /// The node limit ended the search before a first feasible point.
    case undecided(bound: Double)

    /// Is there nothing left to search for?
    var isSettled: Bool {
      switch self {
      case .infeasible: true
      case .solved(_, _, _, let proven): proven
      case .undecided: false
      }
    }

    /// The better plan and the higher bound of two searches of one program.
    func joined(with other: Outcome, relativeGap: Double) -> Outcome {
      switch (self, other) {
      case (.infeasible, _), (_, .infeasible): return .infeasible
      case (.undecided(let a), .undecided(let b)): return .undecided(bound: max(a, b))
      case (.undecided(let bound), .solved(let point, let objective, let known, _)),
        (.solved(let point, let objective, let known, _), .undecided(let bound)):
        return Self.solved(point, objective, bound: max(bound, known), relativeGap)
      case (.solved(let p, let x, let a, _), .solved(let q, let y, let b, _)):
        return Self.solved(x <= y ? p : q, min(x, y), bound: max(a, b), relativeGap)
      }
    }

    private static func solved(
      _ point: [Double], _ objective: Double, bound: Double, _ relativeGap: Double
    ) -> Outcome {
      let proven = objective - bound <= relativeGap * objective.magnitude
      return .solved(point: point, objective: objective, bound: min(objective, bound), proven: proven)
    }
  }

  /// Solves the program; a start point, when given, is the first incumbent, and `knownBound` a proved lower bound.
  static func solve(
    _ program: LinearProgram, limits: SearchLimits, knownBound: Double = -.infinity, start: [Double]? = nil
  ) -> Outcome {
    guard program.hasIntegers else { return solveContinuous(program) }
    switch SolverTurn.take({ branchAndCut(program, limits: limits, start: start) }) {
    case .infeasible: return .infeasible
    case .ended(let raw, let bound, let proven):
      let known = max(knownBound, bound.isFinite ? bound : -.infinity)
      guard let raw else { return .undecided(bound: known) }
      let point = polished(raw, program) ?? raw
      let objective = program.objective(at: point)
      return .solved(point: point, objective: objective, bound: min(objective, known), proven: proven)
    }
  }

  private enum Search: Sendable {
    case infeasible
    case ended(best: [Double]?, bound: Double, proven: Bool)
  }

  private static func branchAndCut(_ program: LinearProgram, limits: SearchLimits, start: [Double]?) -> Search
  {
    guard let model = Cbc_newModel() else { preconditionFailure("the CBC library gave no model") }
    defer { Cbc_deleteModel(model) }
    let scale = program.costScale
    load(program, scale: scale, into: model)
    configure(model, limits: limits, nodes: limits.nodes(forColumns: program.columns))
    if let start { giveStart(start, program, to: model) }
    _ = Cbc_solve(model)
    if Cbc_isProvenInfeasible(model) != 0 { return .infeasible }
    let best = Cbc_bestSolution(model)
    if best == nil, Cbc_status(model) == 0, Cbc_isNodeLimitReached(model) == 0 { return .infeasible }
    return .ended(
      best: best.map { Array(UnsafeBufferPointer(start: $0, count: program.columns)) },
      bound: Cbc_getBestPossibleObjValue(model) * scale + program.constant,
      proven: Cbc_isProvenOptimal(model) != 0)
  }

  private static func solveContinuous(_ program: LinearProgram) -> Outcome {
    guard let solution = RelaxedSolver(program).solve() else { return .infeasible }
    return .solved(
      point: solution.point, objective: solution.objective, bound: solution.objective, proven: true)
  }

  private static func load(
    _ program: LinearProgram, scale: Double, into model: UnsafeMutableRawPointer
  ) {
    let matrix = program.columnMajor()
    let cost = program.cost.map { $0 / scale }
    Cbc_loadProblem(
      model, Int32(program.columns), Int32(program.rows), matrix.start, matrix.index, matrix.value,
      program.columnLower, program.columnUpper, cost, program.rowLower, program.rowUpper)
    for column in 0..<program.columns where program.isInteger[column] {
      Cbc_setInteger(model, Int32(column))
    }
  }

  private static func configure(_ model: UnsafeMutableRawPointer, limits: SearchLimits, nodes: Int) {
    Cbc_setLogLevel(model, 0)
    for (name, value) in [
      ("log", "0"), ("slog", "0"), ("threads", "0"), ("randomCbcSeed", "1"), ("randomSeed", "1"),
      ("ratioGap", "\(limits.relativeGap)"),
    ] {
      Cbc_setParameter(model, name, value)
    }
    if limits.isPlain {
      Cbc_setParameter(model, "heur", "off")
      Cbc_setParameter(model, "cuts", "off")
    }
    Cbc_setAllowableFractionGap(model, limits.relativeGap)
    Cbc_setAllowableGap(model, 0)
    Cbc_setMaximumNodes(model, Int32(clamping: nodes))
  }

  private static func giveStart(
    _ start: [Double], _ program: LinearProgram, to model: UnsafeMutableRawPointer
  ) {
    let chosen = (0..<program.columns).filter { program.isInteger[$0] }
    let indices = chosen.map { Int32($0) }
    let values = chosen.map { start[$0].rounded() }
    Cbc_setMIPStartI(model, Int32(indices.count), indices, values)
  }

  /// The best continuous completion of the rounded integers: routing without branch-and-bound's tolerance dust.
  static func polished(_ point: [Double], _ program: LinearProgram) -> [Double]? {
    var fixed = program
    for column in 0..<program.columns where program.isInteger[column] {
      let whole = point[column].rounded()
      fixed.setBounds(whole, whole, of: column)
      fixed.setContinuous(column)
    }
    return RelaxedSolver(fixed).solve()?.point
  }
}
