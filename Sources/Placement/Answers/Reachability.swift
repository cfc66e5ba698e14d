import FleetData
import Quantities

/// Finds services that nobody may host and regions that no site may serve, before any search.
enum Reachability {
  static func obstacle(in problem: ResolvedProblem) -> Infeasibility? {
    for (index, service) in problem.services.enumerated() where !problem.flowsOfService[index].isEmpty {
      if problem.optionsOfService[index].isEmpty { return noHost(service, index, problem) }
      for flow in problem.flowsOfService[index] where problem.flows[flow].routes.isEmpty {
        return noRoute(service, problem.flows[flow], index, problem)
      }
      if let lonely = onlyHost(index, problem) { return lonely }
    }
    return nil
  }

  private static func noHost(
    _ service: ServiceDemand, _ index: Int, _ problem: ResolvedProblem
  ) -> Infeasibility {
    let sentence =
      "no pod has a slice that can host \(service.service): its model fits no slice offered, or none of its allowed chips is in the fleet"
    return infeasibility(
      .noHost(service: service.service), sentence, index, problem,
      [
        change(
          .noHost(service: service.service), "pod",
          "a pod with room for the model of \(service.service), fewer bits per weight, or other chips allowed"
        )
      ])
  }

  /// A change that is one thing to do, not an amount.
  private static func change(
    _ constraint: PlacementConstraint, _ unit: String, _ sentence: String
  ) -> Infeasibility.Relaxation {
    Infeasibility.Relaxation(constraint: constraint, amount: 1, unit: unit, relative: 1, sentence: sentence)
  }

  /// Where a service could go if its data might leave home.
  private static func elsewhere(_ able: [Int], _ service: ServiceDemand, _ problem: ResolvedProblem) -> String
  {
    let homes = Set(able.compactMap { problem.sites[problem.options[$0].site].residency }).sorted()
    let home = service.residency ?? ""
    let pod = "a pod in \(home) that can host \(service.service)"
    return homes.isEmpty ? pod : "\(pod), or leave for it to stay in \(homes.joined(separator: " or "))"
  }

  /// One region of a service has no allowed route: residency, latency or a missing link.
  private static func noRoute(
    _ service: ServiceDemand, _ flow: ResolvedProblem.FlowEntry, _ index: Int, _ problem: ResolvedProblem
  ) -> Infeasibility {
    let able = problem.optionsOfService[index].filter { problem.options[$0].capacity[flow.requestClass] > 0 }
    let lawful = able.filter {
      service.residency == nil || problem.sites[problem.options[$0].site].residency == service.residency
    }
    if able.isEmpty {
      let name = service.classes[flow.requestClass]
      return infeasibility(
        .noHost(service: service.service),
        "no option of \(service.service) has capacity for its \(name) requests within the SLO", index,
        problem,
        [
          change(
            .noHost(service: service.service), "promise",
            "a looser SLO for the \(name) requests of \(service.service)")
        ])
    }
    if lawful.isEmpty {
      return infeasibility(
        .residency(service: service.service),
        "\(service.service) may stay only in \(service.residency ?? ""), where no pod can host it", index,
        problem,
        [change(.residency(service: service.service), "pod", elsewhere(able, service, problem))])
    }
    let links = LinkTable(problem.problem.fleet.links)
    var best: (latency: Double, site: String)?
    for option in lawful {
      let entry = problem.options[option]
      guard let trip = links.roundTrip(from: flow.region, to: problem.sites[entry.site].id)?.value else {
        continue
      }
      let latency = trip + (entry.option.timeToFirstToken?.value ?? 0)
      if best.map({ latency < $0.latency }) ?? true { best = (latency, problem.sites[entry.site].id) }
    }
    let binding = PlacementConstraint.latency(service: service.service, region: flow.region)
    guard let best, let limit = service.timeToFirstToken?.value else {
      return infeasibility(
        binding, "no link joins \(flow.region) to a site that can host \(service.service)", index, problem,
        [change(binding, "link", "a link between \(flow.region) and a site that can host \(service.service)")]
      )
    }
    let missing = best.latency - limit
    let sentence =
      "no site answers \(flow.region) within the \(Words.seconds(limit)) that \(service.service) promises: the nearest, \(best.site), takes \(Words.seconds(best.latency))"
    let change = Infeasibility.Relaxation(
      constraint: binding, amount: missing, unit: "s", relative: missing / limit,
      sentence: "promise \(service.service) a time to first token of \(Words.seconds(best.latency)) or more")
    return infeasibility(binding, sentence, index, problem, [change])
  }

  /// With site loss to be survived, a flow whose only host is one site cannot be kept.
  private static func onlyHost(_ index: Int, _ problem: ResolvedProblem) -> Infeasibility? {
    guard problem.problem.survivesSiteLoss else { return nil }
    for flow in problem.flowsOfService[index] {
      let sites = Set(problem.flows[flow].routes.map { problem.options[$0.option].site })
      guard sites.count == 1, let only = sites.first else { continue }
      let site = problem.sites[only].id
      let service = problem.services[index].service
      let region = problem.flows[flow].region
      return infeasibility(
        .siteLoss(site: site, service: service, month: 0),
        "only \(site) may serve \(service) from \(region), so its loss cannot be survived", index, problem,
        [
          change(
            .siteLoss(site: site, service: service, month: 0), "site",
            "a second site that may serve \(service) from \(region), or no promise to survive the loss of one"
          )
        ])
    }
    return nil
  }

  private static func infeasibility(
    _ binding: PlacementConstraint, _ sentence: String, _ service: Int, _ problem: ResolvedProblem,
    _ relaxations: [Infeasibility.Relaxation] = []
  ) -> Infeasibility {
    Infeasibility(
      firstMonth: 0, binding: binding, sentence: sentence, relaxations: relaxations,
      unmetRequestsPerSecond: problem.demand(ofService: service, month: 0), planUntilThen: nil)
  }
}
