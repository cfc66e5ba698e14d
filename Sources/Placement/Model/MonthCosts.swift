import FleetData
import Quantities

/// What one month's decisions cost in the objective: dollars, carbon and waiting, weighted and discounted.
struct MonthCosts: Sendable {
  /// Money and carbon of some energy.
  struct Energy: Sendable {
    var dollars: Double
    var kilograms: Double
  }

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
    let terms = problem.pods[entry.pod].terms[month]
    let chips = Double(entry.footprint.occupiedChips)
    let rent = terms.price * chips * Self.seconds
    let money = terms.isFixed ? rent * Self.tieBreak : rent
    let idle = terms.isFixed ? 0 : problem.pods[entry.pod].idleWatts * chips
    return discount * (weights.cost * money + weighed(steady(watts: idle, pod: entry.pod)))
  }
  static let tieBreak = 1e-5

  /// Routing a whole flow to an option: the energy of being busy, the bytes moved, and what waiting is worth.
  func perShare(flow: Int, route: ResolvedProblem.FlowEntry.Route) -> Double {
    discount
      * (weights.cost * egress(flow: flow, route: route) + weighed(busy(flow: flow, route: route))
        + weights.latencyPerSecond * problem.flows[flow].rates[month] * route.latency)
  }

  /// One more installed block of a pod for one month, used or not.
  func perBlock(_ index: Int) -> Double {
    let pod = problem.pods[index]
    guard pod.terms[month].isFixed else { return 0 }
    let chips = Double(pod.tiling.blockChips)
    let money = pod.terms[month].price * chips * Self.seconds
    return discount * (weights.cost * money + weighed(steady(watts: pod.idleWatts * chips, pod: index)))
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

  /// Dollars a month for the bytes of a whole flow sent along a route.
  func egress(flow: Int, route: ResolvedProblem.FlowEntry.Route) -> Double {
    let entry = problem.flows[flow]
    let mean = entry.hours.reduce(0, +) / 24
    return route.egress * entry.rates[month] * mean * Self.seconds
  }

  /// The energy of a whole flow served by a route's option, over idling: its work by the hour at the tariff and the
  /// carbon of the hour.
  func busy(flow: Int, route: ResolvedProblem.FlowEntry.Route) -> Energy {
    let entry = problem.options[route.option]
    let pod = problem.pods[entry.pod]
    let work = problem.flows[flow].rates[month] / entry.capacity[problem.flows[flow].requestClass]
    let watts = work * Double(entry.option.chips) * (pod.busyWatts - pod.idleWatts)
    return energy(watts: watts, load: problem.flows[flow].hours, pod: entry.pod)
  }

  /// The energy of a draw that is the same at all hours.
  func steady(watts: Double, pod: Int) -> Energy {
    energy(watts: watts, load: [Double](repeating: 1, count: 24), pod: pod)
  }

  private func energy(watts: Double, load: [Double], pod index: Int) -> Energy {
    guard watts > 0 else { return Energy(dollars: 0, kilograms: 0) }
    let pod = problem.pods[index]
    let site = problem.sites[pod.site]
    let joules = watts * site.pue * Self.seconds / 24
    var energy = Energy(dollars: 0, kilograms: 0)
    for (hour, share) in load.enumerated() {
      if pod.terms[month].energyBilled {
        energy.dollars += joules * share * site.electricity(inHour: hour).value
      }
      energy.kilograms += joules * share * (site.carbon(inHour: hour)?.value ?? 0) / 1000
    }
    return energy
  }

  private func weighed(_ energy: Energy) -> Double {
    weights.cost * energy.dollars + weights.carbonPerKilogram * energy.kilograms
  }
}
