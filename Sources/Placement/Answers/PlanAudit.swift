/// Checks a plan against the problem it answers, by arithmetic of its own: whole slices that tile, demand in full,
/// loads within capacity, power within caps, allowed routes only, survival of every site loss.
enum PlanAudit {
  static func check(_ plan: PlacementPlan, of problem: ResolvedProblem) {
    let faults = violations(plan, of: problem)
    precondition(
      faults.isEmpty, "a plan must keep the limits it was made under: \(faults.joined(separator: "; "))")
  }

  static func violations(_ plan: PlacementPlan, of problem: ResolvedProblem) -> [String] {
    let months = Set(plan.costs.map(\.month)).sorted()
    var faults = budgetFaults(plan, problem)
    for month in months {
      let deployments = plan.deployments(inMonth: month)
      faults += demandFaults(plan.routes(inMonth: month), month, problem)
      faults += capacityFaults(deployments, problem)
      faults += tilingFaults(plan, month, problem)
      faults += powerFaults(plan, month)
      faults += lossFaults(deployments, month, problem)
      faults += inventoryFaults(plan, month, problem)
    }
    return faults
  }

  static let tolerance = 1e-6

  private static func demandFaults(
    _ routes: [PlacementPlan.Route], _ month: Int, _ problem: ResolvedProblem
  ) -> [String] {
    var faults: [String] = []
    for flow in problem.flows where flow.rates[month] > 0 {
      let service = problem.services[flow.service].service
      let own = routes.filter {
        $0.service == service && $0.region == flow.region && $0.requestClass == flow.requestClass
      }
      let allowed = Set(flow.routes.map { problem.options[$0.option].option.id })
      let served = own.reduce(0) { $0 + $1.share }
      if (served - 1).magnitude > tolerance {
        faults.append("\(service) from \(flow.region) is served \(served) times in month \(month)")
      }
      if own.contains(where: { !allowed.contains($0.option) }) {
        faults.append("\(service) from \(flow.region) is sent where it may not go")
      }
    }
    return faults
  }

  private static func capacityFaults(
    _ deployments: [PlacementPlan.Deployment], _ problem: ResolvedProblem
  ) -> [String] {
    deployments.filter { $0.utilization > problem.problem.maxUtilization + tolerance }
      .map { "\($0.option) is used to \($0.utilization) in month \($0.month)" }
      + deployments.filter { row in
        row.replicas > 0
          && !problem.options.contains {
            $0.option.id == row.option && $0.capacity == row.capacityPerReplica
              && $0.option.leastReplicas <= row.replicas
          }
      }
      .map { "\($0.replicas) of \($0.option) count on a larger pool in month \($0.month)" }
  }

  private static func tilingFaults(_ plan: PlacementPlan, _ month: Int, _ problem: ResolvedProblem)
    -> [String]
  {
    problem.pods.compactMap { entry in
      let own = plan.deployments(inMonth: month).filter { $0.pod == entry.pod.id }
      let switched = entry.pod.topology.axes.count == 1
      let mix = own.compactMap { row in
        entry.tiling.footprint(of: row.slice, switched: switched)
          .map { (footprint: $0, count: row.replicas + row.spares) }
      }
      let bought = plan.purchases.filter { $0.pod == entry.pod.id && $0.deliveryMonth <= month }
      let blocks = entry.pod.standingBlocks(inMonth: month) + bought.reduce(0) { $0 + $1.blocks }
      return entry.tiling.fits(mix, blocks: blocks)
        ? nil : "the slices of \(entry.pod.id) do not tile it in month \(month)"
    }
  }

  private static func powerFaults(_ plan: PlacementPlan, _ month: Int) -> [String] {
    plan.power.filter { $0.month == month && $0.facilityWatts > $0.capWatts * (1 + tolerance) + tolerance }
      .map { "\($0.site) draws \($0.facilityWatts) W of \($0.capWatts) W in month \(month)" }
  }

  private static func lossFaults(
    _ deployments: [PlacementPlan.Deployment], _ month: Int, _ problem: ResolvedProblem
  ) -> [String] {
    guard problem.problem.survivesSiteLoss else { return [] }
    var faults: [String] = []
    for service in problem.services.indices where problem.services[service].classes.count == 1 {
      let name = problem.services[service].service
      let own = deployments.filter { $0.service == name }
      for site in Set(own.map(\.site)).sorted() {
        let left = own.filter { $0.site != site }
          .reduce(0) { $0 + Double($1.replicas) * $1.capacityPerReplica[0] }
        let demand = problem.peak(ofFlows: problem.flowsOfService[service], month: month)
        if left * problem.problem.utilizationAfterLoss < demand * (1 - tolerance) {
          faults.append("\(name) does not survive the loss of \(site) in month \(month)")
        }
      }
    }
    return faults
  }

  private static func budgetFaults(_ plan: PlacementPlan, _ problem: ResolvedProblem) -> [String] {
    guard let budget = problem.problem.monthlyBudget?.value else { return [] }
    return plan.costs.filter { $0.total - $0.change > budget * (1 + tolerance) }
      .map { "month \($0.month) costs \($0.total) of a budget of \(budget)" }
  }
}
