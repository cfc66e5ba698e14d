import Quantities

/// What one step (prefill, decode or training) takes on one slice, and what bounds it.
public struct StepEstimate: Sendable, Hashable {
  public enum Bound: String, Codable, Sendable, Hashable { case compute, hbm, interconnect, overhead }

  public struct Breakdown: Sendable, Hashable {
    public var compute: Seconds
    public var hbm: Seconds
    public var interconnect: Seconds
    public var overhead: Seconds
    public init(compute: Seconds, hbm: Seconds, interconnect: Seconds, overhead: Seconds) {
      self.compute = compute
      self.hbm = hbm
      self.interconnect = interconnect
      self.overhead = overhead
    }
  }

  public struct Memory: Sendable, Hashable {
    public var weights: Bytes
    public var kvCache: Bytes
    /// Activations, optimizer state, gradients, buffers and the runtime's reserve.
    public var other: Bytes
    public var capacity: Bytes
    public var total: Bytes { weights + kvCache + other }
    public var fits: Bool { total <= capacity }
    public init(weights: Bytes, kvCache: Bytes, other: Bytes, capacity: Bytes) {
      self.weights = weights
      self.kvCache = kvCache
      self.other = other
      self.capacity = capacity
    }
  }

  /// Predicted time of the step, never below `lowerBound`.
  public var time: Seconds
  public var bound: Bound
  public var breakdown: Breakdown
  /// The physical floor: max(FLOPs / peak, bytes / bandwidth) over the slice, no communication, no overhead.
  public var lowerBound: Seconds
  /// Model FLOPs / (chips × peak × time).
  public var mfu: Double
  /// Work of the whole slice.
  public var flops: FLOPs
  public var hbmBytes: Bytes
  /// Memory of the whole slice.
  public var memory: Memory
  public var sharding: Sharding
  public var grade: Grade
  /// Half-width of the error band learned from residuals: 0.15 means ±15 % covers 80 % of what was measured.
  public var errorBand: Double?

  public init(
    time: Seconds, bound: Bound, breakdown: Breakdown, lowerBound: Seconds, mfu: Double, flops: FLOPs,
    hbmBytes: Bytes, memory: Memory, sharding: Sharding, grade: Grade, errorBand: Double? = nil
  ) {
    self.time = time
    self.bound = bound
    self.breakdown = breakdown
    self.lowerBound = lowerBound
    self.mfu = mfu
    self.flops = flops
    self.hbmBytes = hbmBytes
    self.memory = memory
    self.sharding = sharding
    self.grade = grade
    self.errorBand = errorBand
  }
}
