import Foundation
import Quantities

/// Pairs of uniform numbers with a given rank correlation whose margins are even: exactly one in each of n strata.
///
/// - Source: the rank pairing of Iman and Conover, Communications in Statistics B 11(3), 1982, on a Gaussian copula;
///   the normal correlation for Spearman's ρ is 2·sin(π·ρ/6).
enum CorrelatedUniforms {
  static func pairs(count: Int, spearman: Double, stream: inout RandomStream) -> [(
    first: Double, second: Double
  )] {
    let r = 2 * sin(.pi * min(max(spearman, -1), 1) / 6)
    let rest = max(0, 1 - r * r).squareRoot()
    var first = [Double](repeating: 0, count: count)
    var second = first
    for i in 0..<count {
      first[i] = stream.normal()
      second[i] = r * first[i] + rest * stream.normal()
    }
    let a = evened(first, &stream)
    let b = evened(second, &stream)
    return zip(a, b).map { ($0, $1) }
  }

  /// Each value replaced by a uniform number in the stratum of its rank.
  private static func evened(_ values: [Double], _ stream: inout RandomStream) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var uniforms = values
    for (rank, index) in order.enumerated() {
      uniforms[index] = (Double(rank) + stream.uniform()) / Double(values.count)
    }
    return uniforms
  }
}
