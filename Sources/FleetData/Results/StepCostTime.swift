import Foundation

extension StepCost {
  /// Seconds of one engine step; see `StepCost` for the formula.
  ///
  /// - Parameters: `decoding` sequences over `cachedTokens` in all; `prefilling` prompt tokens whose attention visits
  ///   `attentionPairs` (query, key) pairs.
  public func seconds(
    decoding: Int = 0, cachedTokens: Int = 0, prefilling: Int = 0, attentionPairs: Double = 0
  ) -> Double {
    seconds(
      meanDecoding: Double(decoding), cachedTokens: Double(cachedTokens), prefilling: Double(prefilling),
      attentionPairs: attentionPairs)
  }

  /// The same at mean, fractional loads, for analytic models of a busy engine.
  public func seconds(
    meanDecoding b: Double, cachedTokens: Double, prefilling p: Double, attentionPairs: Double
  ) -> Double {
    let compute =
      b * computePerSequence + p * computePerPrefillToken + attentionPairs * computePerAttentionPair
    let experts = expertRead == 0 ? 0 : expertRead * (1 - pow(expertMissShare, b + p))
    let memory = weightRead + experts + cachedTokens * kvReadPerToken + b * stateReadPerSequence
    let time = max(compute, memory) + overhead + b * overheadPerSequence + p * overheadPerPrefillToken
    return max(time, compute * computeFloorShare, memory * memoryFloorShare)
  }
}
