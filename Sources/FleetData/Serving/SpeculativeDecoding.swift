import Quantities

/// A draft model proposes tokens and the served model verifies them in one step.
///
/// With a chance α that each proposed token is accepted, a step of γ proposals yields on average
///
///     E = (1 − α^(γ+1)) / (1 − α)
///
/// tokens per sequence; it computes γ + 1 tokens per sequence and waits γ draft steps.
/// - Source: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding", 2023, eq. 1.
public struct SpeculativeDecoding: Sendable, Hashable {
  public var draftTokens: Int
  public var acceptance: Double
  public var draftStep: Seconds

  public init(draftTokens: Int, acceptance: Double, draftStep: Seconds) {
    precondition(draftTokens >= 1 && acceptance >= 0 && acceptance < 1, "γ ≥ 1 and 0 ≤ α < 1")
    self.draftTokens = draftTokens
    self.acceptance = acceptance
    self.draftStep = draftStep
  }

  /// E: tokens per sequence and step, between 1 and γ + 1.
  public var tokensPerStep: Double {
    var sum = 1.0
    var power = 1.0
    for _ in 0..<draftTokens {
      power *= acceptance
      sum += power
    }
    return sum
  }
}
