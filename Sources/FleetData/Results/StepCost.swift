/// Time of one engine step that decodes b sequences over k cached tokens and prefills p prompt tokens whose
/// attention visits a token pairs:
///
///     t = max(B·d + p·q + [p > 0]·h, w + e·(1 − s^(b+p))) + κ·(k·r + min(k, b·W)·m + b·v) + a·u + o + b·y + p·z
///     B = G·⌈b/G⌉ ,  κ = max(B, H)/b
///     floor = max((b·d + p·q + a·u)·f, (w + e·(1 − s^(b+p)) + k·r + min(k, b·W)·m + b·v)·g)      (f, g ≤ 1)
///
/// Matmuls hide behind the weights they read, or the weights behind them; attention reads each sequence's own cache,
/// which nothing else waits for, so its time adds.
/// - Shapes: all coefficients are seconds for the whole slice; `s`, `f`, `g` are ratios in 0…1; W is tokens, G and H
///   are sequences.
/// - Source: derived by `Performance` from the terms of its own estimates; see `InferenceModel.stepCost`.
public struct StepCost: Sendable, Hashable, Codable {
  /// d: seconds of matmul per decoded sequence.
  public var computePerSequence: Double
  /// q: seconds of matmul per prefilled token.
  public var computePerPrefillToken: Double
  /// h: seconds of matmul a step with prefill adds once: its fill of the matrix units.
  public var computePerPrefill: Double
  /// u: seconds of attention per (query, key) pair of prefill.
  public var computePerAttentionPair: Double
  /// w: seconds to read the weights every step touches.
  public var weightRead: Double
  /// e: seconds to read all routed experts; 0 for dense models.
  public var expertRead: Double
  /// s: the share of experts that one token leaves untouched, 1 − topK/experts; 0 for dense models.
  public var expertMissShare: Double
  /// r: seconds of attention over one cached token in the layers that see every token: reading its keys and values,
  /// or multiplying by them where that takes longer.
  public var kvReadPerToken: Double
  /// m: the same in the layers that see a window of W tokens.
  public var windowReadPerToken: Double
  /// W.
  public var windowTokens: Double
  /// v: seconds to read the recurrent state of one sequence.
  public var stateReadPerSequence: Double
  /// G: groups of chips that each decode sequences of their own; the fullest sets the pace.
  public var groups: Double
  /// H: sequences below which the chips cannot split the caches among them.
  public var cacheSplitSequences: Double
  /// o: seconds of overhead and collective latency per step.
  public var overhead: Double
  /// y: seconds of collectives and per-sequence work per decoded sequence.
  public var overheadPerSequence: Double
  /// z: seconds of collectives and windowed attention per prefilled token.
  public var overheadPerPrefillToken: Double
  /// f: the share of compute time that remains at the chip's peak.
  public var computeFloorShare: Double
  /// g: the share of memory time that remains at the chip's full bandwidth.
  public var memoryFloorShare: Double

  public init(
    computePerSequence: Double, computePerPrefillToken: Double, computePerPrefill: Double = 0,
    computePerAttentionPair: Double, weightRead: Double, expertRead: Double = 0, expertMissShare: Double = 0,
    kvReadPerToken: Double, windowReadPerToken: Double = 0, windowTokens: Double = 0,
    stateReadPerSequence: Double = 0, groups: Double = 1, cacheSplitSequences: Double = 1, overhead: Double,
    overheadPerSequence: Double = 0, overheadPerPrefillToken: Double = 0, computeFloorShare: Double = 1,
    memoryFloorShare: Double = 1
  ) {
    self.computePerSequence = computePerSequence
    self.computePerPrefillToken = computePerPrefillToken
    self.computePerPrefill = computePerPrefill
    self.computePerAttentionPair = computePerAttentionPair
    self.weightRead = weightRead
    self.expertRead = expertRead
    self.expertMissShare = expertMissShare
    self.kvReadPerToken = kvReadPerToken
    self.windowReadPerToken = windowReadPerToken
    self.windowTokens = windowTokens
    self.stateReadPerSequence = stateReadPerSequence
    self.groups = groups
    self.cacheSplitSequences = cacheSplitSequences
    self.overhead = overhead
    self.overheadPerSequence = overheadPerSequence
    self.overheadPerPrefillToken = overheadPerPrefillToken
    self.computeFloorShare = computeFloorShare
    self.memoryFloorShare = memoryFloorShare
  }
}
