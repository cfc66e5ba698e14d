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
    let whole = Int((needed / utilization - 1e-9).rounded(.up))
    let chipsAreElastic = elastic == .chips(pod: entry.pod) || elastic == .everything
    return chipsAreElastic ? whole : min(whole, mostOnGround(option, month))
  }

  private func mostOnGround(_ option: Int, _ month: Int) -> Int {
    let entry = problem.options[option]
    let pod = problem.pods[entry.pod]
    let bought = month >= pod.pod.firstDelivery ? pod.pod.purchasable : 0
    return pod.tiling.most(entry.footprint, blocks: pod.pod.standingBlocks(inMonth: month) + bought)
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

/// What one month's decisions cost in the objective: dollars, carbon and waiting, weighted and discounted.
struct MonthCosts: Sendable {
  private let problem: ResolvedProblem
  private let month: Int
  private let discount: Double
  private let weights: PlacementProblem.Weights
  static let seconds = Seconds.month.value

  init(_ problem: ResolvedProblem, month: Int) {
    self.problem = problem
    self.month = month
    discount = problem.discount(month)
    weights = problem.problem.weights
  }

  /// Standing one replica for a month: rent where rent is due; elsewhere one part in 100,000 of what its chips cost,
  /// so that of two equally dear plans the one on fewer chips is taken.
  func perReplica(_ option: Int) -> Double {
    let entry = problem.options[option]
    let pod = problem.pods[entry.pod]
    let chips = Double(entry.footprint.occupiedChips)
    let rent = pod.terms.price * chips * Self.seconds
    let money = pod.terms.isFixed ? rent * Self.tieBreak : rent
    let idle = pod.terms.isFixed ? 0 : pod.idleWatts * chips
    return discount * (weights.cost * (money + energyMoney(idle, pod)) + carbon(idle, pod))
  }
  static let tieBreak = 1e-5

  /// Routing a whole flow to an option: the energy of being busy, and what waiting is worth.
  func perShare(flow: Int, route: ResolvedProblem.FlowEntry.Route) -> Double {
    let entry = problem.options[route.option]
    let pod = problem.pods[entry.pod]
    let rate = problem.flows[flow].rates[month]
    let mean = rate * problem.services[entry.service].loadFactor
    let replicas = mean / entry.capacity[problem.flows[flow].requestClass]
    let watts = replicas * Double(entry.option.chips) * (pod.busyWatts - pod.idleWatts)
    return discount
      * (weights.cost * energyMoney(watts, pod) + carbon(watts, pod)
        + weights.latencyPerSecond * rate * route.latency)
  }

  /// One more installed block of a pod for one month, used or not.
  func perBlock(_ index: Int) -> Double {
    let pod = problem.pods[index]
    guard pod.terms.isFixed else { return 0 }
    let chips = Double(pod.tiling.blockChips)
    let idle = pod.idleWatts * chips
    let money = pod.terms.price * chips * Self.seconds + energyMoney(idle, pod)
    return discount * (weights.cost * money + carbon(idle, pod))
  }

  func opening(_ site: Int) -> Double {
    let cost = problem.problem.openings.filter { $0.site == problem.sites[site].id }
      .reduce(0) { $0 + $1.monthlyCost.value }
    return discount * weights.cost * cost
  }

  /// What standing blocks cost whatever is decided.
  var constant: Double {
    problem.pods.indices.reduce(0) {
      $0 + perBlock($1) * Double(problem.pods[$1].pod.standingBlocks(inMonth: month))
    }
  }

  private func energyMoney(_ watts: Double, _ pod: ResolvedProblem.PodEntry) -> Double {
    guard pod.terms.energyBilled else { return 0 }
    let site = problem.sites[pod.site]
    return watts * site.pue * Self.seconds * site.electricity.value
  }

  private func carbon(_ watts: Double, _ pod: ResolvedProblem.PodEntry) -> Double {
    let site = problem.sites[pod.site]
    guard weights.carbonPerKilogram > 0, let intensity = site.carbon else { return 0 }
    return weights.carbonPerKilogram * watts * site.pue * Self.seconds * intensity.value / 1000
  }
}
