import FleetData
import Quantities

/// The terms of one decode step, in seconds.
struct DecodeLoad {
  var compute: Double
  var hbm: Double
  /// The part of `compute` and of `hbm` that is attention over the cache.
  var attention: (compute: Double, hbm: Double)
  var interconnect: Double
  var overhead: Double
  var flops: Double
  /// Bytes that physics requires: each touched weight and each cached token once.
  var bytes: Double

  /// - Parameter candidates: tokens of each sequence that pass at once, its last and the drafts to verify.
  init(_ m: InferenceModel, batch: Int, context: Int, candidates: Int = 1) {
    let (b, division, rates) = (Double(batch), m.division, m.rates)
    let tokens = b * Double(candidates)
    let uneven = division.imbalance(sequences: batch)
    flops = tokens * m.counts.decodeFLOPs(context: context).value
    let speed = rates.chips * rates.peak * m.matmulShare / uneven
    let multiplied = tokens * m.counts.attentionDecodeFLOPs(context: context)
    // Chips that split the cache of one sequence all multiply its one new token.
    compute = ((flops - multiplied) * division.sequence + multiplied) / speed
    let perSequence = m.counts.kvBytes(context: context, m.kv).value + m.counts.stateBytes.value
    bytes = m.counts.touchedParameters(tokens: tokens) * m.weights.bytesPerElement + b * perSequence
    let bandwidth = rates.bandwidth * m.efficiency.constants.bandwidth
    let cacheRead =
      b * uneven * perSequence * division.cacheCopies(sequences: batch) / (rates.chips * bandwidth)
    hbm = m.weightReadBytesPerChip(tokens: tokens) / bandwidth + cacheRead
    attention = (multiplied / speed, cacheRead)
    interconnect = m.collectives(tokens: tokens) + m.partialAttention(tokens: tokens)
    overhead = m.stepOverhead + tokens * m.sequenceOverhead
  }
}

/// The terms of one prefill, in seconds.
struct PrefillLoad {
  var compute: Double
  var hbm: Double
  /// The part of `compute` and of `hbm` that is attention over the cache.
  var attention: (compute: Double, hbm: Double)
  var interconnect: Double
  var overhead: Double
  var flops: Double
  var bytes: Double

  init(_ m: InferenceModel, batch: Int, inputTokens: Int, cached: Int) {
    let (b, division, rates, shares) = (Double(batch), m.division, m.rates, m.efficiency.constants)
    let tokens = b * Double(inputTokens)
    let pairs = b * m.counts.attentionFLOPs(tokens: inputTokens, cached: cached)
    flops = b * m.counts.prefillFLOPs(tokens: inputTokens, cached: cached).value
    let slice = rates.chips * rates.peak / division.imbalance(sequences: batch)
    let stages = division.bubble(microbatches: m.chunks(batch: batch, tokens: inputTokens))
    attention = (stages * pairs / (slice * shares.attention), 0)
    let ramp = 1 + shares.rampTokens * rates.chips / tokens
    compute = stages * ramp * (flops - pairs) / (slice * m.matmulShare) + attention.compute
    bytes = m.counts.touchedParameters(tokens: tokens) * m.weights.bytesPerElement
    hbm = m.weightReadBytesPerChip(tokens: tokens) / (rates.bandwidth * shares.bandwidth)
    interconnect = m.collectives(tokens: tokens / division.sequence) + m.cacheExchange(tokens: tokens)
    overhead = m.stepOverhead
  }
}

extension WorkDivision {
  /// Time of a pass over p stages in units of perfect division: (m + p − 1)/m for m microbatches.
  func bubble(microbatches: Double) -> Double { (microbatches + pipeline - 1) / microbatches }
}

extension InferenceModel {
  /// Microbatches a prefill is cut into for the pipeline: one per 2,048 tokens.
  func chunks(batch: Int, tokens: Int) -> Double {
    max(1, (Double(batch) * Double(tokens) / 2048).rounded(.up))
  }

  /// Weight bytes that one chip's share of a pass reads; stages of a pipeline read theirs one after another.
  func weightReadBytesPerChip(tokens: Double) -> Double {
    let always = counts.alwaysRead / division.tensor
    let routed = counts.expertGroups.reduce(0) {
      let seen = tokens / division.groups * division.expert
      return $0 + $1.parameters * ModelCounts.touchedShare(count: $1.count, topK: $1.topK, tokens: seen)
    }
    return (always + routed / (division.tensor * division.expert)) * weights.bytesPerElement
  }

  /// Seconds of a step that no work explains: host, launches, routing.
  var stepOverhead: Double {
    let shares = efficiency.constants
    return shares.stepSeconds + Double(counts.layers) * shares.layerSeconds
      + Double(counts.expertLayers) * shares.expertLayerSeconds
  }

  /// Seconds each decoded sequence adds beside matmuls and cache reads: activation traffic, per group of chips.
  var sequenceOverhead: Double {
    let shares = efficiency.constants
    let pass = 2 * Double(counts.modelWidth) / rates.bandwidth
    let layer = Double(counts.layers) * (shares.sequenceSeconds + pass * shares.traffic)
    let visits = Double(counts.expertLayers * (counts.expertGroups.map(\.topK).max() ?? 0))
    let routed = 2 * Double(counts.routedWidth) / rates.bandwidth
    return (layer + visits * routed * shares.expertTraffic) / division.groups
  }
}
