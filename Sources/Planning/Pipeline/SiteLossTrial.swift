import FleetData
import Placement
import Quantities
import Simulation

/// The peak of one service in one month, replayed on all its replicas with one site killed and never repaired.
///
/// The site dies after a quarter of the run, when the fleet has filled up. Requests that were running there begin
/// again elsewhere, and every request that arrives from then on is judged against the full promise.
struct SiteLossTrial {
  struct Outcome: Sendable {
    var month: Int
    var service: Service
    var site: String
    var rate: Double
    var lost: Int
    var left: Int
    var restarted: Int
    /// Of the users it went worst for.
    var levels: ServiceLevels
    var laws: [LawCheck]
    var holds: Bool { levels.meets(service.slo) }

    /// Is every promise further from being broken than in another outcome?
    func isBetter(than other: Outcome) -> Bool {
      (holds ? 0 : 1, levels.worstShare(of: service.slo) ?? 0)
        < (other.holds ? 0 : 1, other.levels.worstShare(of: service.slo) ?? 0)
    }
  }

  let table: OptionTable
  let scenario: Scenario
  let options: PlanningOptions
  private let links: LinkTable

  init(table: OptionTable, scenario: Scenario, options: PlanningOptions) {
    self.table = table
    self.scenario = scenario
    self.options = options
    links = LinkTable(scenario.fleet.links)
  }

  /// At least this much simulated time, in seconds, and this many times what a request takes.
  static let shortestRun = 240.0
  static let sojourns = 24.0

  /// The worst of the hours that may be hardest: the one in which all regions together ask for most, and for every
  /// group of regions that only some of the sites reach the one in which it does.
  ///
  /// - Parameters:
  ///   - deployments: everything that serves the service in the month.
  ///   - sojourn: seconds that a request takes when nothing is lost.
  func outcome(
    service: Service, month: Int, site: String, deployments: [PlacementPlan.Deployment], sojourn: Double
  ) throws(SimulationError) -> Outcome {
    let entries = deployments.map { row in
      guard let entry = table.option(row.option) else {
        preconditionFailure("a deployment's option comes from the table: \(row.option)")
      }
      return Placed(row: row, entry: entry)
    }
    let workload = entries[0].entry.workload
    let hours = criticalHours(workload, entries)
    guard !hours.isEmpty else {
      let rate = deployments.reduce(0) { $0 + $1.load }
      return try outcome(workload, rate: rate, month: month, site: site, entries, sojourn: sojourn)
    }
    var worst: Outcome?
    for hour in hours {
      let rates = workload.rates(month: month, hour: hour)
      let total = rates.reduce(0) { $0 + $1.share }
      let shares = rates.map { Service.RegionShare(region: $0.region, share: $0.share / total) }
      let next = try outcome(
        workload.from(shares), rate: total, month: month, site: site, entries, sojourn: sojourn)
      if worst.map({ $0.isBetter(than: next) }) ?? true { worst = next }
    }
    return worst!
  }

  private struct Placed {
    var row: PlacementPlan.Deployment
    var entry: OptionTable.Entry
  }

  private func classes(_ workload: ServiceWorkload, _ entries: [Placed]) -> RegionClasses {
    RegionClasses(workload, sites: Set(entries.map(\.row.site)).sorted(), seed: scenario.seed) {
      region, place in
      entries.contains { $0.row.site == place && reaches(region, $0.entry) }
    }
  }

  private func criticalHours(_ workload: ServiceWorkload, _ entries: [Placed]) -> [Int] {
    guard let together = workload.busiestHour else { return [] }
    let own = classes(workload, entries).groups.compactMap { group in
      workload.from(
        workload.service.regionShares.filter { share in group.shares.contains { $0.region == share.region } }
      ).busiestHour
    }
    return Set([together] + own).sorted()
  }

  private func outcome(
    _ workload: ServiceWorkload, rate: Double, month: Int, site: String, _ entries: [Placed],
    sojourn: Double
  ) throws(SimulationError) -> Outcome {
    let service = workload.service
    let classes = classes(workload, entries)
    let span = max(
      Self.shortestRun, Self.sojourns * sojourn, Double(options.judgedRequests) / rate * 4 / 3)
    let streams = streams(classes, workload, rate: rate, span: span)
    let groups = entries.map { placed in
      let row = placed.row
      let served = zip(classes.groups, streams).filter { $0.0.sites.contains(row.site) }.map(\.1.service)
      return ReplicaGroup(
        id: row.option, site: row.site, pod: row.pod, profile: placed.entry.profile,
        replicas: row.replicas, services: served)
    }
    let killed = Seconds(span / 4)
    let result = try FleetSimulation(
      groups: groups, streams: streams, roundTrips: trips(to: groups), routing: .leastLoaded,
      seed: scenario.seed, warmUp: .fixed(killed),
      disruptions: Disruptions(outages: [.init(.site(site), start: killed, duration: Seconds(1e9))])
    ).run()
    let lost = entries.filter { $0.row.site == site }.reduce(0) { $0 + $1.row.replicas }
    let all = entries.reduce(0) { $0 + $1.row.replicas }
    return Outcome(
      month: month, service: service, site: site, rate: rate, lost: lost, left: all - lost,
      restarted: result.groups.reduce(0) { $0 + $1.lost }, levels: worst(result.services, service.slo),
      laws: result.laws)
  }

  /// Each class of users as a stream, together at the month's peak rate.
  private func streams(
    _ classes: RegionClasses, _ workload: ServiceWorkload, rate: Double, span: Double
  ) -> [ServiceStream] {
    let service = workload.service
    return classes.groups.enumerated().map { index, group in
      let count = Double(max(1, group.trace.count))
      return ServiceStream(
        service: classes.groups.count == 1 ? service.id : "\(service.id)/\(index)",
        arrivals: .trace(
          group.trace, rateScale: rate / workload.traceRate,
          repeats: max(1, Int((span * rate * group.share / count).rounded(.up)))),
        thinkingMultiplier: service.thinkingMultiplier, regionShares: group.shares, slo: service.slo)
    }
  }

  /// A site answers a region when the way there leaves the time to first token that its capacity was measured with.
  private func reaches(_ region: String, _ entry: OptionTable.Entry) -> Bool {
    guard let trip = links.roundTrip(from: region, to: entry.pod.site) else { return false }
    guard let promised = entry.workload.service.slo.ttft, let inside = entry.timeToFirstToken else {
      return true
    }
    return trip + inside <= promised + Seconds(1e-9)
  }

  private func trips(to groups: [ReplicaGroup]) -> [RoundTrip] {
    let sites = Set(groups.map(\.site)).sorted()
    return scenario.fleet.regions.flatMap { region in
      sites.compactMap { site in
        links.roundTrip(from: region.id, to: site).map { RoundTrip(region: region.id, site: site, time: $0) }
      }
    }
  }

  private func worst(_ all: [ServiceLevels], _ slo: ServiceLevelObjective) -> ServiceLevels {
    all.max {
      ($0.steady ? 0 : 1, $0.worstShare(of: slo) ?? 0) < ($1.steady ? 0 : 1, $1.worstShare(of: slo) ?? 0)
    }!
  }
}
