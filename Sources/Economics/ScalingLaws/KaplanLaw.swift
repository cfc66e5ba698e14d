import Foundation

/// The first scaling laws of language models, kept for comparison: they favour size over data.
///
///     L(N) = (8.8e13/N)^0.076,  L(D) = (5.4e13/D)^0.095,  N_opt = 1.3e9·C^0.73,  D ∝ C^0.27
///
/// - Units: N without embeddings, D in tokens, C in PFLOP/s-days (8.64e19 FLOPs).
/// - Why they differ from later ones: embeddings left out of N at small scale (arXiv:2406.12907); last-layer FLOPs,
///   warm-up length and optimiser settings that depend on scale (arXiv:2406.19146).
/// - Source: Kaplan et al. 2020, arXiv:2001.08361.
public enum KaplanLaw {
  public static func loss(parameters n: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    return pow(8.8e13 / n, 0.076)
  }

  public static func loss(tokens d: Double) throws(EconomicsError) -> Double {
    try require(d, .atLeastOne, "training tokens")
    return pow(5.4e13 / d, 0.095)
  }

  /// The size that a training budget should buy, and the tokens left for it by C = 6ND.
  public static func optimum(trainingFLOPs c: Double) throws(EconomicsError) -> (
    parameters: Double, tokens: Double
  ) {
    try require(c, .positive, "training FLOPs")
    let n = 1.3e9 * pow(c / 8.64e19, 0.73)
    return (n, c / (6 * n))
  }
}
