import Foundation

/// The standard normal distribution, both ways.
enum NormalDistribution {
  /// Φ(x): the share of a standard normal below `x`.
  static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// Φ⁻¹(p): the value below which the share `p` lies, relative error under 1e-9.
  ///
  /// - Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003),
  ///   with one step of Halley's method.
  static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile lies strictly between 0 and 1")
    let x = p < 0.5 ? -positiveTail(p) : positiveTail(1 - p)
    let error = cumulative(x) - p
    let u = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    return x - u / (1 + x * u / 2)
  }

  /// The magnitude of the quantile of a lower share 0 < p ≤ 0.5.
  private static func positiveTail(_ p: Double) -> Double {
    if p < 0.02425 {
      let q = (-2 * log(p)).squareRoot()
      let numerator = polynomial(
        q,
        [
          -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734,
          4.374664141464968,
          2.938163982698783,
        ])
      let denominator = polynomial(
        q,
        [
          7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1,
        ])
      return -numerator / denominator
    }
    let q = p - 0.5
    let r = q * q
    let numerator = polynomial(
      r,
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
        -3.066479806614716e+01, 2.506628277459239,
      ])
    let denominator = polynomial(
      r,
      [
        -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
        -1.328068155288572e+01, 1,
      ])
    return -numerator * q / denominator
  }

  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }
}
