import Foundation

/// Loss of training with M loosely coupled workers.
///
///     L = 19.226·N^−0.0985·M^0.0116,  batch B = 0.00709·N^0.4695·M^0.3399 tokens
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

  /// Loss over that of data parallel, from the fit for this many workers (the nearest fitted number below, or above
  /// eight the joint law's growth).
  public static func lossRatio(parameters n: Double, workers m: Double) throws(EconomicsError) -> Double {
    try require(m, .atLeastOne, "workers")
    let law = perWorkers.last { Double($0.workers) <= m } ?? perWorkers[0]
    let fitted = law.scale * pow(n, law.exponent) * pow(m / Double(law.workers), 0.0116)
    return try fitted / dataParallelLoss(parameters: n)
  }

  /// The best global batch in tokens.
  public static func bestBatch(parameters n: Double, workers m: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    try require(m, .atLeastOne, "workers")
    return 0.00709 * pow(n, 0.4695) * pow(m, 0.3399)
  }
}
