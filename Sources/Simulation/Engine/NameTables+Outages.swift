import Quantities

/// From the disruptions of the input to the replicas they hit.
extension NameTables {
  func outageSources(_ input: FleetSimulation) -> [OutageSource] {
    var sources = input.disruptions.outages.map { outage in
      OutageSource(
        replicas: replicas(in: outage.scope, input), start: outage.start.value,
        duration: outage.duration.value)
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

  private func replicas(in scope: Disruptions.Scope, _ input: FleetSimulation) -> [Int32] {
    switch scope {
    case .replica(let id, let index):
      guard let group = input.groups.firstIndex(where: { $0.id == id }),
        (0..<input.groups[group].replicas).contains(index)
      else { return [] }
      return [Int32(firstReplica(of: group, input) + index)]
    case .group(let id):
      return input.groups.indices.filter { input.groups[$0].id == id }.flatMap { replicas(of: $0, input) }
    case .site(let site):
      return input.groups.indices.filter { input.groups[$0].site == site }.flatMap { replicas(of: $0, input) }
    }
  }

  /// One source per part that fails on its own.
  private func drawn(_ rate: Disruptions.FailureRate, _ input: FleetSimulation) -> [OutageSource] {
    guard let group = input.groups.firstIndex(where: { $0.id == rate.group }) else { return [] }
    let all = replicas(of: group, input)
    let chips = input.groups[group].profile.chips
    switch rate.part {
    case .replica: return sources(all.map { [$0] }, rate, rate.betweenFailures.value, input)
    case .chip: return sources(all.map { [$0] }, rate, rate.betweenFailures.value / Double(chips), input)
    case .host(let hostChips):
      if hostChips <= chips {
        let hosts = Double(chips) / Double(hostChips)
        return sources(all.map { [$0] }, rate, rate.betweenFailures.value / hosts, input)
      }
      let perHost = hostChips / chips
      let hosts = stride(from: 0, to: all.count, by: perHost).map {
        Array(all[$0..<min($0 + perHost, all.count)])
      }
      return sources(hosts, rate, rate.betweenFailures.value, input)
    case .group: return sources([all], rate, rate.betweenFailures.value, input)
    case .site:
      return sources(
        [replicas(in: .site(input.groups[group].site), input)], rate, rate.betweenFailures.value, input)
    }
  }

  private func sources(
    _ parts: [[Int32]], _ rate: Disruptions.FailureRate, _ meanTimeToFailure: Double, _ input: FleetSimulation
  ) -> [OutageSource] {
    parts.enumerated().map { i, part in
      OutageSource(
        replicas: part, meanTimeToFailure: meanTimeToFailure, meanTimeToRepair: rate.repair.value,
        seed: input.seed, name: "\(rate.group)/\(rate.part)/\(i)")
    }
  }
}
