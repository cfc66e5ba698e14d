/// A row over whole replicas alone that every plan keeps: what the options that some regions may use can carry is at
/// least what those regions ask for, `Σ a_j·n_j ≥ b`.
///
/// The relaxation meets it with fractions of replicas. Mixed-integer rounding at a divisor δ says what whole ones
/// must do,
///
///     Σ (⌊a_j/δ⌋ + min(1, frac(a_j/δ) / f)) · n_j ≥ ⌈b/δ⌉,   f = frac(b/δ) > 0
///
/// - Source: Nemhauser and Wolsey (1990), on a row of integer columns.
struct CoverCut: Sendable {
  var terms: [LinearProgram.Term]
  var least: Double

  /// Violations smaller than this are not worth a row.
  static let tolerance = 1e-4
  /// Divisors tried: the capacities themselves.
  static let divisors = 12

  /// The rounded row that a relaxed point violates most, as `terms ≥ least`, or `nil` when it keeps all of them.
  func mostViolated(at point: [Double]) -> CoverCut? {
    var tried: [Double] = []
    var best: (cut: CoverCut, violation: Double)?
    for term in terms.sorted(by: { point[$0.column] > point[$1.column] }) where tried.count < Self.divisors {
      let divisor = term.coefficient
      guard divisor > 0, !tried.contains(where: { ($0 - divisor).magnitude < 1e-9 * divisor }) else {
        continue
      }
      tried.append(divisor)
      guard let cut = rounded(by: divisor) else { continue }
      let reached = cut.terms.reduce(0) { $0 + $1.coefficient * point[$1.column] }
      let violation = (cut.least - reached) / cut.least
      if violation > (best?.violation ?? Self.tolerance) { best = (cut, violation) }
    }
    return best?.cut
  }

  private func rounded(by divisor: Double) -> CoverCut? {
    let wanted = least / divisor
    // A need that is whole but for dust is taken as whole: rounding it up would ask for a replica too many.
    let whole = (wanted - 1e-7).rounded(.down)
    let rest = wanted - whole
    guard rest > 1e-3, rest < 1 + 1e-7 else { return nil }
    let rounded = terms.map { term in
      let size = term.coefficient / divisor
      let floor = (size + 1e-9).rounded(.down)
      let part = max(0, size - floor)
      return LinearProgram.Term(column: term.column, coefficient: floor + min(1, part / rest))
    }
    return CoverCut(terms: rounded, least: whole + 1)
  }
}
