/// What gives out first for one service, in words: a group's steps, seats or cache, or a link on the way.
struct Bottleneck {
  let sentence: String
  /// What would help.
  let remedy: String

  init(
    _ input: FleetSimulation, _ stream: ServiceStream, groups: [GroupUsage], loads: [Double?],
    uplinks: [UplinkUsage]
  ) {
    let indices = input.groups.indices.filter { input.groups[$0].services.contains(stream.service) }
    let serving = indices.map { groups[$0] }
    let sites = Set(
      input.groups.filter { $0.services.contains(stream.service) && $0.role != .decode }.map(\.site))
    let regions = Set(stream.regionShares.map(\.region))
    let ways = uplinks.filter {
      sites.contains($0.site) && (regions.isEmpty || regions.contains($0.region))
    }
    guard let group = Self.busiest(serving, \.utilization) else {
      sentence = "no replica serves it"
      remedy = "add replicas"
      return
    }
    let sender = Self.busiest(serving, \.linkUtilization)
    let way = ways.max { ($0.utilization, $1.region, $1.site) < ($1.utilization, $0.region, $0.site) }
    if let way, way.utilization > max(group.utilization, sender?.linkUtilization ?? 0, 0.5) {
      sentence =
        "the uplink from \(way.region) to \(way.site) is busy \(Self.percent(way.utilization)) % of the time: "
        + "requests wait to be sent"
      remedy = "widen it"
    } else if let sender, sender.linkUtilization > max(group.utilization, 0.5) {
      sentence =
        "the links out of \(sender.group) are busy \(Self.percent(sender.linkUtilization)) % of the time: caches wait "
        + "to be sent"
      remedy = "widen them"
    } else {
      let fullest = indices.allSatisfy { loads[$0] != nil } ? indices.max { loads[$0]! < loads[$1]! } : nil
      sentence = Self.words(of: fullest.map { groups[$0] } ?? group)
      remedy = "add replicas"
    }
  }

  /// The greatest, the first by name of equals.
  private static func busiest(_ groups: [GroupUsage], _ share: KeyPath<GroupUsage, Double>) -> GroupUsage? {
    groups.max { ($0[keyPath: share], $1.group) < ($1[keyPath: share], $0.group) }
  }

  private static func words(of group: GroupUsage) -> String {
    let busy = "\(group.group) is busy \(percent(group.utilization)) % of the time"
    if group.kvBlockedShare > max(0.1, group.seatBlockedShare) {
      return busy + " and its KV cache is full at \(percent(group.kvBlockedShare)) % of its decisions"
    }
    if group.seatBlockedShare > 0.1 {
      return busy + " and its batch is full at \(percent(group.seatBlockedShare)) % of its decisions"
    }
    if group.meanBatch == 0 { return busy + " with prompts alone: it takes no more of them" }
    return busy + " with \(Steadiness.rounded(group.meanBatch)) sequences per step: its steps take too long"
  }

  private static func percent(_ share: Double) -> String { Steadiness.rounded(share * 100) }
}
