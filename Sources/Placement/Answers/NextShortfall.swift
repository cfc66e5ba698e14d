import FleetData
import Foundation

/// What runs out first once the horizon is over, if demand goes on growing as it last did.
public struct NextShortfall: Sendable {
  /// Months after the last planned one; 1 = the first month beyond.
  public var monthsAfterHorizon: Int
  public var cause: Infeasibility

  /// The first month beyond the horizon that the fleet, with everything that may be bought, cannot serve.
  ///
  /// - Returns: `nil` when demand does not grow, or still fits `upTo` months on.
  public static func find(
    _ problem: PlacementProblem, upTo most: Int = 36
  ) throws(PlacementError) -> NextShortfall? {
    let growth = lastGrowth(of: problem)
    guard growth > 1 + 1e-9 else { return nil }
    return try find(upTo: most) { ahead in
      problem.only(month: problem.months - 1, demandFactor: pow(growth, Double(ahead)))
    }
  }

  /// The first of the months ahead that has no plan, by bisection: what fails once goes on failing.
  ///
  /// - Parameter problem: one month as a problem of its own, so many months after the last planned one.
  public static func find(
    upTo most: Int, problem: (_ monthsAfterHorizon: Int) -> PlacementProblem
  ) throws(PlacementError) -> NextShortfall? {
    var (fits, fails) = (0, most + 1)
    while fails - fits > 1 {
      let middle = fails > most ? most : (fits + fails) / 2
      if try study(problem(middle)).hasPlan([0]) { fits = middle } else { fails = middle }
    }
    guard fails <= most else { return nil }
    return NextShortfall(
      monthsAfterHorizon: fails, cause: try study(problem(fails)).explain(month: 0, until: nil))
  }

  private static func study(_ problem: PlacementProblem) throws(PlacementError) -> InfeasibilityStudy {
    InfeasibilityStudy(try ResolvedProblem(problem))
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
