import Foundation
import Quantities

/// Loss of a language model as a function of its parameters N and its training tokens D.
///
///     L = E + A/N^a + B/D^b
///
/// Under a training budget of C = 6·N·D FLOPs the least loss is at
///
///     N* = G·(C/6)^(b/(a+b)),  D* = (C/6)^(a/(a+b))/G,  G = (aA/(bB))^(1/(a+b))
///
/// - Units: loss in nats per token.
/// - Source: Hoffmann et al., arXiv:2203.15556, approach 3.
public struct ParametricLaw: Sendable, Hashable, Codable {
  public var name: String
  public var irreducible: Double
  public var parameterScale: Double
  public var tokenScale: Double
  public var parameterExponent: Double
  public var tokenExponent: Double
  public var source: String

  public init(
    name: String, irreducible: Double, parameterScale: Double, tokenScale: Double,
    parameterExponent: Double, tokenExponent: Double, source: String
  ) {
    self.name = name
    self.irreducible = irreducible
    self.parameterScale = parameterScale
    self.tokenScale = tokenScale
    self.parameterExponent = parameterExponent
    self.tokenExponent = tokenExponent
    self.source = source
  }

  /// A model size, its training tokens and the loss they reach.
  public struct Point: Sendable, Hashable, Codable {
    public var parameters: Double
    public var tokens: Double
    public var loss: Double
    public var tokensPerParameter: Double { tokens / parameters }
    /// 6·N·D.
    public var trainingFLOPs: Double { 6 * parameters * tokens }
  }

  public func loss(parameters n: Double, tokens d: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    try require(d, .atLeastOne, "training tokens")
    return floor(parameters: n) + tokenScale / pow(d, tokenExponent)
  }

  /// The loss that N parameters tend to as tokens grow without end.
  public func floor(parameters n: Double) -> Double {
    irreducible + parameterScale / pow(n, parameterExponent)
  }

  /// The best use of a training budget.
  public func optimum(trainingFLOPs c: Double) throws(EconomicsError) -> Point {
    try require(c, .positive, "training FLOPs")
    let n = balance * pow(c / 6, computeParameterExponent)
    let d = pow(c / 6, 1 - computeParameterExponent) / balance
    return Point(parameters: n, tokens: d, loss: try loss(parameters: n, tokens: d))
  }

  /// The budget at which N parameters are the best choice, spent that way.
  public func optimum(parameters n: Double) throws(EconomicsError) -> Point {
    try require(n, .atLeastOne, "parameters")
    let sixth = pow(n / balance, 1 / computeParameterExponent)
    return Point(parameters: n, tokens: sixth / n, loss: try loss(parameters: n, tokens: sixth / n))
  }

  /// Tokens that bring N parameters to a loss: `D = (B/(L − E − A/N^a))^(1/b)`.
  ///
  /// - Throws: `lossBelowFloor` when no number of tokens does.
  public func tokens(forLoss loss: Double, parameters n: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "parameters")
    let floor = floor(parameters: n)
    guard loss > floor else { throw .lossBelowFloor(loss: loss, floor: floor) }
    return pow(tokenScale / (loss - floor), 1 / tokenExponent)
  }

  /// The cheapest training that reaches a loss.
  public func optimum(loss target: Double) throws(EconomicsError) -> Point {
    guard target > irreducible else { throw .lossBelowFloor(loss: target, floor: irreducible) }
    // At the optimum a·A/N^a = b·B/D^b, so the two terms keep the ratio b : a.
    let share = tokenExponent / (parameterExponent + tokenExponent)
    let n = pow(parameterScale / ((target - irreducible) * share), 1 / parameterExponent)
    return Point(parameters: n, tokens: try tokens(forLoss: target, parameters: n), loss: target)
  }

  /// N* grows as C to this power, b/(a+b); D* as C to one minus it.
  public var computeParameterExponent: Double { tokenExponent / (parameterExponent + tokenExponent) }

  /// At the optimum `L − E ∝ C^−g` with `g = ab/(a+b)`.
  public var computeExponent: Double { parameterExponent * computeParameterExponent }

  /// By what factor the reducible loss shrinks when compute grows by `ratio`; 10 is what users call one tier.
  public func reducibleLossFactor(computeRatio ratio: Double) throws(EconomicsError) -> Double {
    try require(ratio, .positive, "compute ratio")
    return pow(ratio, -computeExponent)
  }

  /// G.
  private var balance: Double {
    pow(
      parameterExponent * parameterScale / (tokenExponent * tokenScale),
      1 / (parameterExponent + tokenExponent))
  }
}
