import Foundation
import Quantities

extension PlacementModel {
  /// Adds the columns of one month with their costs.
  mutating func addColumns(_ month: Int) {
    let costs = MonthCosts(problem, month: month)
    var columns = Month(month: month, share: [], work: [], spares: [], bought: [], open: [])
    columns.work = problem.options.indices.map { option in
      program.column(
        cost: costs.perReplica(option), upper: Double(mostWorking(option, month)), integer: true)
    }
    columns.spares = problem.options.indices.map { option in
      spareSteps(option, month).map { _ in
        program.column(cost: costs.perReplica(option), upper: 1, integer: true)
      }
    }
    columns.share = problem.flows.indices.map { flow in
      problem.flows[flow].routes.map { route in
        program.column(
          cost: costs.perShare(flow: flow, route: route), upper: problem.flows[flow].rates[month] > 0 ? 1 : 0)
      }
    }
    columns.bought = problem.pods.indices.map { pod in
      let entry = problem.pods[pod].pod
      guard entry.purchasable > 0, month >= entry.firstDelivery else { return nil }
      return program.column(upper: Double(entry.purchasable), integer: true)
    }
    columns.open = problem.sites.indices.map { site in
      let cost = costs.opening(site)
      return cost > 0 ? program.column(cost: cost, upper: 1, integer: true) : nil
    }
    program.constant += costs.constant
    months.append(columns)
  }

  /// Working replicas no plan needs more of: those that carry the whole service, within what the pod can hold.
  func mostWorking(_ option: Int, _ month: Int) -> Int {
    let entry = problem.options[option]
    var needed = 0.0
    for flow in problem.flowsOfService[entry.service] {
      let capacity = entry.capacity[problem.flows[flow].requestClass]
      if capacity > 0 { needed += problem.flows[flow].rates[month] / capacity }
    }
    var utilization = problem.problem.maxUtilization
    if problem.problem.survivesSiteLoss {
      utilization = min(utilization, problem.problem.utilizationAfterLoss)
    }
    if problem.problem.standbyReplicas > 0 { utilization = min(utilization, self.utilization(after: true)) }
    let carrying = max(Int((needed / utilization - 1e-9).rounded(.up)), entry.option.leastReplicas)
    let whole = carrying + problem.problem.standbyReplicas
    let chipsAreElastic = elastic == .chips(pod: entry.pod) || elastic == .everything
    return chipsAreElastic ? whole : min(whole, mostOnGround(option, month))
  }

  /// Replicas of an option that its pod holds with everything that may have been bought.
  func mostOnGround(_ option: Int, _ month: Int) -> Int {
    let entry = problem.options[option]
    let pod = problem.pods[entry.pod]
    let bought = month >= pod.pod.firstDelivery ? pod.pod.purchasable : 0
    return pod.tiling.most(entry.footprint, blocks: pod.pod.standingBlocks(inMonth: month) + bought)
      + (extraChips[entry.pod] ?? 0) / entry.footprint.occupiedChips
  }

  /// The staircase of reliability spares of an option; empty when none are asked for.
  func spareSteps(_ option: Int, _ month: Int) -> [Int] {
    let entry = problem.options[option]
    guard let confidence = problem.problem.spareConfidence,
      let availability = problem.pods[entry.pod].pod.availability
    else { return [] }
    return SpareTable.steps(
      most: mostWorking(option, month), replicaAvailability: pow(availability, Double(entry.option.chips)),
      confidence: confidence)
  }
}
