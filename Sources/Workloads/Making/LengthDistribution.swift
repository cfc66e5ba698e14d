import Foundation
import Quantities

/// How long prompts or answers are, in tokens: whole numbers from 1.
public enum LengthDistribution: Hashable, Sendable, Codable {
  case constant(tokens: Double)
  /// Logarithms are normal: `mean` is of the tokens, `sigma` of their logarithm.
  case lognormal(mean: Double, sigma: Double)
  /// Pareto tail of exponent `alpha` from `minimum`, cut at `maximum`.
  case pareto(minimum: Double, alpha: Double, maximum: Double)
  /// Equally spaced quantiles from the least to the greatest value, straight lines between them.
  case empirical(quantiles: [Double])

  /// The length below which the share `u` of requests lies, before rounding.
  ///
  ///     lognormal:  exp(ln mean − σ²/2 + σ·Φ⁻¹(u))
  ///     Pareto cut at m: minimum · (1 − u·(1 − (minimum/m)^α))^(−1/α)
  public func quantile(_ u: Double) -> Double {
    switch self {
    case .constant(let tokens): return tokens
    case .lognormal(let mean, let sigma):
      let p = min(max(u, 1e-12), 1 - 1e-12)
      return exp(log(mean) - sigma * sigma / 2 + sigma * NormalDistribution.quantile(p))
    case .pareto(let minimum, let alpha, let maximum):
      let kept = 1 - pow(minimum / maximum, alpha)
      return minimum * pow(1 - u * kept, -1 / alpha)
    case .empirical(let quantiles):
      guard quantiles.count > 1 else { return quantiles.first ?? 1 }
      let place = u * Double(quantiles.count - 1)
      let below = min(Int(place), quantiles.count - 2)
      return quantiles[below] + (quantiles[below + 1] - quantiles[below]) * (place - Double(below))
    }
  }

  /// A length in whole tokens, at least 1.
  public func tokens(_ u: Double, limit: UInt32 = 10_000_000) -> UInt32 {
    UInt32(min(Double(limit), max(1, quantile(u).rounded())))
  }
}
