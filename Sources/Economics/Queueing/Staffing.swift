import Foundation

/// How many servers a load needs.
public enum Staffing {
  /// Standard normal distribution function.
  static func normalDistribution(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  static func normalDensity(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

  /// Probability of waiting at spare capacity β: `α = 1 / (1 + β·Φ(β)/φ(β))`, for c = a + β√a and large a.
  ///
  /// - Source: Halfin and Whitt 1981.
  public static func delayProbability(spare beta: Double) -> Double {
    1 / (1 + beta * normalDistribution(beta) / normalDensity(beta))
  }

  /// The β that makes a share α of arrivals wait: the inverse of `delayProbability`, to 1e-12, by bisection.
  public static func spare(delayProbability alpha: Double) throws(EconomicsError) -> Double {
    try require(alpha, .positiveShare, "delay probability")
    var low = 0.0
    var high = 40.0
    while high - low > 1e-13 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if delayProbability(spare: middle) > alpha { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Square-root staffing: `c = ⌈a + β√a⌉`.
  public static func squareRootServers(
    offeredErlangs a: Double, delayProbability alpha: Double
  ) throws(EconomicsError) -> Int {
    try require(a, .nonNegative, "offered erlangs")
    return Int((a + (try spare(delayProbability: alpha)) * a.squareRoot()).rounded(.up))
  }

  /// The fewest servers whose exact Erlang C does not exceed α.
  public static func servers(
    offeredErlangs a: Double, delayProbability alpha: Double
  ) throws(EconomicsError) -> Int {
    try require(a, .nonNegative, "offered erlangs")
    try require(alpha, .positiveShare, "delay probability")
    var servers = Int(a.rounded(.down)) + 1
    while try ErlangQueue(servers: servers, offeredErlangs: a).waitProbability() > alpha { servers += 1 }
    return servers
  }
}
