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
  /// Weights that FSDP gathers for each layer.
  var weightGather = Cost()
  /// Keys and values of the chunks of one sequence, gathered in prefill.
  var cacheGather = Cost()
  /// Attention over parts of one sequence's cache, summed in decode.
  var partialSum = Cost()

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
    weightGather = cost(.allGather, network[.fsdp])
    cacheGather = cost(.allGather, network[.sequence])
    partialSum = cost(.allReduce, network[.sequence])
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
  /// Seconds of one collective of `bytes` at the links' fitted share.
  private func seconds(_ cost: SliceTraffic.Cost, bytes: Double) -> Double {
    let shares = efficiency.constants
    return bytes * cost.perByte / shares.links + cost.latency + cost.calls * shares.collectiveSeconds
  }

  private var attentionLayers: Double { Double(counts.attentionGroups.reduce(0) { $0 + $1.layers }) }

  /// Decode over a cache split by sequence: every attention layer sums its partial outputs over the parts.
  func partialAttention(tokens: Double) -> Double {
    guard division.sequence > 1, isConnected else { return 0 }
    let bytes = tokens / division.groups * Double(counts.modelWidth) * 2 / division.tensor
    return attentionLayers * seconds(traffic.partialSum, bytes: bytes)
  }

  /// Prefill of prompts split by sequence: every attention layer gathers the other parts' keys and values.
  func cacheExchange(tokens: Double) -> Double {
    guard division.sequence > 1, isConnected, attentionLayers > 0 else { return 0 }
    let elements = counts.attentionGroups.reduce(0) { $0 + $1.kvElements } / attentionLayers
    let bytes = tokens / division.groups * elements * 2 / division.tensor
    return attentionLayers * seconds(traffic.cacheGather, bytes: bytes)
  }

  /// Seconds of communication of a pass over `tokens` tokens: tensor reductions, expert exchange, stage hand-over,
  /// and the gathering of weights that FSDP keeps in parts.
  func collectives(tokens: Double) -> Double {
    guard slice.chips > 1, isConnected else { return 0 }
    let bytes = tokens / division.groups * Double(counts.modelWidth) * 2
    var time = 0.0
    if division.tensor > 1 {
      let reductions = Double(counts.reductions) * seconds(traffic.reduction, bytes: bytes)
      let weights = 2 * counts.activeParameters / (division.groups * division.pipeline)
      let gathered = Double(counts.layers) * seconds(traffic.gather, bytes: weights / Double(counts.layers))
      time += traffic.gather.perByte > 0 ? min(reductions, gathered) : reductions
    }
    if division.expert > 1 {
      let topK = Double(counts.expertGroups.map(\.topK).max() ?? 0)
      let routed = tokens / division.groups * Double(counts.routedWidth) * 2
      let each = seconds(traffic.exchange, bytes: routed * topK * division.expert)
      time += 2 * Double(counts.expertLayers) * each
    }
    if division.fsdp > 1 {
      let held = weightReadBytesPerChip(tokens: tokens) / Double(counts.layers)
      time += Double(counts.layers) * seconds(traffic.weightGather, bytes: held)
    }
    if division.pipeline > 1 { time += (division.pipeline - 1) * seconds(traffic.handOver, bytes: bytes) }
    return time
  }
}
