import FleetData
import Placement

/// The laws a finished plan obeys; a broken one is our fault and is shown as such.
struct Checks {
  let plan: Plan
  let settled: Settlement.Result
  let workloads: [ServiceWorkload]

  func all() -> [Plan.Check] {
    [simulationLaws(), costLines(), billing(), inventory(), routing(), power()]
  }

  private func simulationLaws() -> Plan.Check {
    let laws = settled.outcomes.flatMap(\.laws) + settled.losses.flatMap(\.laws)
    let broken = laws.filter { !$0.holds }
    return Plan.Check(
      name: "simulation: conservation, Little's law, physical floor", passed: broken.isEmpty,
      detail: broken.first.map { "\($0.law): \($0.left) against \($0.right)" }
        ?? "\(laws.count) laws held in \(settled.outcomes.count + settled.losses.count) simulated runs")
  }

  private func costLines() -> Plan.Check {
    let worst =
      plan.months.map { month in
        abs(plan.costs.filter { $0.month == month.index }.reduce(0) { $0 + $1.cost } - month.totalCost)
      }.max() ?? 0
    return Plan.Check(
      name: "cost: lines sum to each month's total", passed: worst < 1e-6,
      detail: "largest difference $\(worst)")
  }

  /// The bill of every month is what the optimiser weighed: both price chips, hours, buildings and traffic, each in
  /// its own way.
  private func billing() -> Plan.Check {
    let worst =
      zip(plan.months, settled.plan.costs).map { month, cost in
        abs(month.totalCost - cost.total) / max(cost.total, 1)
      }.max() ?? 0
    return Plan.Check(
      name: "cost: each month is billed as it was planned", passed: worst < 1e-6,
      detail: "largest relative difference \(worst)")
  }

  private func inventory() -> Plan.Check {
    let broken = plan.inventory.filter { $0.used + $0.free + $0.stranded != $0.installed }
    return Plan.Check(
      name: "inventory: used + free + stranded = installed", passed: broken.isEmpty,
      detail: broken.first.map { "pod \($0.pod), month \($0.month)" } ?? "\(plan.inventory.count) pod-months")
  }

  /// Every region's peak is routed in full.
  private func routing() -> Plan.Check {
    var worst = 0.0
    for month in plan.months.map(\.index) {
      for workload in workloads {
        for share in workload.service.regionShares where share.share > 0 {
          let asked = workload.peakRate(of: share, month: month)
          let routed = settled.plan.routes.filter {
            $0.month == month && $0.service == workload.service.id && $0.region == share.region
          }.reduce(0) { $0 + $1.requestsPerSecond }
          worst = max(worst, abs(routed - asked) / max(asked, 1e-12))
        }
      }
    }
    return Plan.Check(
      name: "demand: everything asked for is routed", passed: worst < 1e-5,
      detail: "largest relative difference \(worst)")
  }

  private func power() -> Plan.Check {
    let over = plan.power.filter { $0.facilityWatts > $0.capWatts * (1 + 1e-9) }
    return Plan.Check(
      name: "power: no site above its cap", passed: over.isEmpty,
      detail: over.first.map { "site \($0.site), month \($0.month)" } ?? "\(plan.power.count) site-months")
  }
}
