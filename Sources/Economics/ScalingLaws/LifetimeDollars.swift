/// Dollars per unit of work when training and both phases of serving run on their own chips at their own utilisation.
///
///     training per parameter and token  t = 6·p_tr / (3600·F_tr·MFU_tr)
///     serving per parameter             s = 2·R·(n_in·p/(MFU_in) + n_out·p/(MFU_out)) / (3600·F)
///
/// - Shapes: R requests over the service life, n_in prompt and n_out generated tokens each; p dollars per chip-hour,
///   F peak FLOP/s.
/// - Source: Sardana et al. 2024, arXiv:2401.00448, section 6.
public struct LifetimeDollars: Sendable, Hashable {
  public struct Phase: Sendable, Hashable {
    public var usdPerChipHour: Double
    public var peakFLOPs: Double
    public var mfu: Double
    public init(usdPerChipHour: Double, peakFLOPs: Double, mfu: Double) {
      self.usdPerChipHour = usdPerChipHour
      self.peakFLOPs = peakFLOPs
      self.mfu = mfu
    }

    /// `price / 3600 / (peak × MFU)`.
    public func usdPerFLOP() throws(EconomicsError) -> Double {
      try Economics.usdPerFLOP(usdPerChipHour: usdPerChipHour, peak: peakFLOPs, utilization: mfu)
    }
  }

  public var training: Phase
  public var prefill: Phase
  public var decode: Phase
  public var requests: Double
  public var inputTokens: Double
  public var outputTokens: Double

  public init(
    training: Phase, prefill: Phase, decode: Phase, requests: Double, inputTokens: Double,
    outputTokens: Double
  ) {
    self.training = training
    self.prefill = prefill
    self.decode = decode
    self.requests = requests
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }

  /// t: dollars per parameter and training token.
  public func trainingCost() throws(EconomicsError) -> Double { try 6 * training.usdPerFLOP() }

  /// s: dollars per parameter over the service life.
  public func servingCost() throws(EconomicsError) -> Double {
    try require(requests, .nonNegative, "requests over the service life")
    try require(inputTokens, .nonNegative, "input tokens per request")
    try require(outputTokens, .nonNegative, "output tokens per request")
    let perRequest = try inputTokens * prefill.usdPerFLOP() + outputTokens * decode.usdPerFLOP()
    return 2 * requests * perRequest
  }

  /// The model that costs least over its life at this loss.
  public func optimum(law: ParametricLaw, loss: Double) throws(EconomicsError) -> InferenceAwareOptimum {
    try InferenceAwareOptimum(
      law: law, loss: loss, trainingCost: trainingCost(), servingCost: servingCost())
  }
}

/// `price / 3600 / (peak × utilisation)`: what one FLOP costs.
public func usdPerFLOP(
  usdPerChipHour: Double, peak: Double, utilization: Double
) throws(EconomicsError) -> Double {
  try require(usdPerChipHour, .nonNegative, "price per chip-hour in dollars")
  try require(peak, .positive, "peak FLOP/s")
  try require(utilization, .positiveShare, "utilisation")
  return usdPerChipHour / 3600 / (peak * utilization)
}
