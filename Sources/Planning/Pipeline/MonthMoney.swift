import Economics
import FleetData
import Performance
import Placement
import Quantities

/// Prices every month of a settled plan: deployments and idle chips become a ledger, the ledger becomes cost lines.
///
/// Chips cost what their pod's price is in the month, energy what its hours cost, and answers what their links charge.
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

  /// One deployment with the row that shows it.
  struct Placed {
    var day: DeploymentDay
    var row: Plan.Deployment
  }

  /// - Parameter months: how many of the horizon have a plan, counted from the first.
  func price(
    _ placed: [Placed], inventory: [Plan.InventoryRow], months: Int
  ) throws(EconomicsError) -> Result {
    let calendar = PlanCalendar(start: scenario.startMonth)
    var result = Result()
    for month in 0..<months {
      let own = placed.filter { $0.row.month == month }
      let pods = scenario.fleet.pods.map { $0.priced(inMonth: month) }
      let ledger = try monthLedger(
        month: month, seconds: .month,
        deployments: own.map {
          DeploymentMonth(
            $0.row, meanToPeak: $0.day.meanToPeak, chips: $0.day.chips, wattsByHour: $0.day.wattsByHour)
        }, inventory: inventory, services: serviceMonths(month, own.map(\.row)), pods: pods)
      let label = calendar.label(month)
      var breakdown = try PriceBook(pods: pods, sites: scenario.fleet.sites)
        .costBreakdown(of: ledger, month: month, label: label)
      breakdown = CostBreakdown(
        month: month, lines: breakdown.lines + egress(own, month: month, label: label))
      result.lines += breakdown.lines
      result.unitCosts += try breakdown.unitCosts(ledger: ledger, inputShares: try inputShares(month))
      result.totals.append(breakdown.lines.reduce(0) { $0 + $1.cost })
    }
    return result
  }

  private func serviceMonths(_ month: Int, _ deployments: [Plan.Deployment]) -> [ServiceMonth] {
    workloads.map { workload in
      ServiceMonth(
        demand: workload.demandRow(month: month),
        flopsPerToken: flopsPerToken(workload, deployments.filter { $0.service == workload.service.id }))
    }
  }

  /// One line per pod and service whose answers cost something on their way.
  private func egress(_ placed: [Placed], month: Int, label: String) -> [Plan.CostLine] {
    var sent: [Egress] = []
    for one in placed {
      let bytes = workloads.first { $0.service.id == one.row.service }?.bytesPerRequest.answer ?? 0
      let more = one.day.egress(bytesPerAnswer: bytes)
      if let index = sent.firstIndex(where: { $0.pod == more.pod && $0.service == more.service }) {
        sent[index].bytes += more.bytes
        sent[index].cost += more.cost
      } else {
        sent.append(more)
      }
    }
    return sent.compactMap { $0.costLine(month: month, label: label) }
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

extension Pod {
  /// This pod with the price of a month.
  func priced(inMonth month: Int) -> Pod {
    var pod = self
    pod.price = price(inMonth: month)
    return pod
  }
}
