import FleetData
import Placement
import Quantities

/// The last month planned otherwise: with other aims, between two aims, and by simpler methods.
///
/// The budget is left out of these plans, so that a plan beyond it is shown with what it costs beyond it.
struct TradeOffs {
  let scenario: Scenario
  /// The last month as a problem of its own.
  let problem: PlacementProblem

  init(scenario: Scenario, problem: PlacementProblem) {
    self.scenario = scenario
    var free = problem
    free.monthlyBudget = nil
    self.problem = free
  }

  private static let wanted = [
    ("cheapest", "cheapest"), ("safest", "safest: survives the loss of any one site"),
    ("greenest", "greenest"), ("fastest", "nearest to users"),
  ]

  /// The cheapest, the safest, the greenest and the nearest plan, and what each gives up.
  func alternatives() -> [Plan.Alternative] {
    let rows = (try? PlanAlternatives.compare(problem, month: 0)) ?? []
    let chosen =
      switch scenario.objective.kind {
      case .cost: "cheapest"
      case .carbon: "greenest"
      case .latency: "fastest"
      }
    return Self.wanted.map { name, title in
      guard let row = rows.first(where: { $0.name == name }) else {
        return Plan.Alternative(
          name: title, monthlyCost: nil, chips: nil, carbonKilograms: nil,
          givesUp: "cannot be had on this fleet", chosen: false)
      }
      return Plan.Alternative(
        name: title, monthlyCost: row.monthlyCost, chips: row.chips, carbonKilograms: row.carbonKilograms,
        givesUp: givesUp(row, cheapest: rows[0]), chosen: name == chosen,
        meanRoundTripSeconds: row.meanRoundTrip.value)
    }
  }

  private func givesUp(_ row: PlanAlternatives.Row, cheapest: PlanAlternatives.Row) -> String {
    var parts = [row.givesUp]
    let extra = (row.monthlyCost / max(cheapest.monthlyCost, 1) - 1) * 100
    if extra >= 0.5 { parts.append("\(Int(extra.rounded())) % dearer") }
    if let budget = scenario.monthlyBudget?.value, row.monthlyCost > budget {
      parts.append("beyond the budget by $\(Int((row.monthlyCost - budget).rounded()))")
    }
    return parts.joined(separator: ", ")
  }

  /// Plans that none other beats in money and carbon, and in money and nearness to users.
  func fronts() -> [Plan.TradeOffRow] {
    let carbon = (try? PlanAlternatives.costAgainstCarbon(problem, month: 0)) ?? []
    let latency = (try? PlanAlternatives.costAgainstLatency(problem, month: 0)) ?? []
    return carbon.map { row($0, .carbon) } + latency.map { row($0, .latency) }
  }

  private func row(_ row: PlanAlternatives.Row, _ front: Plan.TradeOffRow.Front) -> Plan.TradeOffRow {
    Plan.TradeOffRow(
      front: front, price: row.name, monthlyCost: row.monthlyCost, carbonKilograms: row.carbonKilograms,
      meanRoundTripSeconds: row.meanRoundTrip.value, chips: row.chips)
  }

  /// The integer program beside greedy placement and local search, on the same month.
  func baselines() -> [Plan.BaselineRow] {
    guard let plan = try? Placer.plan(problem), let rows = try? Baselines.compare(problem, month: 0) else {
      return []
    }
    let least = plan.objective
    return [Plan.BaselineRow(method: "integer program", objective: least, above: 0)]
      + rows.map { row in
        Plan.BaselineRow(
          method: row.name, objective: row.objective,
          above: row.objective.map { least.magnitude > 0 ? ($0 - least) / least.magnitude : 0 })
      }
  }
}
