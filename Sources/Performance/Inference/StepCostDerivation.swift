import FleetData
import Foundation
import Quantities

extension InferenceModel {
  /// Coefficients of `StepCost` for this instance: the terms of `DecodeLoad` and `PrefillLoad`, one by one.
  ///
  /// Agrees with `decodeTime` to 1 % where routed experts share one shape and windows one span. Prefill agrees to 6 %
  /// where prompts divide evenly over the groups and are long beside the windows; a chunk is taken to pass the
  /// pipeline's stages alone, and collectives grow as from none to a usual chunk.
  public var stepCost: StepCost {
    let shares = efficiency.constants
    let matmulRate = rates.chips * rates.peak * matmulShare
    let fixed = collectives(tokens: 0) + partialAttention(tokens: 0)
    let perToken = (collectives(tokens: StepCost.usualChunk) - collectives(tokens: 0)) / StepCost.usualChunk
    let stages = division.bubble(microbatches: 1)
    let prefillFLOPs = 2 * (counts.activeParameters - counts.logitParameters) + counts.stateFLOPsPerToken
    let perPrefillToken = stages * prefillFLOPs / matmulRate
    let attentionRate = rates.chips * rates.peak * shares.attention / stages
    let (experts, caches) = (expertReads, cacheReads)
    return StepCost(
      computePerSequence: (2 * counts.activeParameters + counts.stateFLOPsPerToken) * division.sequence
        / matmulRate,
      computePerPrefillToken: perPrefillToken,
      computePerPrefill: perPrefillToken * shares.rampTokens * rates.chips,
      computePerAttentionPair: fullAttention.reduce(0) { $0 + $1.pairFLOPs } / attentionRate,
      weightRead: counts.alwaysRead * weights.bytesPerElement / (division.tensor * chipBandwidth),
      expertRead: experts.seconds, expertMissShare: experts.missShare, kvReadPerToken: caches.full,
      windowReadPerToken: caches.windowed, windowTokens: caches.window, stateReadPerSequence: caches.state,
      groups: division.groups, cacheSplitSequences: division.cacheSplitSequences,
      overhead: stepOverhead + fixed, overheadPerSequence: perToken + sequenceOverhead,
      overheadPerPrefillToken: perToken + windowedPrefillFLOPs / attentionRate,
      computeFloorShare: min(matmulShare, shares.attention) / stages,
      memoryFloorShare: shares.bandwidth * min(1, division.tensor / rates.chips) / caches.copies)
  }

  private var chipBandwidth: Double { rates.bandwidth * efficiency.constants.bandwidth }

  private var fullAttention: [ModelCounts.AttentionGroup] { counts.attentionGroups.filter { $0.span == nil } }

  private var windowedAttention: [ModelCounts.AttentionGroup] {
    counts.attentionGroups.filter { $0.span != nil }
  }

  /// Seconds to read all routed experts, and the share of them that one more token of the step leaves untouched.
  private var expertReads: (seconds: Double, missShare: Double) {
    guard let group = counts.expertGroups.first else { return (0, 0) }
    let bytes = counts.expertParameters * weights.bytesPerElement
    let miss = 1 - Double(group.topK) / Double(group.count)
    return (
      bytes / (division.tensor * division.expert * chipBandwidth),
      pow(miss, division.expert / division.groups)
    )
  }

  private struct CacheReads {
    /// Seconds per cached token in layers that see all, per token in windows, and per sequence of state.
    var full, windowed, state: Double
    var window, copies: Double
  }

  /// Where many heads share one latent, multiplying by the cache may take longer than reading it.
  private var cacheReads: CacheReads {
    let copies = division.cacheCopies(sequences: 1 << 20)
    let readRate = rates.chips * chipBandwidth / copies
    let multiplyRate = rates.chips * rates.peak * matmulShare
    func seconds(_ groups: [ModelCounts.AttentionGroup]) -> Double {
      let elements = groups.reduce(0) { $0 + $1.kvElements }
      let flops = groups.reduce(0) { $0 + $1.decodePairFLOPs }
      return max(elements * kv.bytesPerElement / readRate, flops / multiplyRate)
    }
    let windowed = windowedAttention
    let elements = windowed.reduce(0) { $0 + $1.kvElements }
    let held = windowed.reduce(0) { $0 + $1.kvElements * Double($1.span ?? 0) }
    return CacheReads(
      full: seconds(fullAttention), windowed: seconds(windowed), state: counts.stateBytes.value / readRate,
      window: elements > 0 ? held / elements : 0, copies: copies)
  }

  /// FLOPs of windowed attention per prompt token, over a prompt as long as the window or a usual chunk.
  private var windowedPrefillFLOPs: Double {
    windowedAttention.reduce(0) {
      let span = $1.span ?? 0
      let tokens = max(span, Int(StepCost.usualChunk))
      return $0 + $1.pairFLOPs * ModelCounts.pairs(tokens: tokens, cached: 0, span: span) / Double(tokens)
    }
  }
}
