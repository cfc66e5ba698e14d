import Foundation
import Quantities

/// When a sharding of training turns from compute-bound to communication-bound.
///
/// α = C/W: FLOPs a chip does in the time its link moves a byte. M counts mesh axes, F the FFN's width.
///
/// - Source: jax-ml/scaling-book, training and gpus chapters. The mixed limit exists in two forms because its editions
///   assume different overlap; both are here by name.
public struct TrainingLimits: Sendable, Hashable {
  /// α.
  public var intensity: Double

  public init(intensity: Double) { self.intensity = intensity }

  public init(peak: FLOPsPerSecond, link: BytesPerSecond) { intensity = peak.value / link.value }

  /// Tokens per chip below which data parallelism and FSDP wait for their collectives: α/M.
  public func dataParallelTokens(axes: Double = 1) -> Double { intensity / axes }

  /// The same for X replicas, few enough that (X − 1)/X matters.
  public func dataParallelTokens(replicas: Double) -> Double { intensity * (replicas - 1) / replicas }

  /// The same for k of E experts: E/k times as many, since each expert's gradients need their own tokens.
  public static func dataParallelTokens(dense: Double, experts: Int, topK: Int) -> Double {
    dense * Double(experts) / Double(topK)
  }

  /// Ways of tensor parallelism beyond which activations take longer than matmuls: M·F/α.
  public func tensorWays(columns: Double, axes: Double = 1) -> Double { axes * columns / intensity }

  /// Tokens per chip that FSDP and tensor parallelism together need.
  ///
  ///     overlapped: α²/(M_x·M_y·F)     the two collectives share the time of the matmuls
  ///     sum:        4·α²/(M_x·M_y·F)   they take turns
  public func mixedTokens(columns: Double, axesProduct: Double = 2, overlap: Overlap) -> Double {
    let overlapped = intensity * intensity / (axesProduct * columns)
    return overlap == .sum ? 4 * overlapped : overlapped
  }

  /// FSDP ways that balance the two collectives: √(B/F · M_x/M_y · N).
  public static func bestFSDPWays(
    tokens: Double, columns: Double, chips: Double, axisRatio: Double = 2
  ) -> Double {
    (tokens / columns * axisRatio * chips).squareRoot()
  }

  /// Chips that a batch feeds at `minimum` tokens each.
  public static func mostChips(tokens: Double, minimum: Double) -> Double { tokens / minimum }

  /// Width D above which multiplying shards and reducing beats gathering first, for batches beyond α: 2α.
  public var reduceFirstWidth: Double { 2 * intensity }

  /// Transfers on the path of one pass through a pipeline of s stages and m microbatches: m + s − 2.
  public static func pipelineHops(microbatches: Int, stages: Int) -> Int { microbatches + stages - 2 }
}

/// Time and work of whole training runs by the rule of thumb.
public enum TrainingRule {
  /// 6·P per token, 2·P more when every layer runs forward twice.
  public static func flops(parameters: Double, tokens: Double = 1, recompute: Recompute = .none) -> FLOPs {
    FLOPs((recompute == .full ? 8 : 6) * parameters * tokens)
  }

  /// F / (n·C·MFU).
  public static func time(_ work: FLOPs, chips: Double, peak: FLOPsPerSecond, mfu: Double = 1) -> Seconds {
    work / (peak * (chips * mfu))
  }

  /// Model FLOPs over what the chips could have done meanwhile.
  public static func mfu(_ work: FLOPs, chipSeconds: Seconds, peak: FLOPsPerSecond) -> Double {
    work.value / (chipSeconds.value * peak.value)
  }

  /// bf16 weights with fp32 Adam: 10 bytes a parameter.
  public static func stateBytes(parameters: Double, bytesPerParameter: Double = 10) -> Bytes {
    Bytes(parameters * bytesPerParameter)
  }

  /// Saved activations: `elements` per token and layer, of `elementBytes`.
  public static func activationBytes(
    tokens: Double, layers: Double, elements: Double, elementBytes: Double = 2
  ) -> Bytes {
    Bytes(tokens * layers * elements * elementBytes)
  }
}
