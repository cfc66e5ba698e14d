import FleetData
import Quantities

/// Decode and prefill steps of an instance.
extension InferenceModel {
  /// One decode step: every sequence gains one token.
  ///
  ///     t = max(FLOPs / (n·peak·share), weights touched / (t·BW·share) + B·KV(S) / (n·BW·share)) + collectives + overhead
  ///
  /// - Parameters: `batch` B sequences over the slice, each seeing `context` S tokens.
  /// - Throws: `exceedsHBM` when weights, caches and the runtime's reserve outgrow the slice.
  /// - Source: jax-ml/scaling-book, inference chapter, for the bound; the shares and overheads are fitted.
  public func decode(batch: Int, context: Int) throws(EstimateError) -> StepEstimate {
    let estimate = try decodeTime(batch: batch, context: context)
    guard estimate.memory.fits else { throw .exceedsHBM(estimate.memory) }
    return estimate
  }

  /// As `decode`, for slices that the batch may not fit: what the step would take if it did.
  public func decodeTime(batch: Int, context: Int) throws(EstimateError) -> StepEstimate {
    guard batch >= 1 else { throw .invalid(what: "batch", value: batch) }
    guard context >= 1 else { throw .invalid(what: "context", value: context) }
    let load = DecodeLoad(self, batch: batch, context: context)
    return assemble(
      busy: busy(load.compute, load.hbm, attention: load.attention), compute: load.compute, hbm: load.hbm,
      interconnect: load.interconnect, overhead: load.overhead,
      flops: load.flops, bytes: load.bytes, memory: memory(sequences: batch, context: context),
      band: efficiency.decodeBand)
  }

  /// Prefill of `batch` prompts of `inputTokens` new tokens each, after `cached` tokens they share with the cache.
  public func prefill(batch: Int, inputTokens: Int, cached: Int = 0) throws(EstimateError) -> StepEstimate {
    let estimate = try prefillTime(batch: batch, inputTokens: inputTokens, cached: cached)
    guard estimate.memory.fits else { throw .exceedsHBM(estimate.memory) }
    return estimate
  }

  /// As `prefill`, for slices that the caches may not fit.
  public func prefillTime(batch: Int, inputTokens: Int, cached: Int = 0) throws(EstimateError) -> StepEstimate
  {
    guard batch >= 1 else { throw .invalid(what: "batch", value: batch) }
    guard inputTokens >= 1 else { throw .invalid(what: "input tokens", value: inputTokens) }
    let load = PrefillLoad(self, batch: batch, inputTokens: inputTokens, cached: cached)
    return assemble(
      busy: busy(load.compute, load.hbm, attention: load.attention), compute: load.compute, hbm: load.hbm,
      interconnect: load.interconnect, overhead: load.overhead,
      flops: load.flops, bytes: load.bytes, memory: memory(sequences: batch, context: cached + inputTokens),
      band: efficiency.prefillBand)
  }

  private func assemble(
    busy: Double, compute: Double, hbm: Double, interconnect: Double, overhead: Double, flops: Double,
    bytes: Double, memory: StepEstimate.Memory, band: Double?
  ) -> StepEstimate {
    let floor = max(flops / (rates.chips * rates.peak), bytes / (rates.chips * rates.bandwidth))
    let time = max(floor, busy + interconnect + overhead)
    let terms: [(Double, StepEstimate.Bound)] = [
      (compute, .compute), (hbm, .hbm), (interconnect, .interconnect), (overhead, .overhead),
    ]
    let bound = terms.dropFirst().reduce(terms[0]) { $1.0 > $0.0 ? $1 : $0 }.1
    return StepEstimate(
      time: Seconds(time), bound: bound,
      breakdown: .init(
        compute: Seconds(compute), hbm: Seconds(hbm), interconnect: Seconds(interconnect),
        overhead: Seconds(overhead)),
      lowerBound: Seconds(floor), mfu: flops / (rates.chips * rates.peak * time), flops: FLOPs(flops),
      hbmBytes: Bytes(bytes), memory: memory, sharding: sharding,
      grade: efficiency.rows > 0 ? .derived : .assumed, errorBand: band)
  }
}

extension InferenceModel {
  /// Seconds that compute and memory keep the chip busy: the longer hides the other over the whole step, or, where
  /// the chip says how much stays unhidden, `max + unhidden · min` of the matmuls and then of attention.
  func busy(_ compute: Double, _ hbm: Double, attention: (compute: Double, hbm: Double)) -> Double {
    guard let unhidden = efficiency.constants.unhidden else { return max(compute, hbm) }
    func stage(_ a: Double, _ b: Double) -> Double { max(a, b) + unhidden * min(a, b) }
    return stage(compute - attention.compute, hbm - attention.hbm)
      + stage(attention.compute, attention.hbm)
  }
}

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

  init(_ m: InferenceModel, batch: Int, context: Int) {
    let (b, division, rates, shares) = (Double(batch), m.division, m.rates, m.efficiency.constants)
    let uneven = division.imbalance(sequences: batch)
    flops = b * m.counts.decodeFLOPs(context: context).value
    compute = flops * uneven / (rates.chips * rates.peak * shares.matmul)
    let perSequence = m.counts.kvBytes(context: context, m.kv).value + m.counts.stateBytes.value
    bytes = m.counts.touchedParameters(tokens: b) * m.weights.bytesPerElement + b * perSequence
    let bandwidth = rates.bandwidth * shares.bandwidth
    let cacheRead =
      b * uneven * perSequence * division.cacheCopies(sequences: batch) / (rates.chips * bandwidth)
    hbm = m.weightReadBytesPerChip(tokens: b) / bandwidth + cacheRead
    let pairs = m.counts.attentionDecodeFLOPs(context: context)
    attention = (b * pairs * uneven / (rates.chips * rates.peak * shares.matmul), cacheRead)
    let layers = Double(m.counts.layers)
    interconnect = m.collectives(tokens: b)
    overhead =
      shares.stepSeconds + layers * (shares.layerSeconds + b / division.groups * shares.sequenceSeconds)
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
    let uneven = division.imbalance(sequences: batch)
    let pairs = b * m.counts.attentionFLOPs(tokens: inputTokens, cached: cached)
    flops = b * m.counts.prefillFLOPs(tokens: inputTokens, cached: cached).value
    let slice = rates.chips * rates.peak / uneven
    let stages = division.bubble(microbatches: m.chunks(batch: batch, tokens: inputTokens))
    attention = (stages * pairs / (slice * shares.attention), 0)
    compute = stages * (flops - pairs) / (slice * shares.matmul) + attention.compute
    let tokens = b * Double(inputTokens)
    bytes = m.counts.touchedParameters(tokens: tokens) * m.weights.bytesPerElement
    hbm = m.weightReadBytesPerChip(tokens: tokens) / (rates.bandwidth * shares.bandwidth)
    let layers = Double(m.counts.layers)
    interconnect = m.collectives(tokens: tokens)
    overhead =
      shares.stepSeconds + layers * (shares.layerSeconds + b / division.groups * shares.sequenceSeconds)
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

  /// Seconds of communication of a pass over `tokens` tokens: tensor reductions, expert exchange, stage hand-over.
  ///
  ///     2·(t−1)/t · bytes/W per reduction, 2·k·bytes/(e·W) per exchange, plus a fixed cost each.
  func collectives(tokens: Double) -> Double {
    guard slice.chips > 1, let link = chipLinkBandwidth(chip, slice: slice) else { return 0 }
    let shares = efficiency.constants
    let bandwidth = link * shares.links
    let bytes = tokens / division.groups * Double(counts.modelWidth) * 2
    var time = 0.0
    if division.tensor > 1 {
      let each = 2 * (division.tensor - 1) / division.tensor * bytes / bandwidth + shares.collectiveSeconds
      time += Double(counts.reductions) * each
    }
    if division.expert > 1 {
      let topK = Double(counts.expertGroups.map(\.topK).max() ?? 0)
      let each = bytes * min(topK, division.expert) / bandwidth + shares.collectiveSeconds
      time += 2 * Double(counts.expertLayers) * each
    }
    if division.pipeline > 1 {
      time += (division.pipeline - 1) * (bytes / bandwidth + shares.collectiveSeconds)
    }
    return time
  }
}

/// Bytes per second one chip can send into its slice, all links together; `nil` when it has none.
func chipLinkBandwidth(_ chip: ChipSpec, slice: SliceTopology) -> Double? {
  switch chip.interconnect {
  case .torus(let links):
    let axes = slice.axes.filter { $0 > 1 }.count
    return links.linkOneWay.value.value * Double(max(1, axes))
  case .switched(let links):
    if slice.chips <= links.domainChips { return links.perChipOneWay?.value.value }
    return links.scaleOutPerChipOneWay?.value.value ?? chip.hostBandwidth?.value.value ?? 25e9
  case .none: return nil
  }
}
