import FleetData
import Foundation

/// Standard errors of a law's coefficients, where its source states them.
public struct LawErrors: Sendable, Hashable, Codable {
  public var irreducible: Double
  public var parameterScale: Double
  public var tokenScale: Double
  public var parameterExponent: Double
  public var tokenExponent: Double

  public init(
    irreducible: Double, parameterScale: Double, tokenScale: Double, parameterExponent: Double,
    tokenExponent: Double
  ) {
    self.irreducible = irreducible
    self.parameterScale = parameterScale
    self.tokenScale = tokenScale
    self.parameterExponent = parameterExponent
    self.tokenExponent = tokenExponent
  }
}

extension ParametricLaw {
  /// Standard errors of the default law: E, A, B, a, b of Besiroglu et al. 2024, arXiv:2404.10102.
  public var standardErrors: LawErrors? {
    self == .besiroglu
      ? LawErrors(
        irreducible: 0.03, parameterScale: 125, tokenScale: 1293, parameterExponent: 0.02,
        tokenExponent: 0.02) : nil
  }

  /// The middle of the fitted runs, 70M to 16B parameters on 5B to 500B tokens, in logarithms.
  private static let middle = (parameters: 1.06e9, tokens: 5e10)

  /// The interval of a figure of the law over its errors; `nil` where none were published.
  ///
  /// Exponents are drawn from triangles of their standard errors (half the width is √6 errors). A and B hang on them: a
  /// fit holds its terms where its runs lie, so that both terms keep their size in the middle of the runs. How far the
  /// coefficients move together was not published; drawn independently they would describe no fit at all, and N* would lie
  /// anywhere within two orders. This is the least that the errors allow.
  public func interval(
    seed: UInt64, _ name: String, of figure: (ParametricLaw) throws(EconomicsError) -> Double
  ) throws(EconomicsError) -> Interval? {
    guard let errors = standardErrors else { return nil }
    func spread(_ value: Double, _ error: Double) -> InputRange {
      InputRange(value, from: value - 6.0.squareRoot() * error, to: value + 6.0.squareRoot() * error)
    }
    let inputs = [
      UncertainInput("E", spread(irreducible, errors.irreducible)),
      UncertainInput("a", spread(parameterExponent, errors.parameterExponent)),
      UncertainInput("b", spread(tokenExponent, errors.tokenExponent)),
    ]
    let sampled = try Uncertainty(of: inputs, seed: seed, stream: "law/\(name)") { x throws(EconomicsError) in
      try figure(
        ParametricLaw(
          name: self.name, irreducible: x[0],
          parameterScale: parameterScale * pow(Self.middle.parameters, x[1] - parameterExponent),
          tokenScale: tokenScale * pow(Self.middle.tokens, x[2] - tokenExponent), parameterExponent: x[1],
          tokenExponent: x[2], source: source))
    }
    return sampled.result
  }
}
