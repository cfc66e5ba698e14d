import Foundation

/// The model that costs least over its life: trained to a given loss, then served.
///
///     cost(N) = t·N·D(N) + s·N,   D(N) = tokens that bring N parameters to the loss
///
/// t is what 6 FLOPs of training cost, s what serving costs per parameter over the whole service life: `2·D_inf` in
/// FLOPs, or dollars with each phase at its own price and utilisation. The minimum has no closed form; the derivative
/// is monotone in N and is bisected to the last bit.
/// - Source: Sardana et al. 2024, arXiv:2401.00448.
public struct InferenceAwareOptimum: Sendable, Hashable {
  public let law: ParametricLaw
  public let loss: Double
  /// Cost per parameter and training token: 6 when costs are FLOPs.
  public let trainingCost: Double
  /// Cost per parameter of all serving: 2 × tokens when costs are FLOPs.
  public let servingCost: Double

  public struct Solution: Sendable, Hashable, Codable {
    public var parameters: Double
    public var tokens: Double
    public var cost: Double
    public var trainingShare: Double
  }

  /// - Throws: `lossBelowFloor` when no model of this law reaches the loss; on prices that are not positive.
  public init(
    law: ParametricLaw, loss: Double, trainingCost: Double, servingCost: Double
  ) throws(EconomicsError) {
    try require(trainingCost, .positive, "training cost per parameter and token")
    try require(servingCost, .nonNegative, "serving cost per parameter")
    guard loss > law.irreducible else {
      throw .lossBelowFloor(loss: loss, floor: law.irreducible)
    }
    self.law = law
    self.loss = loss
    self.trainingCost = trainingCost
    self.servingCost = servingCost
  }

  /// In FLOPs: `6·N·D + 2·N·D_inf`.
  public init(law: ParametricLaw, loss: Double, inferenceTokens: Double) throws(EconomicsError) {
    try require(inferenceTokens, .nonNegative, "inference tokens")
    try self.init(law: law, loss: loss, trainingCost: 6, servingCost: 2 * inferenceTokens)
  }

  /// Cost of reaching the loss with N parameters and serving them.
  public func solution(parameters n: Double) throws(EconomicsError) -> Solution {
    let tokens = try law.tokens(forLoss: loss, parameters: n)
    let training = trainingCost * n * tokens
    let cost = training + servingCost * n
    return Solution(parameters: n, tokens: tokens, cost: cost, trainingShare: training / cost)
  }

  /// `d cost / dN = t·D·(1 − aA·N^−a/(b·r)) + s`, with `r = L − E − A/N^a` what tokens must make up.
  public func derivative(parameters n: Double) throws(EconomicsError) -> Double {
    let tokens = try law.tokens(forLoss: loss, parameters: n)
    let capacity = law.parameterScale / pow(n, law.parameterExponent)
    let rest = loss - law.irreducible - capacity
    let slope = 1 - law.parameterExponent * capacity / (law.tokenExponent * rest)
    return trainingCost * tokens * slope + servingCost
  }

  /// The cheapest N. It is never larger than the size that is cheapest to train.
  public func optimum() throws(EconomicsError) -> Solution {
    var high = log(try law.optimum(loss: loss).parameters)
    // At this size the floor is the loss itself and the tokens are infinite.
    var low =
      log(law.parameterScale / (loss - law.irreducible)) / law.parameterExponent
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      let n = exp(middle)
      if law.floor(parameters: n) >= loss {
        low = middle
      } else if try derivative(parameters: n) < 0 {
        low = middle
      } else {
        high = middle
      }
    }
    return try solution(parameters: exp(high))
  }

  /// The cost over the least cost, minus 1, of serving N parameters instead of the best.
  public func overhead(parameters n: Double) throws(EconomicsError) -> Double {
    try solution(parameters: n).cost / optimum().cost - 1
  }
}
