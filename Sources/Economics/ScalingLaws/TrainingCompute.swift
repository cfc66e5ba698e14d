import Foundation
import Quantities

/// What training takes: FLOPs, chip-hours, dollars.
public enum TrainingCompute {
  /// `C = 6·N·D`: 2 forward and 4 backward FLOPs per parameter and token; N = active parameters of a mixture.
  public static func flops(parameters n: Double, tokens d: Double) throws(EconomicsError) -> FLOPs {
    try require(n, .atLeastOne, "parameters")
    try require(d, .atLeastOne, "training tokens")
    return FLOPs(6 * n * d)
  }

  /// `C = 6·r·N²` at r tokens per parameter: twice the size costs four times as much.
  public static func flops(parameters n: Double, tokensPerParameter r: Double) throws(EconomicsError)
    -> FLOPs
  {
    try require(r, .positive, "tokens per parameter")
    return try flops(parameters: n, tokens: r * n)
  }

  /// Attention FLOPs of one trained token, forward and backward: `12·L·H·h·T`, half of it when the causal half is
  /// skipped. L layers, H·h attention width, T context.
  ///
  /// - Source: the MFU convention of PaLM, arXiv:2204.02311, appendix B.
  public static func attentionFLOPsPerToken(
    layers: Double, attentionWidth: Double, context: Double, causalHalf: Bool
  ) throws(EconomicsError) -> FLOPs {
    try require(layers, .nonNegative, "layers")
    try require(attentionWidth, .nonNegative, "heads × head size")
    try require(context, .nonNegative, "context in tokens")
    return FLOPs(12 * layers * attentionWidth * context * (causalHalf ? 0.5 : 1))
  }

  /// Chip time of a run: `C / (peak × MFU × goodput)`, in chip-seconds.
  ///
  /// - Parameters:
  ///   - mfu: model FLOPs over peak while the job runs.
  ///   - goodput: share of the time it runs, after failures and checkpoints.
  public static func chipSeconds(
    _ work: FLOPs, peak: FLOPsPerSecond, mfu: Double, goodput: Double = 1
  ) throws(EconomicsError) -> Seconds {
    try require(work.value, .nonNegative, "training FLOPs")
    try require(peak.value, .positive, "peak FLOP/s")
    try require(mfu, .positiveShare, "MFU")
    try require(goodput, .positiveShare, "goodput")
    return work / peak / (mfu * goodput)
  }

  /// Model FLOPs over what the chips could have done.
  public static func mfu(_ work: FLOPs, chipTime: Seconds, peak: FLOPsPerSecond) throws(EconomicsError)
    -> Double
  {
    try require(chipTime.value, .positive, "chip-seconds")
    try require(peak.value, .positive, "peak FLOP/s")
    let mfu = work / peak / chipTime
    try require(mfu, .share, "MFU")
    return mfu
  }

  /// Rent of chips: chip time × price.
  public static func cost(chipTime: Seconds, usdPerChipHour: Double) throws(EconomicsError) -> USD {
    try require(chipTime.value, .nonNegative, "chip-seconds")
    try require(usdPerChipHour, .nonNegative, "price per chip-hour in dollars")
    return USD(chipTime / .hour * usdPerChipHour)
  }

  /// What tokens are worth when unique data run out: `D' = U + U·R*·(1 − e^{−R/R*})` for R repeats of U unique tokens.
  ///
  /// - Parameter decay: R*, about 15.4; up to four epochs count almost as new data.
  /// - Source: Muennighoff et al. 2023, arXiv:2305.16264.
  public static func effectiveTokens(unique: Double, seen: Double, decay: Double = 15.4)
    throws(EconomicsError) -> Double
  {
    try require(unique, .atLeastOne, "unique training tokens")
    try require(decay, .positive, "repetition decay")
    guard seen > unique else { return seen }
    let repeats = seen / unique - 1
    return unique + unique * decay * (1 - exp(-repeats / decay))
  }
}
