import FleetData
import Quantities

/// Which replicas where, at least cost? The stages, in order:
///
/// 1. names are looked up and everything is put into canonical order (`ResolvedProblem`);
/// 2. a service nobody may host is reported before any search (`Reachability`);
/// 3. months that share nothing are planned one by one, months tied by purchases together (`PlacementModel`);
/// 4. the integer program is solved, its bound kept (`IntegerSolver`; large ones by `GuidedSearch`, whose effort is
///    counted in linear programs and in nodes of small integer ones, so that it always ends with a plan and a bound);
/// 5. rows, binding limits and their prices are read off (`PlanAssembly`, `ShadowPrices`), and checked (`PlanAudit`);
/// 6. when nothing fits, the first month that fails is explained by what would have to give (`InfeasibilityStudy`).
public enum Placer {
  /// The cheapest plan under the problem's weights.
  ///
  /// - Throws: `PlacementError.infeasible` with the smallest changes that would help; `.malformed` when the problem
  ///   contradicts itself; `.undecided` when the node limit ended the search before any plan was found.
  public static func plan(_ problem: PlacementProblem) throws(PlacementError) -> PlacementPlan {
    let resolved = try ResolvedProblem(problem)
    if let obstacle = Reachability.obstacle(in: resolved) { throw .infeasible(obstacle) }
    let plan =
      resolved.monthsAreCoupled
      ? try coupledPlan(resolved) : try separatePlan(resolved, through: problem.months)
    PlanAudit.check(plan, of: resolved)
    return plan
  }

  /// Months one by one: exact when no decision spans months; the bounds add up.
  static func separatePlan(
    _ problem: ResolvedProblem, through months: Int
  ) throws(PlacementError) -> PlacementPlan {
    var plan = PlacementPlan(objective: 0, bound: 0, proven: true)
    for month in 0..<months {
      let model = PlacementModel(problem, months: [month])
      guard try extend(&plan, with: model) else {
        let until = plan.isEmpty ? nil : plan
        throw .infeasible(InfeasibilityStudy(problem).explain(month: month, until: until))
      }
    }
    return plan
  }

  /// Solves a model and adds its months to the plan; false when it has no solution.
  ///
  /// - Parameter inPlace: bought blocks that stood before a month planned alone; what exceeds them is its purchase.
  static func extend(
    _ plan: inout PlacementPlan, with model: PlacementModel, inPlace: [Int]? = nil
  ) throws(PlacementError) -> Bool {
    var tight = model
    guard let relaxed = LinkTightening.tighten(&tight) else { return false }
    switch search(tight, relaxed) {
    case .infeasible:
      return false
    case .undecided(let bound):
      throw .undecided(month: model.months[0].month, bound: bound)
    case .solved(let point, let objective, let bound, let proven):
      plan.objective += objective
      plan.bound += bound
      plan.proven = plan.proven && proven
      append(model, point, inPlace, to: &plan)
      plan.bindings += ShadowPrices.bindings(of: model, at: relaxed)
      return true
    }
  }

  /// Branch and cut for what it can finish; else, or where it ends with a gap, the search that the relaxation guides.
  /// Of two plans the better one counts, and of two bounds the higher one.
  private static func search(_ model: PlacementModel, _ relaxed: RelaxedSolver.Solution)
    -> IntegerSolver.Outcome
  {
    let limits = model.problem.problem.limits
    let guided = { GuidedSearch(model, relaxed).solve(limits: limits) }
    if model.program.columns > GuidedSearch.columnsFromWhich { return guided() }
    let exact = IntegerSolver.solve(model.program, limits: limits, knownBound: relaxed.objective)
    return exact.isSettled ? exact : exact.joined(with: guided(), relativeGap: limits.relativeGap)
  }

  private static func append(
    _ model: PlacementModel, _ point: [Double], _ inPlace: [Int]?, to plan: inout PlacementPlan
  ) {
    for position in model.months.indices {
      var rows = PlanAssembly(model, position, point: point)
      rows.changeCost = model.changeMoney(position, at: point)
      rows.append(to: &plan)
      let before = inPlace ?? model.problem.pods.map { _ in 0 }
      let now = model.months[position].bought.enumerated().map { pod, column in
        column.map { Int(point[$0].rounded()) } ?? before[pod]
      }
      plan.purchases += model.problem.purchases(
        of: now, after: before, deliveredIn: model.months[position].month)
    }
  }
}

extension ResolvedProblem {
  /// Does any decision reach across months?
  var monthsAreCoupled: Bool {
    months > 1
      && (problem.changeCost.value > 0 || pods.contains { $0.pod.purchasable > 0 && $0.isEverFixed })
  }
}
