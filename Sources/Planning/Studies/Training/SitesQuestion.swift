import Economics
import FleetData
import Performance

/// "Can training spread over sites, and what does it cost?"
///
/// Every number may be a range: the answer is for its base, the intervals for its whole.
public struct SitesQuestion: Sendable {
  public var model: TransformerSpec
  public var chip: ChipSpec
  /// Sites that train together, and chips at each; drawn numbers are rounded.
  public var sites: InputRange
  public var chipsPerSite: InputRange
  /// Training tokens of the run.
  public var tokens: InputRange
  public var tokensPerStep: InputRange
  /// `nil` takes what was measured on the published run most alike, or else predicts it.
  public var mfu: InputRange?
  /// Bits per second between sites, one way.
  public var linkBitsPerSecond: InputRange
  public var roundTripSeconds: InputRange
  /// Local steps between synchronisations to compare.
  public var localSteps: [Double]
  public var usdPerChipHour: InputRange
  /// Watts at one site.
  public var siteWatts: InputRange
  /// What a chip draws there, what that costs and what it emits; its watts are known.
  public var power: PowerTerms
  /// Serving of the same model by actors of reinforcement learning, and for the fleet that trains in its valleys.
  public var serving: ScaleQuestion
  /// Tokens of rollouts per learner step.
  public var rolloutTokensPerStep: InputRange
  /// Learner steps that a rollout's policy may lag.
  public var staleness: InputRange
  /// Trough over peak of the daily demand.
  public var troughOverPeak: InputRange
  /// Loss that spreading adds to what is planned with, over that of synchronous training.
  var addedLoss = InputRange(0)
  public var seed: UInt64

  public init(
    model: TransformerSpec, chip: ChipSpec, sites: InputRange = InputRange(4),
    chipsPerSite: InputRange = InputRange(256), tokens: InputRange,
    tokensPerStep: InputRange = InputRange(4_194_304), mfu: InputRange? = nil,
    linkBitsPerSecond: InputRange, roundTripSeconds: InputRange = InputRange(0.06),
    localSteps: [Double] = [10, 30, 100, 300, 500], usdPerChipHour: InputRange,
    siteWatts: InputRange = InputRange(5e6), power: PowerTerms, serving: ScaleQuestion,
    rolloutTokensPerStep: InputRange = InputRange(16e6), staleness: InputRange = InputRange(4),
    troughOverPeak: InputRange = InputRange(0.4), seed: UInt64 = 1
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
    self.siteWatts = siteWatts
    self.power = power
    self.serving = serving
    self.rolloutTokensPerStep = rolloutTokensPerStep
    self.staleness = staleness
    self.troughOverPeak = troughOverPeak
    self.seed = seed
  }

  var wattsPerChip: Double { power.watts?.base ?? 0 }

  func validate() throws(StudyError) {
    try serving.validate()
    try sites.check("sites", .atLeastOne)
    try chipsPerSite.check("chips per site", .atLeastOne)
    try tokensPerStep.check("tokens per step", .atLeastOne)
    guard tokens.low >= tokensPerStep.high else {
      throw .invalid(
        what: "tokens",
        found: "\(StudyText.count(tokens.low)) in steps of \(StudyText.count(tokensPerStep.high))",
        expected: "at least one step")
    }
    try mfu?.check("MFU", .positiveShare)
    try linkBitsPerSecond.check("link in bit/s", .positive)
    try roundTripSeconds.check("round trip in seconds", .nonNegative)
    try usdPerChipHour.check("price per chip-hour", .nonNegative)
    guard localSteps.allSatisfy({ $0 >= 1 }), !localSteps.isEmpty else {
      throw .invalid(
        what: "local steps", found: "\(localSteps)", expected: "one or more numbers of 1 or more")
    }
    try siteWatts.check("power of a site in watts", .positive)
    try troughOverPeak.check("trough over peak of the day", .share)
    try rolloutTokensPerStep.check("tokens of rollouts per learner step", .atLeastOne)
    try staleness.check("learner steps that a rollout may lag", .nonNegative)
    try power.check()
    guard power.watts != nil else {
      throw .invalid(what: "power of \(chip.id)", found: "nothing in the catalog", expected: "--watts")
    }
  }
}

extension SitesQuestion: RangedQuestion {
  var inputs: [StudyInput<SitesQuestion>] {
    let inputs: [StudyInput<SitesQuestion>] = [
      StudyInput("link", unit: "Gbit/s", scale: 1e-9, \.linkBitsPerSecond),
      StudyInput("round trip", unit: "ms", scale: 1000, \.roundTripSeconds),
      StudyInput("loss added", unit: "×", \.addedLoss),
      StudyInput("sites", \.sites), StudyInput("chips per site", \.chipsPerSite),
      StudyInput("training tokens", \.tokens), StudyInput("tokens per step", \.tokensPerStep),
      StudyInput("power of a site", unit: "MW", scale: 1e-6, \.siteWatts),
      StudyInput("rollout tokens per step", \.rolloutTokensPerStep),
      StudyInput("staleness", unit: "learner steps", \.staleness),
      StudyInput("trough over peak", \.troughOverPeak),
    ]
    // What a chip-hour costs moves learners, actors and the run alike.
    let shared: Set = ["utilisation", "token time users accept", "price"]
    return inputs + (mfu == nil ? [] : [StudyInput("MFU", \.mfu!)])
      + (serving.ownership == nil ? [StudyInput("price", unit: "$/chip.h", \.usdPerChipHour)] : [])
      + power.inputs.map { $0.within(\.power) }
      + serving.servingInputs.filter { !shared.contains($0.name) }.map { $0.within(\.serving) }
  }

  /// The question with the actors and learners at its price and electricity.
  var settled: SitesQuestion {
    var question = self
    question.serving.ownership?.take(power)
    if question.serving.ownership == nil { question.serving.rent = usdPerChipHour }
    question.usdPerChipHour = question.serving.usdPerChipHour
    return question
  }
}
