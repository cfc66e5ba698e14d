import FleetData
import Performance
import Quantities

/// Sharded arrays and collectives.
extension ScalingBookCase {
  static let sharding: [String: @Sendable (ScalingBookInputs) -> Double?] = [
    "bytes_per_device": { v in
      guard let shape = v.list("shape"), let ways = v.number("shard") else { return nil }
      return array(shape, ways: ways).bytesPerChip.value
    },
    "bytes_total": { v in
      guard let replicas = v.number("replicas") else { return nil }
      return array(v.list("shape") ?? [128, 2048], ways: 16).totalBytes(on: 16 * Int(replicas)).value
    },
    "replication_ratio": { v in
      guard let y = v.number("Y"), let z = v.number("Z") else { return nil }
      return array([1], ways: 4).copies(on: 4 * Int(y * z))
    },
    "allgather_line": { v in
      guard let bytes = v.number("bytes"), let n = v.number("n"), let link = v.number("link")
      else { return nil }
      let line = CommGroup.Ring(length: Int(n), wraps: false)
      let group = CommGroup(
        inner: .torus([line], linkOneWay: BytesPerSecond(link), hopLatency: 0))
      return Collective.allGather.time(Bytes(bytes), over: group).value
    },
    "allgather_ring": { v in ring(.allGather, v) },
    "allgather_multiaxis": { v in ring(.allGather, v) },
    "reduce_scatter": { v in ring(.reduceScatter, v) },
    "allreduce_ring": { v in ring(.allReduce, v) },
    "ici_comms": { v in
      guard let b = v.number("B"), let d = v.number("D") else { return nil }
      return Collective.allGather.ringLimit(
        Bytes(2 * b * d), bandwidth: BytesPerSecond(v.number("W") ?? 9e10)
      ).value
    },
    "p2p_bandwidth_time": { v in transfer(v.number("bytes"), v.number("link"), v.number("ports")) },
    "ici_gather_time": { v in transfer(v.number("bytes"), v.number("link"), v.number("links")) },
    "latency_threshold": { v in
      guard let link = v.number("link"), let hop = v.number("hop_s") else { return nil }
      return Collective.latencyBoundBytes(link: BytesPerSecond(link), hop: Seconds(hop)).value
    },
    "alltoall_ratio": { v in
      let both = v.text("ring") != "unidirectional"
      let shuffle = Collective.allToAll.ringLimit(1, bandwidth: 1, bidirectional: both)
      return shuffle / Collective.allGather.ringLimit(1, bandwidth: 1, bidirectional: both)
    },
    "strategy_crossover": { v in limits(v)?.reduceFirstWidth },
    "node_bandwidth": { v in
      guard let gpus = v.number("gpus"), let egress = v.number("egress"),
        let switches = v.number("switches"), let ports = v.number("ports"), let port = v.number("port")
      else { return nil }
      return nodeBandwidth(
        chips: Int(gpus), perChip: BytesPerSecond(egress), switches: Int(switches),
        portsPerSwitch: Int(ports), perPort: BytesPerSecond(port)
      ).value
    },
    "allgather_nvlink": { v in
      guard let bytes = v.number("bytes"), let n = v.number("N"), let w = v.number("bw")
      else { return nil }
      return Collective.allGather.time(Bytes(bytes), over: domain(n, w)).value
    },
    "tree_ag_bw": { v in
      guard let n = v.number("D"), let w = v.number("W") else { return nil }
      return 1 / Collective.allGather.time(1, over: domain(n, w)).value
    },
    "alltoall_nvlink": { v in
      v.number("N").map { Collective.allToAll.time(1, over: domain($0, 1)).value }
    },
    "two_node_ag": { v in
      guard let cross = v.number("cross") else { return nil }
      // Two nodes of eight at 450 GB/s a chip; the cross-node figure is for both halves of the array together.
      var group = domain(8, 450e9)
      group.outer = CommGroup.Outer(
        parts: 2, perChipOneWay: BytesPerSecond(cross / 16), latency: 0, streamsWithInner: true)
      return 1 / Collective.allGather.time(1, over: group).value
    },
    "allreduce_measured": { v in
      v.number("link").map {
        Collective.allReduce.busBandwidth(10e9, over: domain(8, $0 * 1e9), at: .switched).value
      }
    },
  ]

  private static func array(_ shape: [Double], ways: Double) -> ShardedArray {
    ShardedArray(elements: shape.reduce(1, *), elementBytes: 1, ways: Int(ways))
  }

  private static func ring(_ kind: Collective, _ v: ScalingBookInputs) -> Double? {
    guard let bytes = v.number("bytes"), let bandwidth = v.number("bw_bidi", "bw") else { return nil }
    return kind.ringLimit(
      Bytes(bytes), bandwidth: BytesPerSecond(bandwidth), axes: v.number("axes") ?? 1
    ).value
  }

  private static func domain(_ members: Double, _ bandwidth: Double) -> CommGroup {
    CommGroup(inner: .domain(members: Int(members), perChipOneWay: BytesPerSecond(bandwidth)))
  }
}
