import FleetData
import Placement
import Quantities

/// A random problem of one month small enough to try every plan, and the answer found by trying.
struct SmallInstance {
  var problem: PlacementProblem

  init(seed: UInt64) {
    var random = RandomStream(seed, "small-instance")
    func pick(_ values: [Double]) -> Double { values[Int(random.next() % UInt64(values.count))] }
    let siteCount = 2 + Int(random.next() % 2)
    let sites = (0..<siteCount).map {
      Fixture.site("site-\($0)", megawatts: pick([1, 0.004, 0.0025]), pue: 1.25)
    }
    let pods = sites.enumerated().map { index, site in
      Fixture.pod(
        "pod-\(index)", at: site.id, shape: [4], count: 1, price: Fixture.onDemand(pick([1, 1.5, 2, 3.25])))
    }
    let regions = ["east", "west"]
    let links = regions.flatMap { region in
      sites.map { Fixture.link(region, $0.id, milliseconds: pick([5, 60, 120])) }
    }
    var options: [ReplicaOption] = []
    let serviceCount = siteCount == 2 ? 2 : 1
    for service in 0..<serviceCount {
      for pod in pods {
        let slice = [1, 2, 4][Int(random.next() % 3)]
        options.append(
          Fixture.option(
            "s\(service)", on: pod.id, slice: [slice], capacity: Double(slice) * pick([0.7, 1, 1.6]),
            ttft: 0.2))
      }
    }
    let services = (0..<serviceCount).map { service in
      Fixture.demand(
        "s\(service)", regions.map { ($0, pick([0.4, 0.9, 1.7, 2.3])) }, ttft: pick([0.27, 0.33, 1]))
    }
    problem = PlacementProblem(
      fleet: Fleet(
        name: "small", sites: sites, pods: pods, links: links, regions: regions.map { UserRegion(id: $0) }),
      months: 1, services: services, options: options, maxUtilization: pick([0.8, 1]),
      survivesSiteLoss: random.next() % 4 == 0, utilizationAfterLoss: 1,
      openings: sites.map {
        PlacementProblem.SiteOpening(site: $0.id, monthlyCost: USD(pick([0, 300, 900])))
      }, limits: SearchLimits(relativeGap: 0))
  }

  /// The least cost over every number of replicas of every option; `nil` when no plan is feasible.
  ///
  /// Routing is feasible exactly when every set of regions finds enough capacity among the options it may use (Hall).
  func leastByTrying() -> Double? {
    let most = problem.options.map { 4 / $0.chips }
    var best: Double?
    var counts = [Int](repeating: 0, count: most.count)
    while true {
      if isFeasible(counts) {
        let cost = cost(of: counts)
        best = min(best ?? cost, cost)
      }
      guard let next = counts.indices.first(where: { counts[$0] < most[$0] }) else { return best }
      for index in 0..<next { counts[index] = 0 }
      counts[next] += 1
    }
  }

  private func site(of option: ReplicaOption) -> Site {
    let pod = problem.fleet.pods.first { $0.id == option.pod }!
    return problem.fleet.sites.first { $0.id == pod.site }!
  }

  private func cost(of counts: [Int]) -> Double {
    var dollars = 0.0
    for site in problem.fleet.sites {
      var used = false
      for (option, count) in zip(problem.options, counts)
      where count > 0 && self.site(of: option).id == site.id {
        used = true
        let pod = problem.fleet.pods.first { $0.id == option.pod }!
        guard case .onDemand(let rate) = pod.price.kind else { continue }
        dollars += Double(count * option.chips) * rate.value * Seconds.month.value
      }
      if used { dollars += problem.openings.first { $0.site == site.id }!.monthlyCost.value }
    }
    return dollars
  }

  private func isFeasible(_ counts: [Int]) -> Bool {
    for pod in problem.fleet.pods {
      let used = zip(problem.options, counts).filter { $0.0.pod == pod.id }.reduce(0) {
        $0 + $1.0.chips * $1.1
      }
      // Slices of 1, 2 and 4 chips fit a domain of 4 whenever their chips do.
      if used > pod.chips { return false }
    }
    for site in problem.fleet.sites {
      let chips = zip(problem.options, counts).filter { self.site(of: $0.0).id == site.id }
        .reduce(0) { $0 + $1.0.chips * $1.1 }
      if Double(chips) * 1000 * site.pue > site.powerCap.value { return false }
    }
    guard routes(counts, without: nil, utilization: problem.maxUtilization) else { return false }
    guard problem.survivesSiteLoss else { return true }
    return problem.fleet.sites.allSatisfy {
      routes(counts, without: $0.id, utilization: problem.utilizationAfterLoss)
    }
  }

  private func routes(_ counts: [Int], without lost: String?, utilization: Double) -> Bool {
    for service in problem.services {
      for subset in 1..<(1 << service.flows.count) {
        let flows = service.flows.indices.filter { subset >> $0 & 1 == 1 }.map { service.flows[$0] }
        let demand = flows.reduce(0) { $0 + $1.peakRates[0] }
        var capacity = 0.0
        for (option, count) in zip(problem.options, counts) where option.service == service.service {
          let site = self.site(of: option)
          guard site.id != lost else { continue }
          let reaches = flows.contains { flow in
            let link = problem.fleet.links.first { $0.from == flow.region && $0.to == site.id }!
            return link.roundTrip.value + option.timeToFirstToken!.value <= service.timeToFirstToken!.value
          }
          if reaches { capacity += Double(count) * option.capacity[0] * utilization }
        }
        if demand > capacity + 1e-9 { return false }
      }
    }
    return true
  }
}
