import FleetData
import Quantities

@testable import Simulation

/// The routing policies once more, by plain search over all replicas.
extension TokenStepper {
  func route(_ sequence: Sequence) -> Replica? {
    let serving = serving(sequence)
    switch input.routing {
    case .leastLoaded: return leastLoaded(serving)
    case .roundRobin: return roundRobin(sequence, serving)
    case .sessionSticky:
      if sequence.session < 0 { return leastLoaded(serving) }
      return home(UInt64(sequence.session + 1), serving) ?? leastLoaded(serving)
    case .prefixAffine: return prefixAffine(sequence, serving)
    case .nearestSite:
      for site in sitesByDistance(sequence, serving) {
        if let replica = leastLoaded(serving.filter { input.groups[$0].site == site }) { return replica }
      }
      return nil
    case .spillOver:
      for site in sitesByDistance(sequence, serving) {
        let groups = serving.filter { input.groups[$0].site == site }
        if let replica = leastLoaded(groups), hasSeat(replica, sequence) { return replica }
      }
      return leastLoaded(inDistanceOrder(sequence, serving))
    case .cheapestSite: return cheapest(sequence, serving)
    }
  }

  /// Groups that serve the request and that its region reaches.
  func serving(_ sequence: Sequence) -> [Int] {
    let name = input.streams[sequence.stream].service
    let region = regionName(sequence)
    return input.groups.indices.filter {
      let group = input.groups[$0]
      return group.services.contains(name) && group.role != .decode
        && closedLinks["\(region)/\(group.site)", default: 0] == 0
    }
  }

  private func open(_ group: Int) -> [Replica] {
    replicas.filter { $0.group == group && $0.condition == .up }
  }

  private func prefixAffine(_ sequence: Sequence, _ groups: [Int]) -> Replica? {
    let calmest = leastLoaded(groups)
    guard let calmest, let first = sequence.blocks.first else { return calmest }
    let key = sequence.blocks.count > 1 ? sequence.blocks[1] : first
    guard let home = home(key + 1, groups) else { return calmest }
    return home.load <= calmest.load + calmest.load / 4 + 8 ? home : calmest
  }

  private func model(_ group: Int) -> StepModel {
    StepModel(input.groups[group], limits: input.limits, site: 0)
  }

  private func weight(_ group: Int) -> Double { model(group).requestCapacity(input: 1024, output: 256) }

  private func leastLoaded(_ groups: [Int]) -> Replica? {
    if groups.count == 1 { return open(groups[0]).min { ($0.load, $0.touched) < ($1.load, $1.touched) } }
    var best: (group: Int, load: Double, replica: Replica)?
    for group in groups {
      guard let replica = open(group).min(by: { ($0.load, $0.touched) < ($1.load, $1.touched) }) else {
        continue
      }
      let load = Double(replica.load + 1) / weight(group)
      if best == nil || load < best!.load
        || (load == best!.load && groupChoices[group] < groupChoices[best!.group])
      {
        best = (group, load, replica)
      }
    }
    guard let best else { return nil }
    choices += 1
    groupChoices[best.group] = choices
    return best.replica
  }

  private func all(_ groups: [Int]) -> [Replica] {
    groups.flatMap { group in replicas.filter { $0.group == group } }
  }

  private func roundRobin(_ sequence: Sequence, _ groups: [Int]) -> Replica? {
    let ring = all(groups)
    for _ in ring {
      let turn = turns[sequence.stream] % ring.count
      turns[sequence.stream] = turn + 1
      if ring[turn].condition == .up { return ring[turn] }
    }
    return nil
  }

  private func home(_ key: UInt64, _ groups: [Int]) -> Replica? {
    let ring = all(groups)
    var hash = key &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
    guard !ring.isEmpty else { return nil }
    let start = Int((hash ^ (hash >> 32)) % UInt64(ring.count))
    return (0..<ring.count).map { ring[(start + $0) % ring.count] }.first { $0.condition == .up }
  }

  private func inDistanceOrder(_ sequence: Sequence, _ groups: [Int]) -> [Int] {
    let sites = input.groups.map(\.site)
    return groups.sorted { a, b in
      (roundTrip(sequence, a), sites.firstIndex(of: sites[a])!, a)
        < (roundTrip(sequence, b), sites.firstIndex(of: sites[b])!, b)
    }
  }

  private func sitesByDistance(_ sequence: Sequence, _ groups: [Int]) -> [String] {
    var sites: [String] = []
    for group in inDistanceOrder(sequence, groups) where !sites.contains(input.groups[group].site) {
      sites.append(input.groups[group].site)
    }
    return sites
  }

  private func hasSeat(_ replica: Replica, _ sequence: Sequence) -> Bool {
    let profile = input.groups[replica.group].profile
    let most = Double(min(input.limits.maxBatch, profile.maxSequences, input.limits.chunkTokens))
    let load = Double(replica.load + 1)
    return load <= 0.9 * most && load * Double(sequence.input) * 1.5 <= 0.9 * capacity(replica)
  }

  private func cheapest(_ sequence: Sequence, _ groups: [Int]) -> Replica? {
    let ordered = groups.sorted { (price($0), $0) < (price($1), $1) }
    for group in ordered {
      guard let replica = open(group).min(by: { ($0.load, $0.touched) < ($1.load, $1.touched) }),
        hasSeat(replica, sequence)
      else { continue }
      let model = model(group)
      let prompt = Double(sequence.input)
      let load = Double(replica.load)
      let kv = load * prompt * 1.5
      let pairs = prompt * (prompt + 1) / 2
      let decode = model.step(StepLoad(sequences: load + 1, kv: kv + prompt))
      let prefill = model.step(StepLoad(sequences: load, kv: kv, prefill: prompt, pairs: pairs))
      let objective = input.streams[sequence.stream].slo
      let ttft = roundTrip(sequence, group) + decode + prefill
      if ttft <= objective.ttft?.value ?? .infinity && decode <= objective.tpot?.value ?? .infinity {
        return replica
      }
    }
    return leastLoaded(ordered)
  }

  private func price(_ group: Int) -> Double {
    let chips = Double(input.groups[group].profile.chips)
    return chips * (input.groups[group].price?.value ?? 0) / weight(group)
  }
}
