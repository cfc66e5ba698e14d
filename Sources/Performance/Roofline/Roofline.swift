import Quantities

/// A machine as two numbers: FLOP/s and bytes/s. A chip, a slice, or a chip fed over PCIe.
///
/// - Source: jax-ml/scaling-book, roofline chapter.
public struct Roofline: Sendable, Hashable {
  public var peak: FLOPsPerSecond
  public var bandwidth: BytesPerSecond

  public init(peak: FLOPsPerSecond, bandwidth: BytesPerSecond) {
    self.peak = peak
    self.bandwidth = bandwidth
  }

  /// `chips` such machines that share the work perfectly.
  public func times(_ chips: Double) -> Roofline {
    Roofline(peak: peak * chips, bandwidth: bandwidth * chips)
  }

  /// FLOPs per byte at which both limits are met.
  public var intensity: Double { peak.value / bandwidth.value }

  /// The least time of an operation: the longer of computing and moving.
  public func time(_ work: FLOPs, moving bytes: Bytes) -> Seconds { max(work / peak, bytes / bandwidth) }

  /// The most time of an operation: computing and moving in turn.
  public func upperBound(_ work: FLOPs, moving bytes: Bytes) -> Seconds { work / peak + bytes / bandwidth }

  /// Tokens at which a matmul turns compute-bound when its weights dominate the traffic: C·w / (2·W).
  public func criticalTokens(weightBytes: Double) -> Double { intensity * weightBytes / 2 }

  /// The same for k of E experts: each expert's weights serve k/E of the tokens.
  public static func criticalTokens(dense: Double, experts: Int, topK: Int) -> Double {
    dense * Double(experts) / Double(topK)
  }

  /// The exact crossover of a K×N matmul, all operands counted: (K·N·w/W) / (2·K·N/C − (K + N)·a/W).
  ///
  /// - Parameters: `weightBytes` w and `activationBytes` a per element; both activations are read or written once.
  /// - Returns: infinity when the activations alone keep it memory-bound.
  public func criticalTokens(
    inner: Double, outer: Double, weightBytes: Double = 1, activationBytes: Double = 1
  ) -> Double {
    let perToken = 2 * inner * outer / peak.value - (inner + outer) * activationBytes / bandwidth.value
    return perToken > 0 ? inner * outer * weightBytes / bandwidth.value / perToken : .infinity
  }

  /// A matmul [B, K]·[K, N] with operands and result of one element size.
  public func matmul(tokens: Double, inner: Double, outer: Double, elementBytes: Double = 2) -> Seconds {
    let elements = tokens * inner + inner * outer + tokens * outer
    return time(FLOPs(2 * tokens * inner * outer), moving: Bytes(elements * elementBytes))
  }

  /// An element-wise operation that touches `operands` arrays of `count` elements.
  public func elementwise(count: Double, operands: Double, elementBytes: Double) -> Seconds {
    Bytes(count * operands * elementBytes) / bandwidth
  }
}

/// FLOPs per byte of attention against its KV cache: S·G/(S + G) for one query token with G query heads per KV head.
public func decodeAttentionIntensity(context: Double, group: Double) -> Double {
  context * group / (context + group)
}

/// FLOPs per byte of attention over a whole prompt of T tokens: T·G/(G + 1).
public func prefillAttentionIntensity(tokens: Double, group: Double) -> Double {
  tokens * group / (group + 1)
}
