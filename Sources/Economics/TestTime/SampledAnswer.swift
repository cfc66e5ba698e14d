import Foundation

/// Drawing k answers and keeping one that a verifier accepts.
///
///     cost(k) = k·(sample + verifier),    solved(k) = recall·exp(a·k^−b)
///
/// - Source: the coverage law of Brown et al. 2024, arXiv:2407.21787.
public struct SampledAnswer: Sendable, Hashable {
  public let law: CoverageLaw
  public let usdPerSample: Double
  public let usdPerVerification: Double
  /// Probability that the verifier picks a right answer where there is one.
  public let verifierRecall: Double

  public init(law: CoverageLaw, usdPerSample: Double, usdPerVerification: Double, verifierRecall: Double = 1)
    throws(EconomicsError)
  {
    try require(usdPerSample, .nonNegative, "dollars per sample")
    try require(usdPerVerification, .nonNegative, "dollars per verification")
    try require(verifierRecall, .positiveShare, "verifier recall")
    self.law = law
    self.usdPerSample = usdPerSample
    self.usdPerVerification = usdPerVerification
    self.verifierRecall = verifierRecall
  }

  public func cost(samples k: Double) throws(EconomicsError) -> Double {
    try require(k, .atLeastOne, "samples")
    return k * (usdPerSample + usdPerVerification)
  }

  public func solved(samples k: Double) throws(EconomicsError) -> Double {
    verifierRecall * (try law.coverage(samples: k))
  }

  public func usdPerSolved(samples k: Double) throws(EconomicsError) -> Double {
    try cost(samples: k) / solved(samples: k)
  }

  /// The k that earns most when a solved question is worth `value` dollars: where the next sample's chance of being the
  /// first right one is worth just what it costs.
  ///
  ///     value·recall·c'(k) = sample + verifier,    c'(k) = −ab·k^(−b−1)·c(k)
  ///
  /// c' falls for `k^b > −ab/(1+b)`, where the maximum lies; it is bisected there.
  public func bestSamples(value: Double) throws(EconomicsError) -> Double {
    try require(value, .positive, "value of a solved question in dollars")
    let each = usdPerSample + usdPerVerification
    guard each > 0 else {
      throw .outOfRange(
        quantity: "dollars per sample and verification", value: each, expected: "a number above 0")
    }
    func gain(_ k: Double) throws(EconomicsError) -> Double {
      -law.a * law.b * pow(k, -law.b - 1) * (try solved(samples: k)) * value - each
    }
    var low = max(1, pow(-law.a * law.b / (1 + law.b), 1 / law.b))
    guard try gain(low) > 0 else { return 1 }
    var high = low
    while try gain(high) > 0 { high *= 2 }
    while high - low > 1e-9 * high {
      let middle = (low + high) / 2
      if try gain(middle) > 0 { low = middle } else { high = middle }
    }
    // A verdict of the slope alone may lose to a single sample when the law is convex at first.
    let best = (low + high) / 2
    let profit = try value * solved(samples: best) - cost(samples: best)
    let single = try value * solved(samples: 1) - cost(samples: 1)
    return profit >= single ? best : 1
  }
}
