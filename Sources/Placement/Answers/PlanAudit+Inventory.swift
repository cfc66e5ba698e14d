extension PlanAudit {
  /// Cooling, space, quotas and standby replicas of one month, by arithmetic of their own.
  static func inventoryFaults(_ plan: PlacementPlan, _ month: Int, _ problem: ResolvedProblem) -> [String] {
    coolingFaults(plan, month, problem) + spaceFaults(plan, month, problem)
      + quotaFaults(plan.deployments(inMonth: month), month, problem)
      + standbyFaults(plan.deployments(inMonth: month), problem)
  }

  private static func coolingFaults(
    _ plan: PlacementPlan, _ month: Int, _ problem: ResolvedProblem
  ) -> [String] {
    problem.sites.compactMap { site in
      guard let limit = site.cooling?.value,
        let row = plan.power.first(where: { $0.month == month && $0.site == site.id }),
        row.itWatts > limit * (1 + tolerance) + tolerance
      else { return nil }
      return "\(site.id) must cool \(row.itWatts) W with \(limit) W in month \(month)"
    }
  }

  private static func spaceFaults(
    _ plan: PlacementPlan, _ month: Int, _ problem: ResolvedProblem
  ) -> [String] {
    problem.sites.indices.compactMap { site in
      guard let racks = problem.sites[site].racks else { return nil }
      let used = problem.podsAtSite[site].reduce(0.0) { sum, pod in
        let entry = problem.pods[pod]
        let row = plan.pods.first { $0.month == month && $0.pod == entry.pod.id }
        return sum + (entry.pod.racksPerBlock ?? 0) * Double((row?.installed ?? 0) / entry.tiling.blockChips)
      }
      return used > racks + tolerance
        ? "\(problem.sites[site].id) fills \(used) of \(racks) racks in month \(month)" : nil
    }
  }

  private static func quotaFaults(
    _ deployments: [PlacementPlan.Deployment], _ month: Int, _ problem: ResolvedProblem
  ) -> [String] {
    problem.problem.fleet.quotas.compactMap { quota in
      let used = deployments.filter {
        $0.chip == quota.chip && (quota.site == nil || $0.site == quota.site)
      }.reduce(0) { $0 + ($1.replicas + $1.spares) * $1.chipsPerReplica }
      return used > quota.chips
        ? "\(used) \(quota.chip) chips are in use of a quota of \(quota.chips) in month \(month)" : nil
    }
  }

  private static func standbyFaults(
    _ deployments: [PlacementPlan.Deployment], _ problem: ResolvedProblem
  ) -> [String] {
    let count = problem.problem.standbyReplicas
    guard count > 0 else { return [] }
    return deployments.filter { row in
      row.load > tolerance
        && row.utilization * Double(row.replicas)
          > problem.problem.utilizationAfterLoss * Double(row.replicas - count) + tolerance
    }.map { "\($0.option) cannot lose \(count) of its replicas in month \($0.month)" }
  }
}
