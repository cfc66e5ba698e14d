import FleetData
import Quantities

/// Turns a solved month into the rows of a plan.
struct PlanAssembly {
  let problem: ResolvedProblem
  let month: Int
  /// Working replicas and spares by option.
  let work: [Int]
  let spares: [Int]
  /// Parallel to the routes of every flow.
  let shares: [[Double]]
  /// Blocks of each pod in place this month.
  let blocks: [Int]
  let opened: [Bool]
  var changeCost = 0.0

  init(_ model: PlacementModel, _ position: Int, point: [Double]) {
    problem = model.problem
    let columns = model.months[position]
    month = columns.month
    func whole(_ column: Int) -> Int { Int(point[column].rounded()) }
    work = columns.work.map(whole)
    spares = columns.spares.map { $0.reduce(0) { $0 + whole($1) } }
    shares = columns.share.map { $0.map { point[$0] < 1e-9 ? 0 : min(1, point[$0]) } }
    blocks = model.problem.pods.indices.map { pod in
      let standing = model.problem.pods[pod].pod.standingBlocks(inMonth: columns.month)
      return standing + model.delivered(pod, by: position).reduce(0) { $0 + whole($1) }
    }
    opened = columns.open.map { $0.map { whole($0) > 0 } ?? false }
  }

  /// Adds this month's rows to a plan.
  func append(to plan: inout PlacementPlan) {
    let loads = self.loads
    for option in problem.options.indices where work[option] + spares[option] > 0 {
      plan.deployments.append(deployment(option, loads[option]))
    }
    plan.routes += routes
    plan.pods += problem.pods.indices.map(podUse)
    plan.power += problem.sites.indices.map(sitePower)
    plan.costs.append(cost)
  }

  /// Requests per second and replicas' worth of work of an option in one hour.
  private struct Load {
    var hour: Int?
    var rate = 0.0
    var work = 0.0
  }

  /// The busiest hour of every option: the one of most work among its service's critical hours.
  private var loads: [Load] {
    var byHour = problem.options.map { option in
      problem.criticalHours[option.service].map { Load(hour: $0) }
    }
    var peaksWithHour = [Bool](repeating: false, count: problem.options.count)
    for (index, flow) in problem.flows.enumerated() {
      for (position, route) in flow.routes.enumerated() where shares[index][position] > 0 {
        for hour in flow.critical.indices {
          let rate = shares[index][position] * flow.rates[month] * flow.critical[hour]
          byHour[route.option][hour].rate += rate
          byHour[route.option][hour].work +=
            rate / problem.options[route.option].capacity[flow.requestClass]
        }
        if flow.hasCurve { peaksWithHour[route.option] = true }
      }
    }
    return byHour.enumerated().map { option, hours in
      var busiest = hours.dropFirst().reduce(hours[0]) { $1.work > $0.work ? $1 : $0 }
      if !peaksWithHour[option] { busiest.hour = nil }
      return busiest
    }
  }

  private func deployment(_ index: Int, _ load: Load) -> PlacementPlan.Deployment {
    let entry = problem.options[index]
    return PlacementPlan.Deployment(
      month: month, option: entry.option.id, service: entry.option.service,
      site: problem.sites[entry.site].id,
      pod: entry.option.pod, chip: problem.pods[entry.pod].pod.chip, slice: entry.option.slice,
      sharding: entry.option.sharding, chipsPerReplica: entry.option.chips, replicas: work[index],
      spares: spares[index], capacityPerReplica: entry.capacity, load: load.rate,
      utilization: work[index] > 0 ? load.work / Double(work[index]) : 0, peakHour: load.hour,
      chipsOccupied: entry.footprint.occupiedChips)
  }

  private var routes: [PlacementPlan.Route] {
    var rows: [PlacementPlan.Route] = []
    for (index, flow) in problem.flows.enumerated() {
      for (position, route) in flow.routes.enumerated() where shares[index][position] > 0 {
        let entry = problem.options[route.option]
        rows.append(
          PlacementPlan.Route(
            month: month, service: problem.services[flow.service].service, requestClass: flow.requestClass,
            region: flow.region, option: entry.option.id, site: problem.sites[entry.site].id,
            requestsPerSecond: shares[index][position] * flow.rates[month], share: shares[index][position],
            roundTrip: Seconds(route.roundTrip),
            loadByHour: flow.hasCurve ? flow.hours : [], egress: route.egress))
      }
    }
    return rows
  }

  func podUse(_ pod: Int) -> PlacementPlan.PodUse {
    let entry = problem.pods[pod]
    let installed = blocks[pod] * entry.tiling.blockChips
    var used = 0
    var inside = 0
    var cells = blocks[pod] * entry.tiling.cells(perBlock: 0)
    for option in problem.options.indices where problem.options[option].pod == pod {
      let count = work[option] + spares[option]
      let footprint = problem.options[option].footprint
      used += count * problem.options[option].option.chips
      inside += count * footprint.strandedChips
      cells -= count * entry.tiling.cells(footprint, at: 0)
    }
    let free = cells * entry.tiling.chain[0].reduce(1, *)
    return PlacementPlan.PodUse(
      month: month, pod: entry.pod.id, installed: installed, used: used, free: free,
      stranded: installed - used - free)
  }

  func sitePower(_ site: Int) -> PlacementPlan.SitePower {
    var watts = 0.0
    for pod in problem.podsAtSite[site] {
      let entry = problem.pods[pod]
      let idle = entry.terms[month].isFixed ? entry.idleWatts : 0
      watts += Double(blocks[pod] * entry.tiling.blockChips) * idle
      for option in problem.optionsAtSite[site] where problem.options[option].pod == pod {
        let chips = Double((work[option] + spares[option]) * problem.options[option].option.chips)
        watts += chips * (entry.busyWatts - idle)
      }
    }
    let entry = problem.sites[site]
    return PlacementPlan.SitePower(
      month: month, site: entry.id, itWatts: watts, facilityWatts: watts * entry.pue,
      capWatts: entry.powerCap(inMonth: month).value)
  }

  /// Money and carbon of the month at the planned load, undiscounted.
  private var cost: PlacementPlan.MonthCost {
    var cost = PlacementPlan.MonthCost(
      month: month, fixed: 0, allocated: 0, energy: 0, opening: 0, change: changeCost, egress: 0,
      carbonKilograms: 0)
    let costs = MonthCosts(problem, month: month)
    func add(_ energy: MonthCosts.Energy, _ times: Double = 1) {
      cost.energy += energy.dollars * times
      cost.carbonKilograms += energy.kilograms * times
    }
    for (pod, entry) in problem.pods.enumerated() {
      let isFixed = entry.terms[month].isFixed
      let installed = Double(blocks[pod] * entry.tiling.blockChips)
      let used = problem.optionsAtSite[entry.site].filter { problem.options[$0].pod == pod }.reduce(0) {
        $0 + (work[$1] + spares[$1]) * problem.options[$1].footprint.occupiedChips
      }
      let paid = isFixed ? installed : Double(used)
      let rent = paid * entry.terms[month].price * MonthCosts.seconds
      if isFixed { cost.fixed += rent } else { cost.allocated += rent }
      add(costs.steady(watts: entry.idleWatts * paid, pod: pod))
    }
    for (flow, entry) in problem.flows.enumerated() {
      for (position, route) in entry.routes.enumerated() where shares[flow][position] > 0 {
        add(costs.busy(flow: flow, route: route), shares[flow][position])
        cost.egress += costs.egress(flow: flow, route: route) * shares[flow][position]
      }
    }
    for site in problem.sites.indices where opened[site] {
      let opening = problem.problem.openings.filter { $0.site == problem.sites[site].id }
      cost.opening += opening.reduce(0) { $0 + $1.monthlyCost.value }
    }
    return cost
  }
}
