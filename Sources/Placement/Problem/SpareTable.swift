import Foundation

/// How many spare replicas keep n of them up: reliability as a staircase the integer program can climb.
///
///     spares(n) = the smallest k with P(Binomial(n + k, p) ≥ n) ≥ confidence,   p = availability of a chip ^ chips
///
/// - Source: binomial k-out-of-n redundancy; n = 128, p = 0.98, 0.999 → 9 spares.
public enum SpareTable {
  /// The staircase up to `most` working replicas: entry j is the largest n that j + 1 spares protect. The last
  /// entry is at least `most`; empty when nothing ever fails.
  public static func steps(most: Int, replicaAvailability p: Double, confidence: Double) -> [Int] {
    guard p < 1, most > 0 else { return [] }
    var steps: [Int] = []
    var n = 1
    while n <= most {
      let k = spares(for: n, replicaAvailability: p, confidence: confidence)
      while steps.count < k - 1 { steps.append(n - 1) }
      if steps.count < k { steps.append(n) } else { steps[k - 1] = n }
      n += 1
    }
    return steps
  }

  /// The smallest number of spares, found by adding one at a time.
  public static func spares(for n: Int, replicaAvailability p: Double, confidence: Double) -> Int {
    precondition(p > 0 && p <= 1, "a replica must be up with a probability above 0")
    guard p < 1 else { return 0 }
    var k = 0
    while probabilityUp(n, of: n + k, p) < confidence { k += 1 }
    return k
  }

  /// P(Binomial(total, p) ≥ n), summed from the failures, which are few.
  static func probabilityUp(_ n: Int, of total: Int, _ p: Double) -> Double {
    var sum = 0.0
    for failures in 0...(total - n) {
      let up = total - failures
      let ways = lgamma(Double(total + 1)) - lgamma(Double(failures + 1)) - lgamma(Double(up + 1))
      let logTerm: Double = ways + Double(failures) * log(1 - p) + Double(up) * log(p)
      sum += exp(logTerm)
    }
    return min(1, sum)
  }
}
