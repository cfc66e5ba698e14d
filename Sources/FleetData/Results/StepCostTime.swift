import Foundation

extension StepCost {
  /// Prompt tokens of a usual chunk of continuous batching.
  public static let usualChunk = 2048.0

  /// Seconds of one engine step; see `StepCost` for the formula.
  ///
  /// - Parameters: `decoding` sequences over `cachedTokens` in all; `prefilling` prompt tokens whose attention visits
  ///   `attentionPairs` (query, key) pairs; `candidates` tokens that each decoded sequence passes through the model at
  ///   once, more than 1 when drafts are verified.
  public func seconds(
    decoding: Int = 0, cachedTokens: Int = 0, prefilling: Int = 0, attentionPairs: Double = 0,
    candidates: Int = 1
  ) -> Double {
    seconds(
      meanDecoding: Double(decoding), cachedTokens: Double(cachedTokens), prefilling: Double(prefilling),
      attentionPairs: attentionPairs, candidates: Double(candidates))
  }

  /// The same at mean, fractional loads, for analytic models of a busy engine.
  public func seconds(
    meanDecoding b: Double, cachedTokens: Double, prefilling p: Double, attentionPairs: Double,
    candidates: Double = 1
  ) -> Double {
    let matmul = max(
      matmulSeconds(decoding: b, prefilling: p, candidates: candidates),
      weightSeconds(tokens: b * candidates + p))
    return matmul + cacheSeconds(decoding: b, cachedTokens: cachedTokens)
      + attentionPairs * computePerAttentionPair + overhead + b * candidates * overheadPerSequence
      + p * overheadPerPrefillToken
  }

  /// Seconds of a step's matmuls at the rate the chip's matrix units reach.
  public func matmulSeconds(decoding b: Double, prefilling p: Double = 0, candidates: Double = 1) -> Double {
    filled(b) * candidates * computePerSequence + (p > 0 ? p * computePerPrefillToken + computePerPrefill : 0)
  }

  /// Seconds to read the weights that `tokens` tokens touch.
  public func weightSeconds(tokens: Double) -> Double {
    weightRead + (expertRead == 0 ? 0 : expertRead * (1 - pow(expertMissShare, tokens)))
  }

  /// Seconds of the attention of `b` decoded sequences over `cachedTokens` tokens in all.
  public func cacheSeconds(decoding b: Double, cachedTokens: Double) -> Double {
    let inWindows = min(cachedTokens, b * windowTokens)
    let read =
      cachedTokens * kvReadPerToken + inWindows * windowReadPerToken + b * stateReadPerSequence
    return b > 0 ? read * max(filled(b), cacheSplitSequences) / b : read
  }

  /// Seconds of a prompt's prefill in usual chunks, weights read beside other work: I·(q + h/2048 + z) + I²/2·u.
  public func promptSeconds(tokens i: Double) -> Double {
    i * (computePerPrefillToken + computePerPrefill / Self.usualChunk + overheadPerPrefillToken)
      + i * i / 2 * computePerAttentionPair
  }

  /// Seconds that physics asks of a step: its FLOPs at peak, its bytes at full bandwidth.
  public func floorSeconds(
    decoding b: Double, cachedTokens k: Double, prefilling p: Double, attentionPairs: Double
  ) -> Double {
    let compute =
      b * computePerSequence + p * computePerPrefillToken + attentionPairs * computePerAttentionPair
    let memory =
      weightSeconds(tokens: b + p) + k * kvReadPerToken + min(k, b * windowTokens) * windowReadPerToken
      + b * stateReadPerSequence
    return max(compute * computeFloorShare, memory * memoryFloorShare)
  }

  /// B: the sequences that G groups as full as the fullest would hold; a mean load between whole sequences lies
  /// (G − 1)/2 below that on average.
  private func filled(_ b: Double) -> Double {
    guard groups > 1, b > 0 else { return b }
    if b == b.rounded() { return (b / groups).rounded(.up) * groups }
    return max(groups, b + (groups - 1) / 2)
  }
}
