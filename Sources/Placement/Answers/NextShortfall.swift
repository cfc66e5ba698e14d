import FleetData
import Foundation

/// What runs out first once the horizon is over, if demand goes on growing as it last did.
public struct NextShortfall: Sendable {
  /// Months after the last planned one; 1 = the first month beyond.
  public var monthsAfterHorizon: Int
  /// Demand in that month over demand in the last planned one.
  public var demandFactor: Double
  public var cause: Infeasibility

  /// The first month beyond the horizon that the fleet, with everything that may be bought, cannot serve.
  ///
  /// - Returns: `nil` when demand does not grow, or still fits `upTo` months on.
  public static func find(
    _ problem: PlacementProblem, upTo most: Int = 36
  ) throws(PlacementError) -> NextShortfall? {
    let growth = lastGrowth(of: problem)
    guard growth > 1 + 1e-9 else { return nil }
    var (fits, fails) = (0, most + 1)
    var cause: Infeasibility?
    while fails - fits > 1 {
      let middle = cause == nil && fits == 0 ? min(most, max(1, most / 2)) : (fits + fails) / 2
      if let found = try obstacle(problem, factor: pow(growth, Double(middle))) {
        fails = middle
        cause = found
      } else {
        fits = middle
      }
    }
    guard fails <= most, let cause else { return nil }
    return NextShortfall(
      monthsAfterHorizon: fails, demandFactor: pow(growth, Double(fails)), cause: cause)
  }

  private static func obstacle(
    _ problem: PlacementProblem, factor: Double
  ) throws(PlacementError) -> Infeasibility? {
    let later = try ResolvedProblem(problem.only(month: problem.months - 1, demandFactor: factor))
    let study = InfeasibilityStudy(later)
    return study.hasPlan([0]) ? nil : study.explain(month: 0, until: nil)
  }

  /// Total demand of the last month over that of the month before; 1 for a horizon of one month.
  private static func lastGrowth(of problem: PlacementProblem) -> Double {
    guard problem.months > 1 else { return 1 }
    func total(_ month: Int) -> Double {
      problem.services.reduce(0) { $0 + $1.flows.reduce(0) { $0 + $1.peakRates[month] } }
    }
    let before = total(problem.months - 2)
    return before > 0 ? total(problem.months - 1) / before : 1
  }
}
