/// Whole numbers from a relaxation by fixing and rounding: what is whole stays, what is nearest to a whole number
/// above is rounded, the rest is solved again, until all is whole.
///
/// Replicas are made whole first and purchases last, upwards, because what is bought must hold what stands. Where a
/// batch of roundings leaves no solution, half of it is tried, at last one column to either side.
struct Dive {
  private let program: LinearProgram
  private let solver: RelaxedSolver
  /// Whole columns in the order of their kinds: those that hold others last.
  private let kinds: [[Int]]

  /// - Parameter held: columns to be rounded last, upwards.
  init(_ program: LinearProgram, last held: [Int] = []) {
    self.program = program
    solver = RelaxedSolver(program)
    let later = Set(held)
    let wholes = (0..<program.columns).filter { program.isInteger[$0] }
    kinds = [wholes.filter { !later.contains($0) }, wholes.filter { later.contains($0) }]
  }

  /// A plan, or `nil` when the dive ends where nothing fits.
  func solve() -> [Double]? {
    guard var current = solver.solve()?.point else { return nil }
    for (kind, columns) in kinds.enumerated() {
      guard let next = made(whole: columns, from: current, upwards: kind > 0) else { return nil }
      current = next
    }
    for column in kinds.joined() { current[column] = current[column].rounded() }
    return IntegerSolver.polished(current, program)
  }

  private func made(whole columns: [Int], from start: [Double], upwards: Bool) -> [Double]? {
    var current = start
    var loose = columns
    while true {
      let fractional = loose.filter { (current[$0] - current[$0].rounded()).magnitude > 1e-6 }
      guard !fractional.isEmpty else { return current }
      let nearest = fractional.sorted { a, b in
        (Self.distance(current[a]), a) < (Self.distance(current[b]), b)
      }
      var batch = max(1, fractional.count / 8)
      var reached = rounded(nearest.prefix(batch), current, upwards: upwards)
      while reached == nil, batch > 1 {
        batch /= 2
        reached = rounded(nearest.prefix(batch), current, upwards: upwards)
      }
      guard let next = reached ?? otherSide(nearest[0], current, upwards: upwards) else { return nil }
      let done = Set(nearest.prefix(batch))
      loose.removeAll { done.contains($0) }
      current = next
    }
  }

  /// The relaxation with some columns rounded, or `nil`, their bounds as before, when that leaves no solution.
  private func rounded(_ batch: ArraySlice<Int>, _ current: [Double], upwards: Bool) -> [Double]? {
    for column in batch { fix(column, Self.whole(current[column], upwards: upwards)) }
    if let point = solver.solve()?.point { return point }
    for column in batch {
      solver.setBounds(program.columnLower[column], program.columnUpper[column], of: column)
    }
    return nil
  }

  private func otherSide(_ column: Int, _ current: [Double], upwards: Bool) -> [Double]? {
    let up = current[column].rounded(.up)
    let tried = Self.whole(current[column], upwards: upwards)
    fix(column, tried == up ? current[column].rounded(.down) : up)
    return solver.solve()?.point
  }

  private func fix(_ column: Int, _ value: Double) { solver.setBounds(value, value, of: column) }

  private static func whole(_ value: Double, upwards: Bool) -> Double {
    upwards || distanceAbove(value) ? value.rounded(.up) : value.rounded(.down)
  }

  /// Is the part above a whole number large enough to be rounded up?
  private static func distanceAbove(_ value: Double) -> Bool { value - value.rounded(.down) > 0.3 }

  /// How far a value is from the whole number it will be rounded to.
  private static func distance(_ value: Double) -> Double {
    let fraction = value - value.rounded(.down)
    return fraction > 0.3 ? 1 - fraction : fraction
  }
}
