import Foundation
import Quantities

/// Draws token counts by inverting a distribution; long-tailed ones through a table of 4,096 quantiles.
struct LengthSampler: Sendable {
  private enum Law {
    case fixed(Int32)
    case exponential(mean: Double)
    case hyperexponential(share: Double, fast: Double, slow: Double)
    case table([Float])
  }
  private let law: Law

  init(_ lengths: SyntheticArrivals.Lengths) {
    switch lengths {
    case .fixed(let tokens): law = .fixed(Int32(clamping: max(tokens, 1)))
    case .exponential(let mean): law = .exponential(mean: mean)
    case .hyperexponential(let mean, let scv):
      let share = 0.5 * (1 + ((scv - 1) / (scv + 1)).squareRoot())
      law = .hyperexponential(share: share, fast: mean / (2 * share), slow: mean / (2 * (1 - share)))
    case .lognormal(let mean, let sigma):
      law = .table(Self.lognormalTable(mean: mean, sigma: sigma))
    }
  }

  /// Quantiles at (i + ½)/4096, so that their mean is the distribution's within the mass of the last half cell.
  private static func lognormalTable(mean: Double, sigma: Double) -> [Float] {
    let mu = log(mean) - sigma * sigma / 2
    let size = 4096
    var table = (0..<size).map { exp(mu + sigma * normalQuantile((Double($0) + 0.5) / Double(size))) }
    let scale = mean / (table.reduce(0, +) / Double(size))
    for i in table.indices { table[i] *= scale }
    return table.map { Float($0) }
  }

  @inline(__always) func draw(_ random: inout RandomStream) -> Int32 {
    switch law {
    case .fixed(let tokens): return tokens
    case .exponential(let mean):
      return Self.wholeTokens(-mean * log(1 - random.uniform()))
    case .hyperexponential(let share, let fast, let slow):
      let mean = random.uniform() < share ? fast : slow
      return Self.wholeTokens(-mean * log(1 - random.uniform()))
    case .table(let quantiles):
      return max(1, Int32(quantiles[Int(random.next() >> 52)].rounded()))
    }
  }

  @inline(__always) private static func wholeTokens(_ length: Double) -> Int32 {
    Int32(clamping: Int(max(1, length.rounded(.up))))
  }
}

/// The standard normal quantile Φ⁻¹(p), by bisection-free rational approximation and one Newton step on erfc.
///
/// - Source: Abramowitz and Stegun 26.2.23 as the start; the Newton step brings the error below 1e-6.
func normalQuantile(_ p: Double) -> Double {
  let tail = min(p, 1 - p)
  let t = (-2 * log(tail)).squareRoot()
  let top = 2.515517 + t * (0.802853 + t * 0.010328)
  let bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  var x = t - top / bottom
  for _ in 0..<2 {
    let error = 0.5 * erfc(x / 2.0.squareRoot()) - tail
    x += error / (exp(-x * x / 2) / (2 * Double.pi).squareRoot())
  }
  return p < 0.5 ? -x : x
}
