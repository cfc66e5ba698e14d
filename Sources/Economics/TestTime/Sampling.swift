import Foundation

/// Coverage of repeated sampling: the share of problems that at least one of k samples solves.
///
///     c(k) = exp(a·k^−b),  a < 0
///
/// - Source: Brown et al. 2024, arXiv:2407.21787.
public struct CoverageLaw: Sendable, Hashable, Codable {
  public let a: Double
  public let b: Double

  public init(a: Double, b: Double) throws(EconomicsError) {
    guard a < 0, a.isFinite else {
      throw .outOfRange(quantity: "coverage coefficient a", value: a, expected: "a number below 0")
    }
    try require(b, .positive, "coverage exponent b")
    self.a = a
    self.b = b
  }

  /// The law through two points, c(1) and c(k).
  public init(first: Double, samples k: Double, coverage: Double) throws(EconomicsError) {
    try require(first, .positiveShare, "coverage of one sample")
    try require(coverage, .positiveShare, "coverage of \(k) samples")
    guard k > 1, coverage > first, coverage < 1 else {
      throw .outOfRange(
        quantity: "coverage of \(k) samples", value: coverage,
        expected: "more than the \(first) of one sample, less than 1, and more than one sample")
    }
    try self.init(a: log(first), b: log(log(first) / log(coverage)) / log(k))
  }

  public func coverage(samples k: Double) throws(EconomicsError) -> Double {
    try require(k, .atLeastOne, "samples")
    return exp(a * pow(k, -b))
  }

  /// Samples that reach a coverage: `k = (ln c / a)^(−1/b)`, at least 1.
  public func samples(forCoverage c: Double) throws(EconomicsError) -> Double {
    try require(c, .positiveShare, "coverage")
    guard c < 1 else {
      throw .outOfRange(quantity: "coverage", value: c, expected: "less than 1")
    }
    return max(1, pow(log(c) / a, -1 / b))
  }
}

/// Choosing among samples.
public enum Sampling {
  /// Unbiased estimate of pass@k from n samples of which c pass: `1 − C(n−c, k)/C(n, k)`.
  public static func passAtK(samples n: Int, passing c: Int, k: Int) throws(EconomicsError) -> Double {
    try require(Double(k), .atLeastOne, "k of pass@k")
    try require(Double(c), .nonNegative, "passing samples")
    guard k <= n, c <= n else {
      throw .outOfRange(quantity: "k or passing samples", value: Double(max(k, c)), expected: "at most \(n)")
    }
    guard n - c >= k else { return 1 }
    var miss = 1.0
    for i in 0..<k { miss *= Double(n - c - i) / Double(n - i) }
    return 1 - miss
  }

  /// Best of N with a verifier that recognises a right answer with probability `recall`: `1 − (1 − p·recall)^N`.
  public static func bestOfN(_ n: Double, passRate p: Double, verifierRecall: Double = 1)
    throws(EconomicsError) -> Double
  {
    try require(n, .atLeastOne, "samples")
    try require(p, .share, "pass rate")
    try require(verifierRecall, .share, "verifier recall")
    return 1 - pow(1 - p * verifierRecall, n)
  }

  /// Probability that a strict majority of n votes is right when each vote is, independently, with probability p;
  /// a tie is broken by a coin. It tends to 1 above p = ½ and to 0 below: voting cannot pass what the model prefers.
  public static func majority(votes n: Int, passRate p: Double) throws(EconomicsError) -> Double {
    let strict = try Failures.probability(atLeast: n / 2 + 1, of: n, availability: p)
    guard n.isMultiple(of: 2) else { return strict }
    let atLeastHalf = try Failures.probability(atLeast: n / 2, of: n, availability: p)
    return strict + (atLeastHalf - strict) / 2
  }
}
