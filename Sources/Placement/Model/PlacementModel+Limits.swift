import Quantities

extension PlacementModel {
  /// Demand is met with any one site gone.
  ///
  /// Where every flow of a service may use every option, one row per lost site is exact:
  /// `Σ_{o elsewhere} utilisation · capacity_o · work[o] ≥ demand`. Elsewhere the routing after the loss gets columns
  /// of its own.
  mutating func addSiteLossRows() {
    guard problem.problem.survivesSiteLoss else { return }
    let month = current
    for service in problem.services.indices {
      let demand = problem.peak(ofFlows: problem.flowsOfService[service], month: month.month)
      guard demand > 0 else { continue }
      let sites = Set(problem.optionsOfService[service].map { problem.options[$0].site }).sorted()
      for site in sites {
        let constraint = PlacementConstraint.siteLoss(
          site: problem.sites[site].id, service: problem.services[service].service, month: month.month)
        if problem.isPooled(service) {
          addPooledLossRow(service, without: site, demand: demand, month, constraint)
        } else {
          addRoutedLossRows(service, without: site, month, constraint)
        }
      }
    }
  }

  private mutating func addPooledLossRow(
    _ service: Int, without site: Int, demand: Double, _ month: Month, _ constraint: PlacementConstraint
  ) {
    var terms = problem.optionsOfService[service].filter { problem.options[$0].site != site }.map {
      Term(
        column: month.work[$0],
        coefficient: problem.options[$0].capacity[0] * utilization(after: true) / demand)
    }
    terms += problem.flowsOfService[service].compactMap { month.unmet[$0] }
      .map { Term(column: $0, coefficient: 1 / demand) }
    tags.append((program.row(terms, lower: 1), constraint))
  }

  private mutating func addRoutedLossRows(
    _ service: Int, without site: Int, _ month: Month, _ constraint: PlacementConstraint
  ) {
    var loads = [Int: OptionLoad]()
    for flow in problem.flowsOfService[service] where problem.flows[flow].rates[month.month] > 0 {
      let entry = problem.flows[flow]
      let rate = entry.rates[month.month]
      var terms: [Term] = []
      for route in entry.routes where problem.options[route.option].site != site {
        let share = program.column(upper: 1)
        terms.append(Term(column: share, coefficient: 1))
        let capacity = problem.options[route.option].capacity[entry.requestClass]
        loads[route.option, default: OptionLoad()].add(share, load: rate / capacity, critical: entry.critical)
      }
      if let unmet = month.unmet[flow] { terms.append(Term(column: unmet, coefficient: 1 / rate)) }
      tags.append((program.row(terms, lower: 1, upper: 1), constraint))
    }
    for option in loads.keys.sorted() {
      for row in loads[option]!.rows {
        program.row(
          row + [Term(column: month.work[option], coefficient: -utilization(after: true))], upper: 0)
      }
    }
  }

  /// Undiscounted money of each month stays within the budget.
  mutating func addBudgetRows() {
    guard let budget = problem.problem.monthlyBudget?.value else { return }
    for (position, month) in months.enumerated() {
      var plain = problem.problem
      plain.weights = PlacementProblem.Weights()
      plain.discountRate = 0
      let costs = MonthCosts(problem.replacing(plain), month: month.month)
      var terms: [Term] = []
      for option in problem.options.indices
      where !problem.pods[problem.options[option].pod].terms[month.month].isFixed {
        terms += standing(option, in: month).map {
          Term(column: $0.column, coefficient: costs.perReplica(option))
        }
      }
      for (flow, entry) in problem.flows.enumerated() where entry.rates[month.month] > 0 {
        for (index, route) in entry.routes.enumerated() {
          terms.append(
            Term(column: month.share[flow][index], coefficient: costs.perShare(flow: flow, route: route)))
        }
      }
      for pod in problem.pods.indices {
        terms += delivered(pod, by: position).map { Term(column: $0, coefficient: costs.perBlock(pod)) }
      }
      for site in problem.sites.indices {
        if let open = month.open[site] { terms.append(Term(column: open, coefficient: costs.opening(site))) }
      }
      let constraint = PlacementConstraint.budget(month: month.month)
      if isElastic(.budget) {
        terms.append(Term(column: slack(constraint, base: max(budget, 1), unit: "USD"), coefficient: -1))
      }
      let unit = max(budget / 1000, 1e-6)
      let scaled = terms.map { Term(column: $0.column, coefficient: $0.coefficient / unit) }
      tags.append((program.row(scaled, upper: (budget - costs.constant) / unit), constraint))
    }
  }

  /// Starting or draining replicas between neighbouring months costs money, where the problem says so; before the
  /// first month of the model stands what the problem says stands.
  mutating func addChangeRows() {
    let price = problem.problem.changeCost.value * problem.problem.weights.cost
    guard price > 0 else { return }
    let standingBefore = Dictionary(
      problem.problem.standing.map { ($0.option, $0.replicas) }, uniquingKeysWith: +)
    for position in months.indices {
      let month = months[position]
      for sizes in problem.sizesOfOption {
        let cost = elastic == .none ? price * problem.discount(month.month) : 0
        let before = position == 0 ? [] : sizes.flatMap { standing($0, in: months[position - 1]) }
        let start = position == 0 ? Double(standingBefore[problem.options[sizes[0]].option.id] ?? 0) : 0
        let now = sizes.flatMap { standing($0, in: month) }
        let back = before.map { Term(column: $0.column, coefficient: -$0.coefficient) }
        let up = program.column(cost: cost)
        let down = program.column(cost: cost)
        months[position].started += [up, down]
        program.row(
          now + back + [Term(column: up, coefficient: -1), Term(column: down, coefficient: 1)], lower: start,
          upper: start)
      }
    }
  }
}

extension PlacementModel {
  /// Undiscounted money spent on starting and draining replicas in one month of the model.
  func changeMoney(_ position: Int, at point: [Double]) -> Double {
    let price = problem.problem.changeCost.value
    guard price > 0 else { return 0 }
    let count = months[position].started.reduce(0) { $0 + point[$1] }
    return price * count
  }
}

extension ResolvedProblem {
  /// The same look-ups under other prices.
  func replacing(_ problem: PlacementProblem) -> ResolvedProblem { ResolvedProblem(self, problem) }
}
