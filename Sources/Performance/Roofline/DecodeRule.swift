import Foundation
import Quantities

/// Decode by the rule of thumb: attention is always memory-bound, the rest is the greater of its two limits.
///
///     t = B·KV / W + max(2·B·P / C, P·w / W)
///
/// - Source: jax-ml/scaling-book, inference and applied-inference chapters.
public struct DecodeRule: Sendable, Hashable {
  /// The whole slice.
  public var slice: Roofline
  /// P: parameters multiplied per token, and the bytes they are read as.
  public var parameters: Double
  public var weightBytes: Bytes
  /// KV cache of one sequence.
  public var kvBytes: Bytes

  public init(slice: Roofline, parameters: Double, weightBytes: Bytes, kvBytes: Bytes) {
    self.slice = slice
    self.parameters = parameters
    self.weightBytes = weightBytes
    self.kvBytes = kvBytes
  }

  public func step(batch: Double) -> Seconds {
    kvBytes * batch / slice.bandwidth
      + slice.time(FLOPs(2 * batch * parameters), moving: weightBytes)
  }

  public func throughput(batch: Double) -> TokensPerSecond { Tokens(batch) / step(batch: batch) }

  /// Prefill of `tokens` tokens: 2·P·T / (C·MFU).
  public func prefill(tokens: Double, mfu: Double) -> Seconds {
    FLOPs(2 * parameters * tokens) / (slice.peak * mfu)
  }

  /// Requests per second of `outputTokens` each, of a batch that steps in `step`.
  public static func requestRate(batch: Double, step: Seconds, outputTokens: Double) -> Double {
    batch / (step.value * outputTokens)
  }

  /// Prefill slices that keep one decode slice busy.
  public static func prefillSlices(
    prefill: Seconds, batch: Double, step: Seconds, outputTokens: Double
  ) -> Double {
    prefill.value * batch / (step.value * outputTokens)
  }

  /// β = W_hbm / W_ici: how much faster a chip reads its memory than its link.
  public static func memoryToLink(_ memory: BytesPerSecond, link: BytesPerSecond) -> Double { memory / link }

  /// Tensor ways beyond which decode waits for its activations: F/(B·β).
  public static func tensorWays(columns: Double, batch: Double, memoryToLink: Double) -> Double {
    columns / (batch * memoryToLink)
  }

  /// Communication of a layer cut two ways (weight-stationary in 2D): √128 · B·D / (√N · W), for F = 4D in bf16.
  public static func twoDimensionalExchange(
    batch: Double, width: Double, chips: Double, link: BytesPerSecond
  ) -> Seconds {
    Seconds(128.0.squareRoot() * batch * width / (chips.squareRoot() * link.value))
  }

  /// Chips beyond which 2D weight-stationary sharding beats 1D on three axes: 18·F/D.
  public static func twoDimensionalChips(widening: Double) -> Double { 32 * widening * 9 / 16 }
}

/// What fits where.
public enum MemoryRule {
  /// Bytes left of `chips` chips.
  public static func free(_ used: Bytes, chips: Double, perChip: Bytes) -> Bytes { perChip * chips - used }

  /// Chips whose memory holds `bytes`, as a share and not yet rounded up.
  public static func chips(for bytes: Bytes, perChip: Bytes) -> Double { bytes / perChip }

  /// The smallest power-of-two slice that holds `bytes`.
  public static func smallestSlice(for bytes: Bytes, perChip: Bytes) -> Int {
    var chips = 1
    while Double(chips) < Self.chips(for: bytes, perChip: perChip) { chips *= 2 }
    return chips
  }

  /// Sequences of `kvBytes` each beside the weights.
  public static func mostSequences(weights: Bytes, kvBytes: Bytes, chips: Double, perChip: Bytes) -> Int {
    Int((free(weights, chips: chips, perChip: perChip) / kvBytes).rounded(.down))
  }
}
