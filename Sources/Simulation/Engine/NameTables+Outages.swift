import FleetData
import Quantities

/// From the disruptions of the input to what they hit.
extension NameTables {
  func outageSources(_ input: FleetSimulation) -> [OutageSource] {
    var sources = input.disruptions.outages.map { outage in
      var source = OutageSource(start: outage.start.value, duration: outage.duration.value)
      source.isPlanned = outage.isPlanned
      hit(outage.scope, input, &source)
      return source
    }
    for rate in input.disruptions.rates { sources += drawn(rate, input) }
    return sources
  }

  private func firstReplica(of group: Int, _ input: FleetSimulation) -> Int {
    input.groups[..<group].reduce(0) { $0 + $1.replicas }
  }

  private func replicas(of group: Int, _ input: FleetSimulation) -> [Int32] {
    let first = firstReplica(of: group, input)
    return (first..<first + input.groups[group].replicas).map { Int32($0) }
  }

  private func replicas(
    _ input: FleetSimulation, where isHit: (ReplicaGroup) -> Bool
  ) -> [Int32] {
    input.groups.indices.filter { isHit(input.groups[$0]) }.flatMap { replicas(of: $0, input) }
  }

  private func hit(_ scope: Disruptions.Scope, _ input: FleetSimulation, _ source: inout OutageSource) {
    switch scope {
    case .replica(let id, let index):
      guard let group = input.groups.firstIndex(where: { $0.id == id }),
        (0..<input.groups[group].replicas).contains(index)
      else { return }
      source.replicas = [Int32(firstReplica(of: group, input) + index)]
    case .group(let id): source.replicas = replicas(input) { $0.id == id }
    case .site(let site): source.replicas = replicas(input) { $0.site == site }
    case .link(let region, let site):
      guard let region = regionIndex[region], let site = siteIndex[site] else { return }
      source.links = [(region, site)]
    case .cacheLink(let id): source.stalledLinks = replicas(input) { $0.id == id }
    }
  }

  /// One source per part that fails on its own.
  private func drawn(_ rate: Disruptions.FailureRate, _ input: FleetSimulation) -> [OutageSource] {
    guard let group = input.groups.firstIndex(where: { $0.id == rate.group }) else { return [] }
    let all = replicas(of: group, input)
    let chips = input.groups[group].profile.chips
    switch rate.part {
    case .replica: return sources(all.map { [$0] }, rate, input)
    case .chip: return sources(all.map { [$0] }, rate, shares: Double(chips), input)
    case .host(let hostChips):
      if hostChips <= chips {
        return sources(all.map { [$0] }, rate, shares: Double(chips) / Double(hostChips), input)
      }
      let perHost = hostChips / chips
      let hosts = stride(from: 0, to: all.count, by: perHost).map {
        Array(all[$0..<min($0 + perHost, all.count)])
      }
      return sources(hosts, rate, input)
    case .group: return sources([all], rate, input)
    case .site: return sources([replicas(input) { $0.site == input.groups[group].site }], rate, input)
    case .link(let region):
      guard let region = regionIndex[region], let site = siteIndex[input.groups[group].site] else {
        return []
      }
      var cut = sources([[]], rate, input)
      cut[0].links = [(region, site)]
      return cut
    case .cacheLink:
      var stalled = sources(all.map { [$0] }, rate, input)
      for i in stalled.indices {
        stalled[i].stalledLinks = stalled[i].replicas
        stalled[i].replicas = []
      }
      return stalled
    }
  }

  /// `shares` parts in each, any of which takes it down.
  private func sources(
    _ parts: [[Int32]], _ rate: Disruptions.FailureRate, shares: Double = 1, _ input: FleetSimulation
  ) -> [OutageSource] {
    parts.enumerated().map { i, part in
      var source = OutageSource(
        meanTimeToFailure: rate.betweenFailures.value / shares, meanTimeToRepair: rate.repair.value,
        seed: input.seed, name: "\(rate.group)/\(rate.part)/\(i)")
      source.replicas = part
      return source
    }
  }
}
