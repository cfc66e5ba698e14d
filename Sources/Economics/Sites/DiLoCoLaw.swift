import Foundation

/// Loss of training with M loosely coupled workers.
///
///     L = 19.226·N^−0.0985·M^0.0116,  batch B = 0.00709·N^0.4695·M^0.3399 sequences
///
/// - Error: the law under-predicts measured losses at 10B parameters by 3–5 %; use its ratios, not its values.
/// - Source: Charles et al. 2025, arXiv:2503.09799.
public enum DiLoCoLaw {
  public static func loss(parameters n: Double, workers m: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    try require(m, .atLeastOne, "workers")
    return 19.226 * pow(n, -0.0985) * pow(m, 0.0116)
  }

  /// Loss of data parallel training on the same scale: `18.129·N^−0.0953`.
  public static func dataParallelLoss(parameters n: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    return 18.129 * pow(n, -0.0953)
  }

  /// The laws fitted to each number of workers by itself: `L = A·N^α`.
  public static let perWorkers: [(workers: Int, scale: Double, exponent: Double)] = [
    (1, 18.363, -0.0961), (2, 18.768, -0.0969), (4, 19.762, -0.0992), (8, 21.051, -0.1018),
  ]

  /// The largest model and the most workers that were measured.
  public static let measured = (parameters: 10e9, workers: 8.0)

  /// How far the measured losses of four workers at 10B parameters (2.096 to 2.098 against 2.090) lie above the law's
  /// ratio there.
  public static let measuredExcess = 2.098 / 2.090 - 19.762 / 18.129 * pow(10e9, 0.0953 - 0.0992)

  /// Loss over that of data parallel at the same parameters and tokens, and what it costs to make up for it.
  public struct Penalty: Sendable, Hashable {
    /// What the law says, below 1 where it predicts a better model than data parallel.
    public let lawRatio: Double
    /// The ratio to plan with: the law's, but never a gain. At 10B with four workers the law predicts one of 0.3 % where
    /// a loss of 0.3 to 0.4 % was measured.
    public let ratio: Double
    /// Were models and workers of this size measured, or is the law extrapolated?
    public let isExtrapolated: Bool
    /// α: loss falls as N^α.
    public let exponent: Double

    /// Compute over that of data parallel for the same loss: with tokens proportional to parameters C ∝ N² and
    /// L ∝ N^α, so the compute grows by `ratio^(2/|α|)`.
    public func compute(ratio: Double) -> Double { pow(ratio, 2 / abs(exponent)) }
  }

  /// The penalty from the fit for this many workers (the nearest fitted number below; above eight the joint law's
  /// growth).
  public static func penalty(parameters n: Double, workers m: Double) throws(EconomicsError) -> Penalty {
    try require(m, .atLeastOne, "workers")
    let law = perWorkers.last { Double($0.workers) <= m } ?? perWorkers[0]
    let fitted = law.scale * pow(n, law.exponent) * pow(m / Double(law.workers), 0.0116)
    let ratio = try fitted / dataParallelLoss(parameters: n)
    let isExtrapolated = n > measured.parameters || m > measured.workers
    return Penalty(
      lawRatio: ratio, ratio: max(1, ratio), isExtrapolated: isExtrapolated,
      exponent: law.exponent)
  }

  /// Tokens of the sequences that the law was fitted on. The source gives the batch without its unit: in tokens it would
  /// be 350 for 10B parameters, in sequences 0.7 million tokens.
  public static let sequence = 2048.0

  /// The best global batch in tokens.
  public static func bestBatch(parameters n: Double, workers m: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    try require(m, .atLeastOne, "workers")
    return 0.00709 * pow(n, 0.4695) * pow(m, 0.3399) * sequence
  }
}
