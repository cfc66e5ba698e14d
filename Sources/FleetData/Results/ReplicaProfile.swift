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
