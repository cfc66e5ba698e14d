/// A stream of drawn requests.
public struct SyntheticArrivals: Sendable, Hashable {
  /// How the gaps between arrivals are distributed.
  public enum Process: String, Sendable, Hashable, CaseIterable {
    case poisson
    case evenlySpaced = "evenly-spaced"
  }

  /// How many tokens a prompt or an answer has, at least 1.
  public enum Lengths: Sendable, Hashable {
    case fixed(Int)
    /// Exponential, rounded up to whole tokens.
    case exponential(mean: Double)
    case lognormal(mean: Double, sigma: Double)
    /// Two exponential phases with balanced means and squared coefficient of variation `scv` > 1.
    case hyperexponential(mean: Double, scv: Double)

    public var mean: Double {
      switch self {
      case .fixed(let tokens): Double(tokens)
      case .exponential(let mean), .lognormal(let mean, _), .hyperexponential(let mean, _): mean
      }
    }
  }

  public var requestsPerSecond: Double
  public var count: Int
  public var process: Process
  public var input: Lengths
  public var output: Lengths

  public init(
    requestsPerSecond: Double, count: Int, process: Process = .poisson, input: Lengths, output: Lengths
  ) {
    self.requestsPerSecond = requestsPerSecond
    self.count = count
    self.process = process
    self.input = input
    self.output = output
  }
}
