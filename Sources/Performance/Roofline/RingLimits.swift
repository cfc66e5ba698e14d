import Quantities

/// Collectives on rings so large that (n − 1)/n is 1, latency left out: the closed forms of the sharding chapter.
///
/// `Collective.time` tends to these as the group grows.
extension Collective {
  /// Time on one or more ring axes, each of `bandwidth` (both directions of a bidirectional ring).
  ///
  ///     all-gather, reduce-scatter  V/(M·W)      all-reduce  2V/(M·W)
  ///     all-to-all                  V/(4·M·W), or V/(2·M·W) on one-way rings
  public func ringLimit(
    _ bytes: Bytes, bandwidth: BytesPerSecond, axes: Double = 1, bidirectional: Bool = true
  ) -> Seconds {
    let gather = bytes / (bandwidth * axes)
    return switch self {
    case .allGather, .reduceScatter, .permute: gather
    case .allReduce: gather * 2
    case .allToAll: gather * (bidirectional ? 0.25 : 0.5)
    }
  }

  /// The message below which a hop costs more latency than transfer.
  public static func latencyBoundBytes(link: BytesPerSecond, hop: Seconds) -> Bytes {
    Bytes(link.value * hop.value)
  }

  /// Bus bandwidth as collectives' benchmarks report it: the rate of the busiest link.
  public func busBandwidth(
    _ bytes: Bytes, over group: CommGroup, at efficiency: LinkEfficiency
  ) -> BytesPerSecond {
    let n = Double(group.members)
    let factor = self == .allReduce ? 2 * (n - 1) / n : (n - 1) / n
    return bytes * factor / time(bytes, over: group, at: efficiency)
  }
}

/// Egress of a switched node: what its chips send, or what its switches pass if less.
public func nodeBandwidth(
  chips: Int, perChip: BytesPerSecond, switches: Int, portsPerSwitch: Int, perPort: BytesPerSecond
) -> BytesPerSecond {
  min(perChip * Double(chips), perPort * Double(switches * portsPerSwitch))
}

/// An array cut over a mesh and copied along the rest of it.
public struct ShardedArray: Sendable, Hashable {
  public var elements: Double
  public var elementBytes: Double
  /// Ways it is cut.
  public var ways: Int

  public init(elements: Double, elementBytes: Double, ways: Int) {
    self.elements = elements
    self.elementBytes = elementBytes
    self.ways = ways
  }

  public var bytes: Bytes { Bytes(elements * elementBytes) }
  public var bytesPerChip: Bytes { bytes / Double(ways) }
  /// Copies held by a mesh of `chips`.
  public func copies(on chips: Int) -> Double { Double(chips) / Double(ways) }
  public func totalBytes(on chips: Int) -> Bytes { bytesPerChip * Double(chips) }
}
