import FleetData
import Foundation
import Quantities

/// Draws token counts by inverting a distribution; long-tailed ones through a table of 4,096 quantiles.
struct LengthSampler: Sendable {
  enum Kind { case fixed, exponential, hyperexponential, table }
  let kind: Kind
  /// Mean of the one or the fast phase; the fixed length.
  let mean: Double
  let slowMean: Double
  let fastShare: Double
  let quantiles: [Int32]

  init(_ lengths: SyntheticArrivals.Lengths) {
    var (mean, slowMean, fastShare) = (1.0, 0.0, 1.0)
    var quantiles: [Int32] = []
    switch lengths {
    case .fixed(let tokens):
      kind = .fixed
      mean = Double(max(tokens, 1))
    case .exponential(let tokens):
      kind = .exponential
      mean = tokens
    case .hyperexponential(let tokens, let scv):
      kind = .hyperexponential
      fastShare = 0.5 * (1 + ((scv - 1) / (scv + 1)).squareRoot())
      mean = tokens / (2 * fastShare)
      slowMean = tokens / (2 * (1 - fastShare))
    case .lognormal(let tokens, let sigma):
      kind = .table
      quantiles = Self.lognormalTable(mean: tokens, sigma: sigma)
    }
    self.mean = mean
    self.slowMean = slowMean
    self.fastShare = fastShare
    self.quantiles = quantiles
  }

  /// Quantiles at (i + ½)/4096, so that their mean is the distribution's within the mass of the last half cell.
  private static func lognormalTable(mean: Double, sigma: Double) -> [Int32] {
    let mu = log(mean) - sigma * sigma / 2
    let size = 4096
    var table = (0..<size).map { exp(mu + sigma * normalQuantile((Double($0) + 0.5) / Double(size))) }
    let scale = mean / (table.reduce(0, +) / Double(size))
    for i in table.indices { table[i] *= scale }
    return table.map { Int32(clamping: Int(max(1, $0.rounded()))) }
  }

  @inline(__always) func draw(_ random: inout RandomStream) -> Int32 {
    if kind == .table { return quantiles[Int(random.next() >> 52)] }
    return drawByInversion(&random)
  }

  private func drawByInversion(_ random: inout RandomStream) -> Int32 {
    if kind == .fixed { return Int32(clamping: Int(mean)) }
    let isFast = kind == .exponential || random.uniform() < fastShare
    return Self.wholeTokens(-(isFast ? mean : slowMean) * log(1 - random.uniform()))
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
