extension Placer {
  /// Programs over the whole horizon beyond this many columns are planned month by month.
  static let jointColumns = 4000

  /// Months tied by purchases or changes: together where that is small, else one by one.
  static func coupledPlan(_ problem: ResolvedProblem) throws(PlacementError) -> PlacementPlan {
    let routes = problem.flows.reduce(0) { $0 + $1.routes.count }
    let columns = (routes + problem.options.count) * problem.months
    return columns <= jointColumns ? try jointPlan(problem) : try rollingPlan(problem)
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

  /// Months one by one, with what is bought kept.
  ///
  /// A bought block is paid in every month it stands, so the joint program is the months' own programs tied by one
  /// rule alone: blocks in place never shrink. Without the rule every month is solved by itself; the sum of those
  /// bounds bounds the joint program. Where the blocks so chosen never shrink (as when demand grows) they are the
  /// joint optimum; elsewhere each month gets the most that any month before it chose and is solved again.
  static func rollingPlan(_ problem: ResolvedProblem) throws(PlacementError) -> PlacementPlan {
    var free = PlacementPlan.nothing
    var months: [PlacementPlan] = []
    var wanted: [[Int]] = []
    for month in 0..<problem.months {
      let model = PlacementModel(problem, months: [month], withChanges: false)
      let before = wanted.last ?? problem.pods.map { _ in 0 }
      var own = PlacementPlan.nothing
      guard try extend(&own, with: model, inPlace: before) else {
        throw .infeasible(InfeasibilityStudy(problem).explain(month: month, until: free.isEmpty ? nil : free))
      }
      months.append(own)
      free.append(own)
      wanted.append(free.blocksBought(by: month, of: problem))
    }
    let monotone = zip(wanted, wanted.dropFirst()).allSatisfy { zip($0, $1).allSatisfy { $0 <= $1 } }
    if monotone, problem.problem.changeCost.value == 0 { return free }
    return try keptPlan(problem, months, wanted, bound: free.bound)
  }

  /// The second pass: blocks are the running maximum of what the months wanted, replicas follow the month before.
  ///
  /// A month that wanted just these blocks, and whose replicas cost nothing to change, stays as it was planned.
  private static func keptPlan(
    _ problem: ResolvedProblem, _ months: [PlacementPlan], _ wanted: [[Int]], bound: Double
  ) throws(PlacementError) -> PlacementPlan {
    var plan = PlacementPlan.nothing
    var kept = problem.pods.map { _ in 0 }
    var standing = problem.problem.standing
    for month in 0..<problem.months {
      let before = kept
      kept = zip(kept, wanted[month]).map { max($0, $1) }
      if kept == wanted[month], problem.problem.changeCost.value == 0 {
        var own = months[month]
        own.purchases = problem.purchases(of: kept, after: before, deliveredIn: month)
        plan.append(own)
        continue
      }
      var settings = problem.problem
      settings.standing = standing
      var model = PlacementModel(problem.replacing(settings), months: [month])
      for (pod, column) in model.months[0].bought.enumerated() {
        guard let column else { continue }
        model.program.setBounds(Double(kept[pod]), Double(kept[pod]), of: column)
      }
      guard try extend(&plan, with: model, inPlace: before) else {
        throw .infeasible(InfeasibilityStudy(problem).explainHorizon())
      }
      standing = plan.deployments(inMonth: month).map {
        PlacementProblem.StandingReplicas(option: $0.option, replicas: $0.replicas + $0.spares)
      }
    }
    plan.bound = min(bound, plan.objective)
    plan.proven = plan.relativeGap <= problem.problem.limits.relativeGap
    return plan
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
