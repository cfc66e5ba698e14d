import Quantities

/// The limits of the batching scheduler that runs on every replica.
public struct SchedulerLimits: Sendable, Hashable {
  /// What happens to the latest sequence when the KV cache overflows.
  public enum Preemption: Sendable, Hashable {
    /// Its cache is dropped and computed again from prompt and answer so far.
    case recompute
    /// Its cache moves to host memory and back at this bandwidth; the step in between waits for it.
    case swap(BytesPerSecond)
  }

  /// The most sequences in one batch; the profile's own limit holds besides.
  public var maxBatch: Int
  /// The most tokens in one step, decoded and prefilled together.
  public var chunkTokens: Int
  /// KV cache is handed out in blocks of this many tokens; a sequence may waste all but one token of its last.
  public var kvBlockTokens: Int
  /// The share of the KV cache that admissions leave free, so that running sequences can grow.
  public var watermark: Double
  public var preemption: Preemption

  public init(
    maxBatch: Int = 256, chunkTokens: Int = 2048, kvBlockTokens: Int = 16, watermark: Double = 0.01,
    preemption: Preemption = .recompute
  ) {
    self.maxBatch = maxBatch
    self.chunkTokens = chunkTokens
    self.kvBlockTokens = kvBlockTokens
    self.watermark = watermark
    self.preemption = preemption
  }
}
