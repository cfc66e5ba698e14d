extension Placer {
  /// Programs over the whole horizon beyond this many columns are planned month by month.
  static let jointColumns = 1500

  /// Months tied by purchases or changes: together where that is small, else, or where that ends with a gap, one by
  /// one. Of two plans the better one counts, and of two bounds the higher one.
  static func coupledPlan(_ problem: ResolvedProblem) throws(PlacementError) -> PlacementPlan {
    let routes = problem.flows.reduce(0) { $0 + $1.routes.count }
    let columns = (routes + problem.options.count) * problem.months
    guard columns <= jointColumns else { return try rollingPlan(problem) }
    var plan = try jointPlan(problem)
    guard !plan.proven, var other = try? rollingPlan(problem) else { return plan }
    let bound = max(plan.bound, other.bound)
    if other.objective < plan.objective { swap(&plan, &other) }
    plan.bound = min(bound, plan.objective)
    plan.proven = plan.relativeGap <= problem.problem.limits.relativeGap
    return plan
  }

  /// All months in one program: exact.
  static func jointPlan(_ problem: ResolvedProblem) throws(PlacementError) -> PlacementPlan {
    var plan = PlacementPlan(objective: 0, bound: 0, proven: true)
    let model = PlacementModel(problem, months: Array(0..<problem.months))
    guard try extend(&plan, with: model) else {
      throw .infeasible(InfeasibilityStudy(problem).explainHorizon())
    }
    return plan
  }

  /// Months one by one, with what is bought kept and replicas followed from month to month.
  ///
  /// A bought block is paid in every month it stands, so the joint program is the months' own programs tied by two
  /// rules alone: blocks in place never shrink, and changing replicas may cost. Without the rules every month is
  /// bounded by itself; the sum of those bounds bounds the joint program.
  static func rollingPlan(_ problem: ResolvedProblem) throws(PlacementError) -> PlacementPlan {
    var plan = PlacementPlan.nothing
    var kept = problem.pods.map { _ in 0 }
    var standing = problem.problem.standing
    for month in 0..<problem.months {
      var settings = problem.problem
      settings.standing = standing
      var model = PlacementModel(problem.replacing(settings), months: [month])
      for case (let pod, let column?) in model.months[0].bought.enumerated() {
        model.program.setBounds(Double(kept[pod]), model.program.columnUpper[column], of: column)
      }
      let free = PlacementModel(problem, months: [month], withChanges: false)
      let before = (bound: plan.bound, objective: plan.objective)
      guard try extend(&plan, with: model, inPlace: kept) else {
        throw .infeasible(InfeasibilityStudy(problem).explain(month: month, until: plan.isEmpty ? nil : plan))
      }
      if kept.contains(where: { $0 > 0 }) || problem.problem.changeCost.value > 0 {
        plan.bound = before.bound + bound(of: free, upTo: plan.objective - before.objective)
      }
      kept = plan.blocksBought(by: month, of: problem)
      standing = plan.deployments(inMonth: month).map {
        PlacementProblem.StandingReplicas(option: $0.option, replicas: $0.replicas + $0.spares)
      }
    }
    plan.bound = min(plan.bound, plan.objective)
    plan.proven = plan.relativeGap <= problem.problem.limits.relativeGap
    return plan
  }

  /// A bound on one month's program, as far as it is of use beside a plan of this objective.
  private static func bound(of model: PlacementModel, upTo objective: Double) -> Double {
    var tight = model
    guard let relaxed = LinkTightening.tighten(&tight) else { return objective }
    let limits = model.problem.problem.limits
    if tight.program.columns > GuidedSearch.columnsFromWhich {
      return GuidedSearch(tight, relaxed).bound(upTo: objective, limits: limits)
    }
    switch IntegerSolver.solve(tight.program, limits: limits, knownBound: relaxed.objective) {
    case .solved(_, _, let bound, _), .undecided(let bound): return min(bound, objective)
    case .infeasible: return objective
    }
  }
}

extension ResolvedProblem {
  /// What is ordered so that these blocks stand in a month after those stood before it.
  func purchases(of kept: [Int], after before: [Int], deliveredIn month: Int) -> [PlacementPlan.Purchase] {
    pods.indices.filter { kept[$0] != before[$0] }.map { pod in
      let blocks = kept[pod] - before[pod]
      return PlacementPlan.Purchase(
        pod: pods[pod].pod.id, blocks: blocks, chips: blocks * pods[pod].tiling.blockChips,
        orderMonth: month - pods[pod].pod.firstDelivery, deliveryMonth: month)
    }
  }
}

extension PlacementPlan {
  var isEmpty: Bool { costs.isEmpty }

  /// Blocks in place by a month beyond those that stood at the start, shrinking allowed.
  func blocksBought(by month: Int, of problem: ResolvedProblem) -> [Int] {
    problem.pods.map { entry in
      purchases.filter { $0.pod == entry.pod.id && $0.deliveryMonth <= month }.reduce(0) { $0 + $1.blocks }
    }
  }
}
