import FleetData
import Placement

/// The laws a finished plan obeys; a broken one is our fault and is shown as such.
struct Checks {
  let plan: Plan
  let settled: Settlement.Result

  func all() -> [Plan.Check] {
    [simulationLaws(), costLines(), inventory(), routing(), power()]
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

  private func inventory() -> Plan.Check {
    let broken = plan.inventory.filter { $0.used + $0.free + $0.stranded != $0.installed }
    return Plan.Check(
      name: "inventory: used + free + stranded = installed", passed: broken.isEmpty,
      detail: broken.first.map { "pod \($0.pod), month \($0.month)" } ?? "\(plan.inventory.count) pod-months")
  }

  private func routing() -> Plan.Check {
    var worst = 0.0
    for demand in plan.demand where demand.month < plan.months.count {
      let routed = plan.deployments.filter { $0.month == demand.month && $0.service == demand.service }
        .reduce(0) { $0 + $1.load }
      worst = max(worst, abs(routed - demand.requestsPerSecond) / max(demand.requestsPerSecond, 1e-12))
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
