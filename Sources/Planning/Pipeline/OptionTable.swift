import Foundation
import FleetData
import Performance
import Placement
import Quantities
import Simulation

/// Every way to serve every service, with what simulation says each can carry.
struct OptionTable {
  struct Entry {
    var id: String
    /// The model it answers with.
    var model: String
    var workload: ServiceWorkload
    var pod: Pod
    var profile: ReplicaProfile
    /// Requests per second of one replica within the SLO, by the number of replicas that share arrivals.
    var capacity: [Int: Double]
    /// Time to first token kept inside the site, before the network.
    var timeToFirstToken: Seconds?
    var bound: StepEstimate.Bound

    /// What one replica of a pool carries, between measured sizes by the logarithm of the size; `nil` beyond the last.
    func capacity(pool size: Int) -> Double? {
      if let measured = capacity[size] { return measured }
      guard let below = measuredPools.last(where: { $0 < size }), let less = capacity[below],
        let above = measuredPools.first(where: { $0 > size }), let more = capacity[above]
      else { return nil }
      let place = log2(Double(size) / Double(below)) / log2(Double(above) / Double(below))
      return less + place * (more - less)
    }
  }

  var entries: [Entry]
  /// Why services found no option on a pod, for the message when nothing can host them.
  var obstacles: [HostObstacle]

  /// Options simulated per service and pod: the best by chips needed at saturation.
  static let candidatesPerPod = 3
  /// Replicas that share arrivals when an option is measured, as far as demand and pod can fill them: a large pool
  /// evens out bursts that a small one must hold room for.
  static let measuredPools = [1, 4, 16, 64]
  /// Sizes that a plan may count on. What waits cost falls with the root of a pool's size, which makes capacity
  /// concave in the logarithm of the size: a straight line there between two measured sizes promises no more than it.
  static let poolSizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

  /// Why nothing can host a service: what stops it on each pod, or the promise that no option keeps.
  func whyNobodyHosts(_ service: Service, scenario: Scenario, options: PlanningOptions) -> [HostObstacle] {
    if let chips = HostObstacle.noAllowedChip(service, scenario.fleet) { return [chips] }
    let slow = HostObstacle.tooSlow(
      entries.filter { $0.workload.service.id == service.id }, seed: scenario.seed,
      requests: options.capacityRequests)
    return slow.map { [$0] } ?? obstacles.filter { $0.service == service.id }
  }

  func option(_ id: String) -> Entry? { entries.first { $0.id == id } }

  /// One option per size of pool that a plan may count on.
  ///
  /// - Parameter trust: how far each option's capacity is trusted, where it is less than measured at first.
  func replicaOptions(_ trust: PeriodTrust) -> [ReplicaOption] {
    let all = entries.flatMap { entry in
      Self.poolSizes.compactMap { size -> ReplicaOption? in
        guard let carried = entry.capacity(pool: size), carried > 0 else { return nil }
        return ReplicaOption(
          id: entry.id, service: entry.workload.service.id, pod: entry.pod.id, slice: entry.profile.slice,
          sharding: entry.profile.sharding, capacity: [carried * (trust.share[entry.id] ?? 1)],
          timeToFirstToken: entry.timeToFirstToken, leastReplicas: size)
      }
    }
    return ReplicaOption.paretoFront(all)
  }
}

/// How far the capacities of a period are trusted, after what its simulation showed.
struct PeriodTrust: Sendable, Hashable {
  /// What is left of an option's measured capacity after simulated months failed all the same, by option; all of it
  /// where an option is not listed.
  var share: [String: Double] = [:]
  /// What is left of the utilisation that may be planned with a site lost.
  var afterLoss = 1.0
}

extension OptionTable {
  /// Builds the table: profiles from the performance model, capacities from simulation.
  static func build(
    workloads: [ServiceWorkload], scenario: Scenario, catalog: Catalog, options: PlanningOptions
  ) throws -> OptionTable {
    var table = OptionTable(entries: [], obstacles: [])
    for workload in workloads {
      let service = workload.service
      for pod in scenario.fleet.pods {
        guard service.allowedChips.isEmpty || service.allowedChips.contains(pod.chip) else { continue }
        options.onProgress(.measuring(service: service.id, pod: pod.id))
        let chip = try catalog.chip(pod.chip)
        for name in service.models {
          let model = try catalog.model(name)
          let found = profiles(
            for: model, on: chip, pod: pod.topology, weights: service.weights, kv: service.kv,
            context: Int((workload.meanInput + workload.meanOutput).rounded(.up)),
            efficiency: options.efficiency)
          if found.isEmpty { table.obstacles.append(HostObstacle(model, service, pod, chip)) }
          table.entries += try entries(for: workload, model: name, on: pod, from: found, scenario, options)
        }
      }
    }
    return table
  }

  private static func entries(
    for workload: ServiceWorkload, model: String, on pod: Pod, from profiles: [ReplicaProfile],
    _ scenario: Scenario, _ options: PlanningOptions
  ) throws -> [Entry] {
    let search = CapacitySearch(workload: workload, options: options, seed: scenario.seed)
    let peak = workload.busiestRate(in: 0..<scenario.horizonMonths)
    let ttft = workload.service.slo.ttft.map { insideSite($0, pod: pod, workload.service, scenario.fleet) }
    let ranked = servable(profiles).map {
      (profile: $0, perChip: search.saturation(of: $0) / Double($0.chips))
    }
    .filter { $0.perChip > 0 }
    .sorted { ($0.perChip, $1.profile.chips) > ($1.perChip, $0.profile.chips) }
    let candidates = ranked.prefix(candidatesPerPod).map(\.profile)
    let capacities = Slots<Result<[Int: Double], any Error>>(count: candidates.count)
    DispatchQueue.concurrentPerform(iterations: candidates.count) { index in
      capacities[index] = Result {
        try search.capacities(
          of: candidates[index], ttft: ttft, filledBy: peak, most: mostReplicas(candidates[index], on: pod))
      }
    }
    return try zip(candidates, capacities.values).map { profile, capacity in
      let place = "\(workload.service.id)/\(pod.id)/\(profile.slice)/\(profile.sharding.label)"
      return Entry(
        id: workload.service.modelAlternatives.isEmpty ? place : "\(place)/\(model)", model: model,
        workload: workload, pod: pod, profile: profile, capacity: try capacity.get(), timeToFirstToken: ttft,
        bound: bound(profile, workload))
    }
  }

  /// Replicas that the pod holds when all of it was bought, at most.
  private static func mostReplicas(_ profile: ReplicaProfile, on pod: Pod) -> Int {
    (pod.count + pod.purchasable) * pod.topology.chips / profile.chips
  }

  /// Tensor and expert sharding alone where that fits: a pipeline keeps its stages busy only with as many batches in
  /// flight, which few serving engines do.
  private static func servable(_ profiles: [ReplicaProfile]) -> [ReplicaProfile] {
    let flat = profiles.filter { $0.sharding.pipeline == 1 }
    return flat.isEmpty ? profiles : flat
  }

  /// What is left of a promised time to first token after the longest round trip to this site, at least half of it:
  /// a region that is further away than that is not served from here.
  private static func insideSite(_ promised: Seconds, pod: Pod, _ service: Service, _ fleet: Fleet) -> Seconds
  {
    let links = LinkTable(fleet.links)
    let longest =
      service.regionShares.compactMap { links.roundTrip(from: $0.region, to: pod.site) }.max() ?? 0
    return max(promised - longest, promised / 2)
  }

  /// The term that bounds a decode step at the batch the KV cache holds.
  private static func bound(_ profile: ReplicaProfile, _ workload: ServiceWorkload) -> StepEstimate.Bound {
    let step = profile.step
    let batch = Double(
      min(profile.maxSequences, max(1, Int(Double(profile.kvCapacityTokens) / (workload.meanContext + 1)))))
    let compute = step.matmulSeconds(decoding: batch)
    let memory =
      step.weightSeconds(tokens: batch)
      + step.cacheSeconds(decoding: batch, cachedTokens: batch * workload.meanContext)
    let overhead = step.overhead + batch * step.overheadPerSequence
    if overhead > max(compute, memory) { return .overhead }
    return compute > memory ? .compute : .hbm
  }
}

extension Sharding {
  /// `tp8`, `tp4pp2`: the axes that are not 1.
  var label: String {
    let axes = [
      ("dp", data), ("fsdp", fsdp), ("tp", tensor), ("pp", pipeline), ("ep", expert), ("sp", sequence),
    ]
    let parts = axes.filter { $0.1 > 1 }.map { "\($0.0)\($0.1)" }
    return parts.isEmpty ? "tp1" : parts.joined()
  }
}
