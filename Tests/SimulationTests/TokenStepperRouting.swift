import FleetData
import Quantities

@testable import Simulation

/// The routing policies once more, by plain search over all replicas.
extension TokenStepper {
  func route(_ sequence: Sequence) -> Replica? {
    let name = input.streams[sequence.stream].service
    let serving = input.groups.indices.filter {
      input.groups[$0].services.contains(name) && input.groups[$0].role != .decode
    }
    switch input.routing {
    case .leastLoaded: return leastLoaded(serving)
    case .roundRobin: return roundRobin(sequence, serving)
    case .sessionSticky, .prefixAffine:
      if input.routing == .prefixAffine || sequence.session < 0 { return leastLoaded(serving) }
      return home(UInt64(sequence.session + 1), serving)
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

  private func open(_ group: Int) -> [Replica] { replicas.filter { $0.group == group && $0.outages == 0 } }

  private func weight(_ group: Int) -> Double {
    StepModel(input.groups[group], limits: input.limits, site: 0).requestCapacity(input: 1024, output: 256)
  }

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
      if ring[turn].outages == 0 { return ring[turn] }
    }
    return nil
  }

  private func home(_ key: UInt64, _ groups: [Int]) -> Replica? {
    let ring = all(groups)
    var hash = key &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
    let start = Int((hash ^ (hash >> 32)) % UInt64(ring.count))
    return (0..<ring.count).map { ring[(start + $0) % ring.count] }.first { $0.outages == 0 }
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
    return load <= 0.9 * most && load * Double(sequence.input) * 1.5 <= 0.9 * Double(profile.kvCapacityTokens)
  }

  private func cheapest(_ sequence: Sequence, _ groups: [Int]) -> Replica? {
    let ordered = groups.sorted { (price($0), $0) < (price($1), $1) }
    for group in ordered {
      guard let replica = open(group).min(by: { ($0.load, $0.touched) < ($1.load, $1.touched) }),
        hasSeat(replica, sequence)
      else { continue }
      let model = StepModel(input.groups[group], limits: input.limits, site: 0)
      let prompt = Double(sequence.input)
      let load = Double(replica.load)
      let kv = load * prompt * 1.5
      let decode = model.step(sequences: load + 1, kv: kv + prompt, prefill: 0, pairs: 0)
      let prefill = model.step(sequences: load, kv: kv, prefill: prompt, pairs: prompt * (prompt + 1) / 2)
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
