import Quantities

/// What one replica of one model on one slice can do: all the simulator and the placement need to know of it.
///
/// Price, power and time hang on the same thing: `chips` is the number of chips the step times were computed for.
public struct ReplicaProfile: Sendable, Hashable, Codable {
  public var model: String
  public var chip: String
  public var chips: Int
  public var slice: SliceTopology
  public var sharding: Sharding
  public var weights: Precision
  public var kv: Precision
  public var step: StepCost
  /// Tokens of KV cache that fit beside the weights and the runtime's reserve, over the whole slice.
  public var kvCapacityTokens: Int
  /// The most sequences a scheduler may run at once (state memory and the engine's own limit).
  public var maxSequences: Int
  public var weightBytes: Bytes
  /// Bytes of KV cache per cached token over the whole slice, for transfers and offload.
  public var kvBytesPerToken: Bytes
  public var grade: Grade

  public init(
    model: String, chip: String, chips: Int, slice: SliceTopology, sharding: Sharding, weights: Precision,
    kv: Precision, step: StepCost, kvCapacityTokens: Int, maxSequences: Int, weightBytes: Bytes,
    kvBytesPerToken: Bytes, grade: Grade
  ) {
    self.model = model
    self.chip = chip
    self.chips = chips
    self.slice = slice
    self.sharding = sharding
    self.weights = weights
    self.kv = kv
    self.step = step
    self.kvCapacityTokens = kvCapacityTokens
    self.maxSequences = maxSequences
    self.weightBytes = weightBytes
    self.kvBytesPerToken = kvBytesPerToken
    self.grade = grade
  }
}

/// Time of one engine step that decodes b sequences over k cached tokens and prefills p prompt tokens whose
/// attention visits a token pairs:
///
///     compute = (b·d + p·q + a·u) ;  memory = w + e·(1 − s^(b+p)) + k·r + b·v
///     t = max(compute, memory) + o + b·y + p·z
///     floor = max(compute · f, memory · g)      (f, g ≤ 1: peak and full bandwidth)
///
/// - Shapes: all coefficients are seconds for the whole slice; `s` is a ratio in 0…1.
/// - Source: fitted by `Performance` to its own step estimates; see `ReplicaProfile`.
public struct StepCost: Sendable, Hashable, Codable {
  /// d: seconds of compute per decoded sequence.
  public var computePerSequence: Double
  /// q: seconds of compute per prefilled token.
  public var computePerPrefillToken: Double
  /// u: seconds of compute per (query, key) pair in prefill attention.
  public var computePerAttentionPair: Double
  /// w: seconds to read the weights every step touches.
  public var weightRead: Double
  /// e: seconds to read all routed experts; 0 for dense models.
  public var expertRead: Double
  /// s: the share of experts that one token leaves untouched, 1 − topK/experts; 0 for dense models.
  public var expertMissShare: Double
  /// r: seconds to read one cached token's keys and values.
  public var kvReadPerToken: Double
  /// v: seconds to read the per-sequence state (SSM state, saturated sliding windows).
  public var stateReadPerSequence: Double
  /// o: seconds of overhead and collective latency per step.
  public var overhead: Double
  /// y: seconds of collectives and per-sequence work per decoded sequence.
  public var overheadPerSequence: Double
  /// z: seconds of collectives per prefilled token.
  public var overheadPerPrefillToken: Double
  /// f: the share of `compute` that remains at the chip's peak.
  public var computeFloorShare: Double
  /// g: the share of `memory` that remains at the chip's full bandwidth.
  public var memoryFloorShare: Double

  public init(
    computePerSequence: Double, computePerPrefillToken: Double, computePerAttentionPair: Double,
    weightRead: Double, expertRead: Double = 0, expertMissShare: Double = 0, kvReadPerToken: Double,
    stateReadPerSequence: Double = 0, overhead: Double, overheadPerSequence: Double = 0,
    overheadPerPrefillToken: Double = 0, computeFloorShare: Double = 1, memoryFloorShare: Double = 1
  ) {
    self.computePerSequence = computePerSequence
    self.computePerPrefillToken = computePerPrefillToken
    self.computePerAttentionPair = computePerAttentionPair
    self.weightRead = weightRead
    self.expertRead = expertRead
    self.expertMissShare = expertMissShare
    self.kvReadPerToken = kvReadPerToken
    self.stateReadPerSequence = stateReadPerSequence
    self.overhead = overhead
    self.overheadPerSequence = overheadPerSequence
    self.overheadPerPrefillToken = overheadPerPrefillToken
    self.computeFloorShare = computeFloorShare
    self.memoryFloorShare = memoryFloorShare
  }
}
