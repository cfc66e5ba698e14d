import FleetData
import Quantities

/// What the collectives of a forward pass cost on a slice's links, as seconds per byte and seconds per call.
struct SliceTraffic: Sendable {
  struct Cost: Sendable {
    var perByte = 0.0
    var latency = 0.0
    /// Collectives that leave their domain or slice start twice: inside and outside.
    var calls = 0.0
  }

  /// One reduction over the tensor axis, per byte of activations each group holds.
  var reduction = Cost()
  /// The bytes of weights that one layer would gather instead; it bounds the reductions of very large prefills.
  var gather = Cost()
  /// Tokens to their experts, or back.
  var exchange = Cost()
  /// Activations to the next stage.
  var handOver = Cost()

  init(chip: ChipSpec, slice: SliceTopology, sharding: Sharding, counts: ModelCounts) {
    guard slice.chips > 1, sharding.chips == slice.chips else { return }
    let network = SliceNetwork(chip: chip, slice: slice, sharding: sharding)
    reduction = cost(.allReduce, network[.tensor])
    if case .torus = chip.interconnect {
      gather = cost(.allGather, network[.tensor])
      reduction.perByte *= weightStationaryShare(counts, ways: Double(sharding.tensor))
    }
    exchange = cost(.allToAll, network[.expert])
    handOver = cost(.permute, network[.pipeline])
  }

  /// The ideal time of a collective is a straight line in its bytes; two points give it.
  private func cost(_ collective: Collective, _ group: CommGroup) -> Cost {
    guard group.members > 1 else { return Cost() }
    let empty = collective.time(0, over: group).value
    let large = collective.time(1e9, over: group).value
    return Cost(perByte: (large - empty) / 1e9, latency: empty, calls: group.outer == nil ? 1 : 2)
  }
}

/// Share of the one-axis reduction that a two-axis weight-stationary layout moves: √(18·F / (D·n)), never above 1.
///
/// - Source: jax-ml/scaling-book, inference chapter: the layouts break even at 18·F/D chips. F is taken as 4·D.
private func weightStationaryShare(_ counts: ModelCounts, ways: Double) -> Double {
  min(1, (72 / ways).squareRoot())
}

extension InferenceModel {
  /// Seconds of communication of a pass over `tokens` tokens: tensor reductions, expert exchange, stage hand-over.
  func collectives(tokens: Double) -> Double {
    guard slice.chips > 1, isConnected else { return 0 }
    let shares = efficiency.constants
    let bytes = tokens / division.groups * Double(counts.modelWidth) * 2
    func seconds(_ cost: SliceTraffic.Cost, bytes: Double) -> Double {
      bytes * cost.perByte / shares.links + cost.latency + cost.calls * shares.collectiveSeconds
    }
    var time = 0.0
    if division.tensor > 1 {
      let reductions = Double(counts.reductions) * seconds(traffic.reduction, bytes: bytes)
      let weights = 2 * counts.activeParameters / (division.groups * division.pipeline)
      let gathered = Double(counts.layers) * seconds(traffic.gather, bytes: weights / Double(counts.layers))
      time += traffic.gather.perByte > 0 ? min(reductions, gathered) : reductions
    }
    if division.expert > 1 {
      let topK = Double(counts.expertGroups.map(\.topK).max() ?? 0)
      let each = seconds(traffic.exchange, bytes: bytes * topK * division.expert)
      time += 2 * Double(counts.expertLayers) * each
    }
    if division.pipeline > 1 { time += (division.pipeline - 1) * seconds(traffic.handOver, bytes: bytes) }
    return time
  }
}
