import Foundation

/// What thinking longer buys against training more.
public enum ThinkingTrade {
  /// How many times the tokens a model M times smaller may spend for the FLOPs of the larger one:
  /// `M + (3/R)(M − 1)`, with R = inference tokens over pre-training tokens.
  ///
  /// - Source: Snell et al. 2024, arXiv:2408.03314, section 7 (6ND to train, 2ND to serve).
  public static func matchingMultiplier(sizeRatio m: Double, inferenceShare r: Double)
    throws(EconomicsError) -> Double
  {
    try require(m, .atLeastOne, "size of the larger over the smaller model")
    try require(r, .positive, "inference over pre-training tokens")
    return m + 3 / r * (m - 1)
  }

  /// The share of a budget that belongs in training when `inferenceOOM` orders of magnitude of inference do as much
  /// as `trainingOOM` of training: `inferenceOOM / (inferenceOOM + trainingOOM)`.
  ///
  /// - Source: Erdil 2024, "Optimally allocating compute between inference and training".
  public static func trainingShare(inferenceOOM: Double, trainingOOM: Double) throws(EconomicsError)
    -> Double
  {
    try require(inferenceOOM, .positive, "orders of magnitude of inference")
    try require(trainingOOM, .positive, "orders of magnitude of training")
    return inferenceOOM / (inferenceOOM + trainingOOM)
  }

  /// Points of score per decade of compute between two measured points.
  public static func pointsPerDecade(from first: Double, to second: Double, computeRatio: Double)
    throws(EconomicsError) -> Double
  {
    guard computeRatio > 1 else {
      throw .outOfRange(quantity: "compute ratio", value: computeRatio, expected: "a number above 1")
    }
    return (second - first) / log10(computeRatio)
  }

  /// Dollars for one answer: thinking tokens × price per million.
  public static func usdPerAnswer(thinkingTokens: Double, usdPerMillionTokens: Double)
    throws(EconomicsError) -> Double
  {
    try require(thinkingTokens, .nonNegative, "thinking tokens")
    try require(usdPerMillionTokens, .nonNegative, "price per million tokens in dollars")
    return thinkingTokens * usdPerMillionTokens / 1e6
  }

  /// A known exchange of training against inference compute at equal quality, in orders of magnitude.
  public struct Exchange: Sendable, Hashable, Codable {
    public var technique: String
    /// Orders of magnitude of training saved.
    public var trainingOOM: Double
    /// Orders of magnitude of inference spent.
    public var inferenceOOM: Double
    public var shape: String
  }

  /// A smaller model trained longer: it saves inference rather than spending it.
  public static let overTraining = "over-training"
  /// Long chains of thought.
  public static let sequential = "sequential reasoning"

  /// Smallest and largest spans of a source are met halfway.
  ///
  /// - Source: Villalobos and Atkinson 2023 (Epoch AI), "Trading off compute in training and inference".
  public static let exchanges = [
    Exchange(
      technique: sequential, trainingOOM: 2, inferenceOOM: 2.5, shape: "middle of 2 to 3 orders of inference"),
    Exchange(
      technique: "text tasks in general", trainingOOM: 1, inferenceOOM: 1.5,
      shape: "middle of 1 to 2 orders of inference"),
    Exchange(
      technique: "verifiable tasks, parallel", trainingOOM: 3.5, inferenceOOM: 5.5,
      shape: "middle of 3 to 4 against 5 to 6"),
    Exchange(technique: overTraining, trainingOOM: 1.2, inferenceOOM: 0.7, shape: "constant span"),
    Exchange(
      technique: "tree search (Hex)", trainingOOM: 1.6, inferenceOOM: 1.6,
      shape: "shrinks to nothing near perfect play"),
    Exchange(
      technique: "resampling, cheap verification", trainingOOM: 3, inferenceOOM: 6,
      shape: "grows; extrapolated"),
    Exchange(
      technique: "resampling, costly verification", trainingOOM: 1, inferenceOOM: 1.5, shape: "saturates"),
  ]
}
