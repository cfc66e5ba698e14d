import Foundation

/// Closed forms of what serving costs at least.
public enum TokenFloors {
  /// The batch at which reading weights and multiplying by them take the same time: `b* = p·C/(2·B)`.
  ///
  /// Beyond it a larger batch only waits; add instances instead.
  public static func criticalBatch(
    bytesPerParameter p: Double, peakFLOPs c: Double, hbmBytesPerSecond b: Double
  ) throws(EconomicsError) -> Double {
    try require(p, .positive, "bytes per parameter")
    try require(c, .positive, "peak FLOP/s")
    try require(b, .positive, "HBM bandwidth in bytes per second")
    return p * c / (2 * b)
  }

  /// Dollars per million output tokens for reading the KV cache alone, which no batch shares:
  /// `bytes per token × context × 1e6 / bandwidth × price / 3600`.
  public static func kvReadUSDPerMillion(
    kvBytesPerToken: Double, context: Double, hbmBytesPerSecond: Double, usdPerChipHour: Double
  ) throws(EconomicsError) -> Double {
    try require(kvBytesPerToken, .nonNegative, "KV bytes per token")
    try require(context, .nonNegative, "context in tokens")
    try require(hbmBytesPerSecond, .positive, "HBM bandwidth in bytes per second")
    try require(usdPerChipHour, .nonNegative, "price per chip-hour in dollars")
    return kvBytesPerToken * context * 1e6 / hbmBytesPerSecond * usdPerChipHour / 3600
  }

  /// Dollars per million tokens for the multiplications alone: `2N·1e6/(C·u)·price/3600`, the floor of prefill.
  public static func computeUSDPerMillion(
    parameters n: Double, peakFLOPs: Double, utilization: Double, usdPerChipHour: Double
  ) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    let perFLOP = try usdPerFLOP(
      usdPerChipHour: usdPerChipHour, peak: peakFLOPs, utilization: utilization)
    return 2 * n * 1e6 * perFLOP
  }

  /// Seconds per token when a draft proposes γ tokens and each is accepted with probability a:
  /// `t = (1−a)(t_target + γ·t_draft)/(1−a^γ)`.
  ///
  /// - Source: Erdil 2025, arXiv:2506.04645, equation 46, which counts (1−a^γ)/(1−a) tokens per round.
  public static func speculativeSeconds(
    acceptance a: Double, draftTokens gamma: Double, targetSeconds: Double, draftSeconds: Double
  ) throws(EconomicsError) -> Double {
    try require(a, .share, "acceptance probability")
    try require(gamma, .atLeastOne, "drafted tokens")
    try require(targetSeconds, .positive, "target step in seconds")
    try require(draftSeconds, .nonNegative, "draft step in seconds")
    let tokens = a == 1 ? gamma : (1 - pow(a, gamma)) / (1 - a)
    return (targetSeconds + gamma * draftSeconds) / tokens
  }

  /// Arithmetic intensity that decode attention cannot pass, in FLOPs per byte: `2g/p` for g query heads per KV head.
  public static func decodeIntensityCap(queriesPerKVHead g: Double, bytesPerElement p: Double)
    throws(EconomicsError) -> Double
  {
    try require(g, .atLeastOne, "query heads per KV head")
    try require(p, .positive, "bytes per element")
    return 2 * g / p
  }
}
