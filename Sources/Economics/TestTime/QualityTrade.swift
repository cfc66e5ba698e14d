import Foundation

/// Quality bought by thinking against quality bought by training, in money.
///
/// Quality is counted in orders of magnitude of training compute: one is what users call a tier. A technique that does
/// the work of b orders of training with a orders of inference trades them at `s = b/a`, up to its span of a:
///
///     quality = log10 C + s·log10 k,     1 ≤ k ≤ 10^a
///
/// With C ∝ N² (fixed tokens per parameter) a model of equal quality needs C·k^−s to train, is k^(−s/2) times the size,
/// and spends k times the tokens, so that over its life
///
///     cost(k) = T·k^−s + S·k^(1−s/2),    k* = (s·T / ((1 − s/2)·S))^(1/(1+s/2))
///
/// - Shapes: T dollars of training and S of serving without the technique.
/// - Source: exchange rates of Villalobos and Atkinson 2023 (Epoch AI); the optimum is derived here.
public struct QualityTrade: Sendable, Hashable, Codable {
  /// s: orders of training per order of inference.
  public let rate: Double
  /// 10^a: the largest useful multiple of inference.
  public let largestMultiple: Double
  public let trainingUSD: Double
  public let servingUSD: Double

  public init(
    trainingOOM b: Double, inferenceOOM a: Double, trainingUSD: Double, servingUSD: Double
  ) throws(EconomicsError) {
    try require(b, .positive, "orders of magnitude of training")
    try require(a, .positive, "orders of magnitude of inference")
    try require(trainingUSD, .positive, "dollars of training")
    try require(servingUSD, .nonNegative, "dollars of serving")
    rate = b / a
    largestMultiple = pow(10, a)
    self.trainingUSD = trainingUSD
    self.servingUSD = servingUSD
  }

  /// Training and serving dollars of the model of equal quality that spends k times the tokens per answer.
  public func cost(multiple k: Double) throws(EconomicsError) -> (training: Double, serving: Double) {
    guard k >= 1, k <= largestMultiple * (1 + 1e-12) else {
      throw .outOfRange(
        quantity: "multiple of inference", value: k, expected: "1 to \(largestMultiple), the technique's span"
      )
    }
    return (trainingUSD * pow(k, -rate), servingUSD * pow(k, 1 - rate / 2))
  }

  /// Size over that of the model that does not think.
  public func sizeRatio(multiple k: Double) -> Double { pow(k, -rate / 2) }

  /// k*: the multiple of least life cost, inside the span.
  public var bestMultiple: Double {
    let growth = 1 - rate / 2
    // From s = 2 the smaller model serves k times the tokens for no more money, so the whole span pays.
    guard growth > 0, servingUSD > 0 else { return largestMultiple }
    let free = pow(rate * trainingUSD / (growth * servingUSD), 1 / (1 + rate / 2))
    return min(largestMultiple, max(1, free))
  }

  /// How many times the present serving volume makes thinking k times as long cost what the larger model costs; below it
  /// thinking is cheaper. Infinite when thinking is cheaper at any volume.
  ///
  ///     v = T(1 − k^−s) / (S(k^(1−s/2) − 1))
  public func crossoverVolume(multiple k: Double) throws(EconomicsError) -> Double {
    let thinking = try cost(multiple: k)
    let extra = thinking.serving - servingUSD
    return extra > 0 ? (trainingUSD - thinking.training) / extra : .infinity
  }

  /// The share of a budget that training gets when quality is all that counts: `(1 − s/2)/(1 + s/2)`.
  ///
  /// It lies below the `1/(1+s)` of a trade between FLOPs alone, because a model trained with more compute is larger
  /// and dearer to serve. 0 from s = 2.
  public var trainingShareOfBudget: Double { max(0, (1 - rate / 2) / (1 + rate / 2)) }
}
