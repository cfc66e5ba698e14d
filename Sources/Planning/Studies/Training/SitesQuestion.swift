import Economics
import FleetData
import Performance

/// "Can training spread over sites, and what does it cost?"
public struct SitesQuestion: Sendable {
  /// What one site can draw, what it pays for it and what that emits.
  public struct Power: Sendable {
    /// Watts at one site.
    public var siteWatts: Double
    /// Per chip, with its share of the host.
    public var wattsPerChip: Double
    public var pue: InputRange
    public var tariff: Tariff
    public var gramsPerKWh: Double?
    public init(
      siteWatts: Double = 5e6, wattsPerChip: Double, pue: InputRange = InputRange(1.1), tariff: Tariff,
      gramsPerKWh: Double? = nil
    ) {
      self.siteWatts = siteWatts
      self.wattsPerChip = wattsPerChip
      self.pue = pue
      self.tariff = tariff
      self.gramsPerKWh = gramsPerKWh
    }
  }

  public var model: TransformerSpec
  public var chip: ChipSpec
  /// Sites that train together.
  public var sites: Int
  public var chipsPerSite: Int
  /// Training tokens of the run.
  public var tokens: Double
  public var tokensPerStep: Double
  /// `nil` predicts it for the chips of one site.
  public var mfu: InputRange?
  /// Bits per second between sites, one way.
  public var linkBitsPerSecond: InputRange
  public var roundTripSeconds: InputRange
  /// Local steps between synchronisations to compare.
  public var localSteps: [Double]
  public var usdPerChipHour: InputRange
  public var power: Power
  /// Serving of the same model by actors of reinforcement learning, and for the fleet that trains in its valleys.
  public var serving: ScaleQuestion
  /// Tokens of rollouts per learner step.
  public var rolloutTokensPerStep: Double
  /// Learner steps that a rollout's policy may lag.
  public var staleness: Double
  /// Trough over peak of the daily demand.
  public var troughOverPeak: InputRange
  public var seed: UInt64

  public init(
    model: TransformerSpec, chip: ChipSpec, sites: Int = 4, chipsPerSite: Int = 256, tokens: Double,
    tokensPerStep: Double = 4_194_304, mfu: InputRange? = nil, linkBitsPerSecond: InputRange,
    roundTripSeconds: InputRange = InputRange(0.06), localSteps: [Double] = [10, 30, 100, 300, 500],
    usdPerChipHour: InputRange, power: Power, serving: ScaleQuestion, rolloutTokensPerStep: Double = 16e6,
    staleness: Double = 4, troughOverPeak: InputRange = InputRange(0.4), seed: UInt64 = 1
  ) {
    self.model = model
    self.chip = chip
    self.sites = sites
    self.chipsPerSite = chipsPerSite
    self.tokens = tokens
    self.tokensPerStep = tokensPerStep
    self.mfu = mfu
    self.linkBitsPerSecond = linkBitsPerSecond
    self.roundTripSeconds = roundTripSeconds
    self.localSteps = localSteps
    self.usdPerChipHour = usdPerChipHour
    self.power = power
    self.serving = serving
    self.rolloutTokensPerStep = rolloutTokensPerStep
    self.staleness = staleness
    self.troughOverPeak = troughOverPeak
    self.seed = seed
  }

  func validate() throws(StudyError) {
    guard sites >= 1, chipsPerSite >= 1 else {
      throw .invalid(
        what: "sites and chips", found: "\(sites) × \(chipsPerSite)", expected: "at least one of each")
    }
    guard tokens >= tokensPerStep, tokensPerStep >= 1 else {
      throw .invalid(
        what: "tokens", found: "\(tokens) in steps of \(tokensPerStep)", expected: "at least one step")
    }
    guard linkBitsPerSecond.low > 0, roundTripSeconds.low >= 0 else {
      throw .invalid(
        what: "link", found: "\(linkBitsPerSecond.low) bit/s, \(roundTripSeconds.low) s round trip",
        expected: "more than 0 bit/s and no negative delay")
    }
    guard usdPerChipHour.low >= 0 else {
      throw .invalid(what: "price per chip-hour", found: "\(usdPerChipHour.low)", expected: "0 or more")
    }
    guard localSteps.allSatisfy({ $0 >= 1 }), !localSteps.isEmpty else {
      throw .invalid(
        what: "local steps", found: "\(localSteps)", expected: "one or more numbers of 1 or more")
    }
    guard troughOverPeak.low >= 0, troughOverPeak.high <= 1, power.pue.low >= 1, power.wattsPerChip > 0 else {
      throw .invalid(
        what: "site",
        found: "trough \(troughOverPeak.high), PUE \(power.pue.low), \(power.wattsPerChip) W",
        expected: "trough 0 to 1, PUE of 1 or more, watts above 0")
    }
  }
}
