import Quantities

extension PlacementModel {
  /// Every flow is routed in full.
  mutating func addDemandRows() {
    let month = current
    for (index, flow) in problem.flows.enumerated() where flow.rates[month.month] > 0 {
      var terms = month.share[index].map { Term(column: $0, coefficient: 1) }
      if isElastic(.demand) {
        let rate = flow.rates[month.month]
        let constraint = PlacementConstraint.demand(
          service: problem.services[flow.service].service, region: flow.region, month: month.month)
        let unmet = slack(constraint, base: rate, unit: "req/s")
        months[months.count - 1].unmet[index] = unmet
        terms.append(Term(column: unmet, coefficient: 1 / rate))
      }
      program.row(terms, lower: 1, upper: 1)
    }
  }

  /// Load stays within the working replicas of each option in every critical hour; a small flow links to the option
  /// it uses.
  mutating func addCapacityRows() {
    let month = current
    var loads = [OptionLoad](repeating: OptionLoad(), count: problem.options.count)
    for (index, flow) in problem.flows.enumerated() where flow.rates[month.month] > 0 {
      for (position, route) in flow.routes.enumerated() {
        let load = flow.rates[month.month] / problem.options[route.option].capacity[flow.requestClass]
        let share = month.share[index][position]
        loads[route.option].add(share, load: load, critical: flow.critical)
        if load < problem.problem.maxUtilization {
          links.append(([share], month.work[route.option]))
        }
      }
    }
    for option in loads.indices {
      for row in loads[option].rows {
        program.row(
          row + [Term(column: month.work[option], coefficient: -utilization(after: false))], upper: 0)
      }
    }
  }

  /// An option that is measured as a pool stands as one of that size or more, or not at all; of several sizes one.
  mutating func addPoolRows() {
    let month = current
    for sizes in problem.sizesOfOption
    where sizes.count > 1 || problem.options[sizes[0]].option.leastReplicas > 1 {
      var pooled: [Term] = []
      for option in sizes {
        let column = program.column(upper: 1, integer: true)
        let (least, most) = (
          Double(problem.options[option].option.leastReplicas), program.columnUpper[month.work[option]]
        )
        let work = Term(column: month.work[option], coefficient: 1)
        program.row([work, Term(column: column, coefficient: -most)], upper: 0)
        program.row([work, Term(column: column, coefficient: -least)], lower: 0)
        pooled.append(Term(column: column, coefficient: 1))
      }
      if pooled.count > 1 { program.row(pooled, upper: 1) }
    }
  }

  /// For every set of options that some region is limited to: what they carry covers all regions limited to them.
  mutating func addCovers() {
    guard elastic == .none else { return }
    let month = current
    for service in problem.services.indices where problem.services[service].classes.count == 1 {
      let flows = problem.flowsOfService[service].filter { problem.flows[$0].rates[month.month] > 0 }
      let reached = flows.map { Set(problem.flows[$0].routes.map(\.option)) }
      for (index, set) in reached.enumerated() where !reached[..<index].contains(set) {
        let demand = problem.peak(
          ofFlows: zip(flows, reached).filter { $1.isSubset(of: set) }.map(\.0), month: month.month)
        let terms = set.sorted().map {
          Term(
            column: month.work[$0], coefficient: problem.options[$0].capacity[0] * utilization(after: false))
        }
        covers.append(CoverCut(terms: terms, least: demand))
      }
    }
  }

  /// Working replicas are covered by the spares their number needs.
  mutating func addSpareRows() {
    let month = current
    for option in problem.options.indices where !month.spares[option].isEmpty {
      let steps = spareSteps(option, month.month)
      var cover = [Term(column: month.work[option], coefficient: 1)]
      for (j, column) in month.spares[option].enumerated() {
        let previous = j == 0 ? 0 : steps[j - 1]
        cover.append(Term(column: column, coefficient: -Double(steps[j] - previous)))
        if j > 0 {
          program.row(
            [
              Term(column: column, coefficient: 1),
              Term(column: month.spares[option][j - 1], coefficient: -1),
            ], upper: 0)
        }
      }
      program.row(cover, upper: 0)
    }
  }

  /// A site in use is paid for; nothing is routed to or stands at a closed one.
  mutating func addOpeningRows() {
    let month = current
    for site in problem.sites.indices {
      guard let open = month.open[site] else { continue }
      for option in problem.optionsAtSite[site] {
        let most = program.columnUpper[month.work[option]]
        program.row(
          [Term(column: month.work[option], coefficient: 1), Term(column: open, coefficient: -most)], upper: 0
        )
      }
      for (index, flow) in problem.flows.enumerated() {
        let shares = flow.routes.indices.filter { problem.options[flow.routes[$0].option].site == site }
        guard !shares.isEmpty else { continue }
        links.append((shares.map { month.share[index][$0] }, open))
      }
    }
  }

  /// Blocks delivered in a month are paid from then on, and no more are bought than are for sale.
  mutating func addPurchaseRows() {
    for pod in problem.pods.indices {
      let orders = months.enumerated().compactMap { position, month in
        month.bought[pod].map { ($0, position) }
      }
      for (column, position) in orders {
        let cost = months[position...].reduce(0) { $0 + MonthCosts(problem, month: $1.month).perBlock(pod) }
        program.setCost(cost, of: column)
      }
      guard orders.count > 1 else { continue }
      let row = program.row(
        orders.map { Term(column: $0.0, coefficient: 1) }, upper: Double(problem.pods[pod].pod.purchasable))
      tags.append((row, .purchases(pod: problem.pods[pod].pod.id)))
    }
  }

  /// Purchases of a pod delivered by a month of the model.
  func delivered(_ pod: Int, by position: Int) -> [Int] {
    months[...position].compactMap { $0.bought[pod] }
  }

  mutating func addTilingRows(_ pod: Int, _ month: Month, _ position: Int) {
    let entry = problem.pods[pod]
    let standingBlocks = Double(entry.pod.standingBlocks(inMonth: month.month))
    let constraint = PlacementConstraint.chips(pod: entry.pod.id, month: month.month)
    let used = problem.options.indices.filter { problem.options[$0].pod == pod }
    guard !used.isEmpty else { return }
    var extra: Int?
    if isElastic(.chips(pod: pod)) {
      let base = max(standingBlocks, 1) * Double(entry.tiling.blockChips)
      extra = slack(constraint, base: base, unit: "chips")
    }
    let open = elastic == .none ? month.open[entry.site] : nil
    for level in entry.tiling.chain.indices {
      var terms: [Term] = []
      for option in used {
        let cells = Double(entry.tiling.cells(problem.options[option].footprint, at: level))
        terms += standing(option, in: month).map { Term(column: $0.column, coefficient: cells) }
      }
      let perBlock = Double(entry.tiling.cells(perBlock: level))
      let orders = delivered(pod, by: position)
      if let open, !orders.isEmpty {
        let most = (standingBlocks + Double(entry.pod.purchasable)) * perBlock
        program.row(terms + [Term(column: open, coefficient: -most)], upper: 0)
      }
      terms += orders.map { Term(column: $0, coefficient: -perBlock) }
      if let extra {
        let chips = entry.tiling.chain[level].reduce(1, *)
        terms.append(Term(column: extra, coefficient: -1 / Double(chips)))
      }
      let cells =
        standingBlocks * perBlock + Double((extraChips[pod] ?? 0) / entry.tiling.chain[level].reduce(1, *))
      // What stands at a closed site cannot be used: its cells count only as far as the site is open.
      if let open { terms.append(Term(column: open, coefficient: -cells)) }
      tags.append((program.row(terms, upper: open == nil ? cells : 0), constraint))
    }
  }

  mutating func slack(_ constraint: PlacementConstraint, base: Double, unit: String) -> Int {
    let column = program.column()
    slacks.append(Slack(column: column, constraint: constraint, base: base, unit: unit))
    return column
  }
}
