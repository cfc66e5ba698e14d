import FleetData
import Quantities

/// Decode and prefill steps of an instance.
extension InferenceModel {
  /// One decode step: every sequence gains one token.
  ///
  ///     t = max(2·B·P / (n·peak·share), weights touched / (t·BW·share)) + B·KV(S) / (n·BW·share) + collectives + overhead
  ///
  /// - Parameters: `batch` B sequences over the slice, each seeing `context` S tokens; `candidates` tokens of each pass
  ///   at once, which reads weights and caches no more often.
  /// - Throws: `exceedsHBM` when weights, caches and the runtime's reserve outgrow the slice.
  /// - Source: jax-ml/scaling-book, inference chapter, for the bound; the shares and overheads are fitted.
  public func decode(batch: Int, context: Int, candidates: Int = 1) throws(EstimateError) -> StepEstimate {
    let estimate = try decodeTime(batch: batch, context: context, candidates: candidates)
    guard estimate.memory.fits else { throw .exceedsHBM(estimate.memory) }
    return estimate
  }

  /// As `decode`, for slices that the batch may not fit: what the step would take if it did.
  public func decodeTime(
    batch: Int, context: Int, candidates: Int = 1
  ) throws(EstimateError) -> StepEstimate {
    guard batch >= 1 else { throw .invalid(what: "batch", value: batch) }
    guard context >= 1 else { throw .invalid(what: "context", value: context) }
    guard candidates >= 1 else { throw .invalid(what: "candidates", value: candidates) }
    let load = DecodeLoad(self, batch: batch, context: context, candidates: candidates)
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
  /// Seconds that compute and memory keep the chip busy: matmuls against weight reads, then attention against cache
  /// reads, each `max + unhidden · min`.
  func busy(_ compute: Double, _ hbm: Double, attention: (compute: Double, hbm: Double)) -> Double {
    let unhidden = efficiency.constants.unhidden ?? 0
    func stage(_ a: Double, _ b: Double) -> Double { max(a, b) + unhidden * min(a, b) }
    return stage(compute - attention.compute, hbm - attention.hbm)
      + stage(attention.compute, attention.hbm)
  }
}
