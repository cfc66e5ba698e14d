import Economics
import FleetData
import Performance
import Placement
import Quantities

/// Prices every month of a settled plan: deployments and idle chips become a ledger, the ledger becomes cost lines.
struct MonthMoney {
  let scenario: Scenario
  let catalog: Catalog
  let workloads: [ServiceWorkload]
  let table: OptionTable
  let outcomes: [MonthJudgement.Outcome]

  struct Result {
    var lines: [Plan.CostLine] = []
    var unitCosts: [Plan.UnitCost] = []
    var totals: [Double] = []
  }

  func price(
    deployments: [Plan.Deployment], inventory: [Plan.InventoryRow]
  ) throws(EconomicsError) -> Result {
    let book = try PriceBook(pods: scenario.fleet.pods, sites: scenario.fleet.sites)
    let calendar = PlanCalendar(start: scenario.startMonth)
    var result = Result()
    for month in 0..<scenario.horizonMonths {
      let own = deployments.filter { $0.month == month }
      guard !own.isEmpty else { continue }
      let ledger = try monthLedger(
        month: month, seconds: .month, deployments: own, inventory: inventory,
        services: serviceMonths(month, own),
        pods: scenario.fleet.pods)
      let breakdown = try book.costBreakdown(of: ledger, month: month, label: calendar.label(month))
      result.lines += breakdown.lines
      result.unitCosts += try breakdown.unitCosts(ledger: ledger, inputShares: try inputShares(month))
      result.totals.append(breakdown.lines.reduce(0) { $0 + $1.cost })
    }
    return result
  }

  private func serviceMonths(_ month: Int, _ deployments: [Plan.Deployment]) -> [ServiceMonth] {
    workloads.map { workload in
      ServiceMonth(
        demand: workload.demandRow(month: month), meanToPeak: workload.service.loadFactor,
        flopsPerToken: flopsPerToken(workload, deployments.filter { $0.service == workload.service.id }))
    }
  }

  /// Of the models that answer, by how much each of them does.
  private func flopsPerToken(_ workload: ServiceWorkload, _ deployments: [Plan.Deployment]) -> Double {
    let load = deployments.reduce(0) { $0 + $1.load }
    guard load > 0 else { return 0 }
    return deployments.reduce(0) { sum, row in
      let model = catalog.models.first { $0.id == row.model ?? workload.service.model }
      let flops = model.map { ModelCounts($0).decodeFLOPs(context: Int(workload.meanContext)).value } ?? 0
      return sum + flops * row.load / load
    }
  }

  /// The part of a service's cost that its prompts cause, from the batch its busiest deployment ran at.
  private func inputShares(_ month: Int) throws(EconomicsError) -> [String: Double] {
    var shares: [String: Double] = [:]
    for workload in workloads {
      let own = outcomes.filter {
        $0.deployment.month == month && $0.deployment.service == workload.service.id
      }
      guard let busiest = own.max(by: { $0.deployment.load < $1.deployment.load }),
        let entry = table.option(busiest.deployment.option)
      else { continue }
      shares[workload.service.id] = try inputCostShare(
        of: entry.profile.step, inputTokens: workload.meanInput, outputTokens: workload.meanOutput,
        batch: max(1, busiest.meanBatch))
    }
    return shares
  }
}
