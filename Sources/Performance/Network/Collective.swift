import FleetData
import Quantities

/// The collectives of sharded transformers and their times.
///
/// `bytes` is always the whole array over the group: the output of an all-gather, the input of a reduce-scatter,
/// what every member holds of an all-reduce, all that an all-to-all shuffles. For `permute` it is what one chip sends.
public enum Collective: String, Sendable, Hashable, CaseIterable, Codable {
  case allGather, reduceScatter, allReduce, allToAll, permute

  /// Time of this collective over `group`.
  ///
  ///     all-gather, reduce-scatter   V·(n−1)/n / ΣW      W = 2·link on a wrapped axis, link on a line
  ///     all-reduce                   twice that
  ///     all-to-all                   V/4 across the bisection of each axis in turn
  ///
  /// Between domains or slices each of the g inner members carries V/g over its own port.
  /// - Source: jax-ml/scaling-book, sharding and gpus chapters, with the exact (n−1)/n kept.
  public func time(_ bytes: Bytes, over group: CommGroup, at efficiency: LinkEfficiency = .ideal) -> Seconds {
    guard group.members > 1, bytes.value > 0 else { return .zero }
    let phases: Double = self == .allReduce ? 2 : 1
    let inner = group.innerMembers > 1 ? innerTransfer(bytes, group) * phases : .zero
    let outer = group.outer.map { outerTransfer(bytes, group, $0) * phases } ?? .zero
    let streams = group.outer?.streamsWithInner ?? true
    let transfer = self == .permute ? max(inner, outer) : (streams ? max(inner, outer) : inner + outer)
    let latency = (efficiency.startup + hopLatency(of: group)) * phases
    return latency + efficiency.stretch(transfer, bytes: bytes)
  }

  private func innerTransfer(_ bytes: Bytes, _ group: CommGroup) -> Seconds {
    let n = Double(group.innerMembers)
    let total = Double(group.members)
    switch self {
    case .allGather, .reduceScatter, .allReduce:
      return bytes * ((n - 1) / n) / group.innerBandwidth
    case .allToAll:
      // The share of the shuffle that stays inside one part: each part holds n/total and keeps n/total of it.
      return innerShuffle(bytes * (n / total * n / total), group)
    case .permute:
      return bytes / linkRate(group)
    }
  }

  private func innerShuffle(_ bytes: Bytes, _ group: CommGroup) -> Seconds {
    let n = Double(group.innerMembers)
    switch group.inner {
    case .alone: return .zero
    case .domain(_, let rate): return bytes * ((n - 1) / (n * n)) / rate
    case .torus(let rings, let link, _):
      return rings.map { ring in
        let crossings = n / Double(ring.length) * (ring.wraps ? 2 : 1) / Double(ring.stride)
        return bytes * 0.25 / (link * crossings)
      }.max() ?? .zero
    }
  }

  private func outerTransfer(_ bytes: Bytes, _ group: CommGroup, _ outer: CommGroup.Outer) -> Seconds {
    let parts = Double(outer.parts)
    let inner = Double(group.innerMembers)
    switch self {
    case .allGather, .reduceScatter, .allReduce:
      return bytes * ((parts - 1) / (parts * inner)) / outer.perChipOneWay
    case .allToAll:
      return bytes * ((parts - 1) / (parts * parts * inner)) / outer.perChipOneWay
    case .permute:
      return bytes / outer.perChipOneWay
    }
  }

  private func linkRate(_ group: CommGroup) -> BytesPerSecond {
    switch group.inner {
    case .alone: BytesPerSecond(.infinity)
    case .torus(let rings, let link, _): link / Double(rings.map(\.stride).min() ?? 1)
    case .domain(_, let rate): rate
    }
  }

  /// Hops on the longest path: half of a wrapped ring, all of a line, one between neighbours.
  private func hopLatency(of group: CommGroup) -> Seconds {
    var latency = group.outer?.latency ?? .zero
    if case .torus(let rings, _, let hop) = group.inner {
      let hops = rings.map { ring in
        let chips = ring.wraps ? ring.length / 2 : ring.length - 1
        return (self == .permute ? min(chips, 1) : chips) * ring.stride
      }
      latency += hop * Double(self == .permute ? hops.min() ?? 0 : hops.reduce(0, +))
    }
    return latency
  }
}
