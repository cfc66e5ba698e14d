import FleetData
import Foundation
import Quantities

/// A problem with its names looked up and everything in canonical order, so that the order in which sites, pods,
/// options or services were written changes nothing in the answer.
struct ResolvedProblem: Sendable {
  /// A pod with its site, its price and the slices it is cut into.
  struct PodEntry: Sendable {
    var pod: Pod
    var site: Int
    /// By month.
    var terms: [PodTerms]
    var tiling: SliceTiling
    var busyWatts: Double
    var idleWatts: Double

    /// Is it ever paid for unused?
    var isEverFixed: Bool { terms.contains { $0.isFixed } }
  }

  struct OptionEntry: Sendable {
    var option: ReplicaOption
    var pod: Int
    var site: Int
    var service: Int
    var footprint: SliceTiling.Footprint
    /// Requests per second by class, after the service's capacity factor.
    var capacity: [Double]
  }

  /// One class of one region of one service, with the options it may be routed to.
  struct FlowEntry: Sendable {
    struct Route: Sendable {
      var option: Int
      /// RTT + TTFT, or RTT alone where no TTFT is promised.
      var latency: Double
      var roundTrip: Double
      /// Dollars per request for the bytes moved.
      var egress: Double
    }
    var service: Int
    var region: String
    var requestClass: Int
    var rates: [Double]
    /// Load of the 24 hours of a day over the peak hour's, and whether demand said so.
    var hours: [Double]
    var hasCurve: Bool
    /// Load over the peak hour's in each critical hour of the service.
    var critical: [Double]
    var routes: [Route]
  }

  let problem: PlacementProblem
  let sites: [Site]
  let pods: [PodEntry]
  let services: [ServiceDemand]
  let options: [OptionEntry]
  let flows: [FlowEntry]
  /// Options of each site and of each service, by index.
  let optionsAtSite: [[Int]]
  let optionsOfService: [[Int]]
  /// The sizes of pool of each option, by index: most have one.
  let sizesOfOption: [[Int]]
  let flowsOfService: [[Int]]
  let podsAtSite: [[Int]]
  /// Of each service the hours (UTC) that may ask for most somewhere (see `CriticalHours`).
  let criticalHours: [[Int]]

  var months: Int { problem.months }

  init(_ problem: PlacementProblem) throws(PlacementError) {
    try Self.check(problem)
    self.problem = problem
    let sites = problem.fleet.sites.sorted { $0.id < $1.id }
    let services = problem.services.sorted { $0.service < $1.service }
    let pods = try Self.pods(problem, sites: sites)
    let options = try Self.options(problem, pods: pods, services: services)
    self.sites = sites
    self.services = services
    self.pods = pods
    self.options = options
    let hours = services.map(CriticalHours.hours)
    criticalHours = hours
    let flows = Self.flows(problem, sites: sites, services: services, options: options, hours: hours)
    self.flows = flows
    optionsAtSite = Self.grouped(options.map(\.site), into: sites.count)
    optionsOfService = Self.grouped(options.map(\.service), into: services.count)
    sizesOfOption = Self.sizes(options)
    flowsOfService = Self.grouped(flows.map(\.service), into: services.count)
    podsAtSite = Self.grouped(pods.map(\.site), into: sites.count)
  }

  /// The look-ups of `other` with the scalar settings of `problem`.
  init(_ other: ResolvedProblem, _ problem: PlacementProblem) {
    self.problem = problem
    sites = other.sites
    pods = other.pods
    services = other.services
    options = other.options
    flows = other.flows
    optionsAtSite = other.optionsAtSite
    optionsOfService = other.optionsOfService
    sizesOfOption = other.sizesOfOption
    flowsOfService = other.flowsOfService
    podsAtSite = other.podsAtSite
    criticalHours = other.criticalHours
  }

  /// Weight of a month's money seen from month 0: (1 + r)^(−month/12).
  func discount(_ month: Int) -> Double { pow(1 + problem.discountRate, -Double(month) / 12) }

  /// Demand of a service in a month, every region and class at its own peak, in requests per second.
  func demand(ofService service: Int, month: Int) -> Double {
    flowsOfService[service].reduce(0) { $0 + flows[$1].rates[month] }
  }

  /// The most that some flows of one service ask for in any hour of a month together, in requests per second.
  func peak(ofFlows some: [Int], month: Int) -> Double {
    guard let first = some.first else { return 0 }
    return flows[first].critical.indices.map { hour in
      some.reduce(0) { $0 + flows[$1].rates[month] * flows[$1].critical[hour] }
    }.max() ?? 0
  }

  /// Can every flow of the service use every one of its options, in one class? Then pooled capacity is exact.
  func isPooled(_ service: Int) -> Bool {
    services[service].classes.count == 1
      && flowsOfService[service].allSatisfy { flows[$0].routes.count == optionsOfService[service].count }
  }

  /// Indices of the same id, which stand side by side.
  private static func sizes(_ options: [OptionEntry]) -> [[Int]] {
    var groups: [[Int]] = []
    for (index, entry) in options.enumerated() {
      if index > 0, options[index - 1].option.id == entry.option.id {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups
  }

  private static func grouped(_ keys: [Int], into count: Int) -> [[Int]] {
    var groups = [[Int]](repeating: [], count: count)
    for (index, key) in keys.enumerated() { groups[key].append(index) }
    return groups
  }
}

extension ResolvedProblem {
  private static func check(_ problem: PlacementProblem) throws(PlacementError) {
    guard problem.months >= 1 else { throw .malformed("the horizon needs at least one month") }
    for service in problem.services {
      for flow in service.flows {
        guard flow.peakRates.count == problem.months else {
          throw .malformed(
            "\(service.service) from \(flow.region) has \(flow.peakRates.count) monthly rates for \(problem.months) months"
          )
        }
        guard flow.peakRates.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
          throw .malformed(
            "\(service.service) from \(flow.region) has a rate that is negative or not a number")
        }
        guard flow.hourlyLoad.isEmpty || flow.hourlyLoad.count == 24 else {
          throw .malformed(
            "\(service.service) from \(flow.region) has load for \(flow.hourlyLoad.count) of 24 hours")
        }
        guard service.classes.indices.contains(flow.requestClass) else {
          throw .malformed(
            "\(service.service) from \(flow.region) names request class \(flow.requestClass), which it lacks")
        }
      }
    }
    guard Set(problem.options.map { [$0.id, "\($0.leastReplicas)"] }).count == problem.options.count else {
      throw .malformed("two replica options share one id and size of pool")
    }
    guard problem.options.allSatisfy({ $0.leastReplicas >= 1 }) else {
      throw .malformed("a replica option has pools of no replicas")
    }
    let names = [
      problem.fleet.pods.map(\.id), problem.fleet.sites.map(\.id), problem.services.map(\.service),
    ]
    guard names.allSatisfy({ Set($0).count == $0.count }) else {
      throw .malformed("two pods, two sites or two services share one id")
    }
    for site in problem.fleet.sites {
      let days = [site.powerShareByHour.count, site.electricityByHour.count, site.carbonByHour.count]
      guard days.allSatisfy({ $0 == 0 || $0 == 24 }) else {
        throw .malformed("\(site.id) has figures by the hour for other than 24 hours")
      }
    }
    for pod in problem.fleet.pods {
      guard let up = pod.availability else { continue }
      guard up > 0, up <= 1 else { throw .malformed("the availability \(up) of \(pod.id) is not within 0…1") }
    }
    guard problem.maxUtilization > 0, problem.maxUtilization <= 1 else {
      throw .malformed("the utilisation cap \(problem.maxUtilization) is not within 0…1")
    }
  }

  private static func pods(_ problem: PlacementProblem, sites: [Site]) throws(PlacementError) -> [PodEntry] {
    var entries: [PodEntry] = []
    for pod in problem.fleet.pods.sorted(by: { $0.id < $1.id }) {
      guard let site = sites.firstIndex(where: { $0.id == pod.site }) else {
        throw .malformed("pod \(pod.id) stands at \(pod.site), which the fleet does not list")
      }
      let shapes = problem.options.filter { $0.pod == pod.id }.map(\.slice)
        .sorted { $0.axes.lexicographicallyPrecedes($1.axes) }
      let busy = pod.powerPerChip.value.value
      entries.append(
        PodEntry(
          pod: pod, site: site, terms: terms(pod, sites[site], problem),
          tiling: SliceTiling(block: pod.topology, shapes: shapes), busyWatts: busy,
          idleWatts: busy * pod.idlePowerShare))
    }
    return entries
  }

  private static func terms(_ pod: Pod, _ site: Site, _ problem: PlacementProblem) -> [PodTerms] {
    (0..<problem.months).map {
      PodTerms(
        pod.price(inMonth: $0),
        facilityPerChip: (site.constructionPerWatt ?? 0) * pod.powerPerChip.value.value,
        facilityLife: problem.facilityLife)
    }
  }

  private static func options(
    _ problem: PlacementProblem, pods: [PodEntry], services: [ServiceDemand]
  ) throws(PlacementError) -> [OptionEntry] {
    let podIndex = Dictionary(uniqueKeysWithValues: pods.enumerated().map { ($1.pod.id, $0) })
    let serviceIndex = Dictionary(
      services.enumerated().map { ($1.service, $0) }, uniquingKeysWith: { first, _ in first })
    var entries: [OptionEntry] = []
    for option in problem.options.sorted(by: { ($0.id, $0.leastReplicas) < ($1.id, $1.leastReplicas) }) {
      guard let pod = podIndex[option.pod] else {
        throw .malformed("option \(option.id) names pod \(option.pod), which the fleet does not list")
      }
      guard let service = serviceIndex[option.service] else {
        throw .malformed("option \(option.id) names service \(option.service), which has no demand")
      }
      guard option.capacity.count == services[service].classes.count else {
        throw .malformed(
          "option \(option.id) has \(option.capacity.count) capacities for \(services[service].classes.count) classes"
        )
      }
      let switched = pods[pod].pod.topology.axes.count == 1
      guard let footprint = pods[pod].tiling.footprint(of: option.slice, switched: switched) else { continue }
      entries.append(
        OptionEntry(
          option: option, pod: pod, site: pods[pod].site, service: service, footprint: footprint,
          capacity: option.capacity.map {
            $0 * services[service].capacityFactor
              * pods[pod].pod.uptimeShare(chips: option.chips, restart: problem.restart)
          }))
    }
    return entries
  }

  private static func flows(
    _ problem: PlacementProblem, sites: [Site], services: [ServiceDemand], options: [OptionEntry],
    hours: [[Int]]
  ) -> [FlowEntry] {
    let links = LinkTable(problem.fleet.links)
    var entries: [FlowEntry] = []
    for (index, service) in services.enumerated() {
      let own = options.indices.filter { options[$0].service == index }
      let ordered = service.flows.sorted { ($0.region, $0.requestClass) < ($1.region, $1.requestClass) }
      for flow in ordered where flow.peakRates.contains(where: { $0 > 0 }) {
        let routes = own.compactMap { option -> FlowEntry.Route? in
          let entry = options[option]
          let site = sites[entry.site]
          guard entry.capacity[flow.requestClass] > 0 else { return nil }
          if let home = service.residency, site.residency != home { return nil }
          guard let trip = links.roundTrip(from: flow.region, to: site.id)?.value else { return nil }
          let latency = trip + (entry.option.timeToFirstToken?.value ?? 0)
          if let limit = service.timeToFirstToken?.value, latency > limit { return nil }
          return FlowEntry.Route(
            option: option, latency: latency, roundTrip: trip,
            egress: links.egressPrice(from: flow.region, to: site.id).value * service.answerBytes.value)
        }
        entries.append(
          FlowEntry(
            service: index, region: flow.region, requestClass: flow.requestClass, rates: flow.peakRates,
            hours: flow.hourlyLoad.isEmpty
              ? [Double](repeating: service.loadFactor, count: 24) : flow.hourlyLoad,
            hasCurve: !flow.hourlyLoad.isEmpty,
            critical: hours[index].map { flow.hourlyLoad.isEmpty ? 1 : flow.hourlyLoad[$0] },
            routes: routes))
      }
    }
    return entries
  }
}
