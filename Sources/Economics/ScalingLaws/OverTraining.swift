import Foundation

/// Smaller than the compute-optimal size and trained longer, to the same loss.
public struct OverTraining: Sendable, Hashable {
  /// Size over the optimal size.
  public let sizeRatio: Double
  /// Tokens over the optimal tokens.
  public let tokenRatio: Double
  /// Extra training compute: k_N·k_D − 1.
  public var overhead: Double { sizeRatio * tokenRatio - 1 }

  /// `k_D = (1 − (k_N^−a − 1)·b/a)^(−1/b)`, whatever the budget.
  ///
  /// - Throws: `lossBelowFloor` when a model this small cannot reach the loss at all.
  public init(sizeRatio k: Double, law: ParametricLaw) throws(EconomicsError) {
    try require(k, .positive, "size over the optimal size")
    let (a, b) = (law.parameterExponent, law.tokenExponent)
    let rest = 1 - (pow(k, -a) - 1) * b / a
    guard rest > 0 else { throw .lossBelowFloor(loss: 1, floor: 1 - rest) }
    sizeRatio = k
    tokenRatio = pow(rest, -1 / b)
  }
}
