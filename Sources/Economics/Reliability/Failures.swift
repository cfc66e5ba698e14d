import Foundation
import Quantities

/// How often a cluster fails and how many spares keep it whole.
public enum Failures {
  /// Mean time to failure of a job: `24·1000 / (rate × nodes)` hours.
  ///
  /// - Parameter rate: failures per 1,000 node-days: 6.50 and 2.34 on Meta's two research clusters, 3.79 in the
  ///   Llama-3 405B run.
  /// - Error: one cluster measured 3.6 times less at 1,024 GPUs than this predicts; allow that factor.
  /// - Source: arXiv:2410.21680.
  public static func meanTimeToFailure(
    failuresPer1000NodeDays rate: Double, chips: Double, chipsPerNode: Double
  ) throws(EconomicsError) -> Seconds {
    try require(rate, .positive, "failures per 1,000 node-days")
    try require(chips, .positive, "chips")
    try require(chipsPerNode, .positive, "chips per node")
    return 24_000 / (rate * chips / chipsPerNode) * .hour
  }

  /// Probability that at least `needed` of `installed` units are up, each with probability p, independently.
  ///
  /// Sums the binomial terms in logarithms, smallest first, so that thousands of units neither underflow nor cancel.
  public static func probability(
    atLeast needed: Int, of installed: Int, availability p: Double
  ) throws(EconomicsError) -> Double {
    try require(p, .share, "availability")
    try require(Double(needed), .nonNegative, "units needed")
    guard needed <= installed else { return 0 }
    guard p > 0, p < 1 else { return p == 1 || needed == 0 ? 1 : 0 }
    var logTerm = Double(installed) * log(p)
    var terms = [exp(logTerm)]
    for up in stride(from: installed - 1, through: needed, by: -1) {
      logTerm += log(Double(up + 1)) - log(Double(installed - up)) + log1p(-p) - log(p)
      terms.append(exp(logTerm))
    }
    return min(1, terms.sorted().reduce(0, +))
  }

  /// The fewest spares k so that n of n + k units are up with the target probability.
  public static func spares(
    for n: Int, availability p: Double, target: Double
  ) throws(EconomicsError) -> Int {
    try require(Double(n), .atLeastOne, "units needed")
    try require(p, .positiveShare, "availability")
    guard target < 1 || p == 1 else {
      throw .outOfRange(quantity: "target probability", value: target, expected: "a number below 1")
    }
    var spares = 0
    while try probability(atLeast: n, of: n + spares, availability: p) < target { spares += 1 }
    return spares
  }
}
