import Economics
import FleetData
import Performance
import Quantities

/// "Should the next dollar go into training or into inference?"
///
/// Every number may be a range: the answer is for its base, the intervals for its whole.
public struct SpendQuestion: Sendable {
  /// How the model would be served; its model is the one trained.
  public var serving: ScaleQuestion
  public var trainingChip: ChipSpec
  public var trainingChips: InputRange
  public var trainingUSDPerChipHour: InputRange
  /// `nil` takes what was measured on the published run most alike, or else predicts it.
  public var mfu: InputRange?
  public var tokensPerParameter: InputRange
  /// Train to this loss, whatever tokens that takes, instead of on `tokensPerParameter`.
  public var targetLoss: InputRange?
  /// N, when it is not the served model's own; serving is then scaled with it.
  public var parameters: Double?
  public var law: ParametricLaw
  /// Tokens of one training sequence.
  public var trainingContext: Int
  /// Unexpected failures per 1,000 node-days: 2.34 and 6.50 on two research clusters, 3.79 in the Llama-3 405B run.
  public var failuresPer1000NodeDays: InputRange
  public var checkpointSeconds: InputRange
  public var restartSeconds: InputRange
  public var requestsPerDay: InputRange
  /// Per month.
  public var growth: InputRange
  /// Whole months; a drawn number is rounded.
  public var months: InputRange
  public var money: SpendMoney
  public var sampling: SamplingTerms

  public init(
    serving: ScaleQuestion, trainingChip: ChipSpec, trainingChips: InputRange = InputRange(1024),
    trainingUSDPerChipHour: InputRange, mfu: InputRange? = nil,
    tokensPerParameter: InputRange = InputRange(20),
    targetLoss: InputRange? = nil, parameters: Double? = nil, law: ParametricLaw = .besiroglu,
    trainingContext: Int = 8192,
    failuresPer1000NodeDays: InputRange = .observedFailures, checkpointSeconds: InputRange = InputRange(60),
    restartSeconds: InputRange = InputRange(300), requestsPerDay: InputRange,
    growth: InputRange = InputRange(0.05), months: InputRange = InputRange(24),
    money: SpendMoney = SpendMoney(), sampling: SamplingTerms = SamplingTerms()
  ) {
    self.serving = serving
    self.trainingChip = trainingChip
    self.trainingChips = trainingChips
    self.trainingUSDPerChipHour = trainingUSDPerChipHour
    self.mfu = mfu
    self.tokensPerParameter = tokensPerParameter
    self.targetLoss = targetLoss
    self.parameters = parameters
    self.law = law
    self.trainingContext = trainingContext
    self.failuresPer1000NodeDays = failuresPer1000NodeDays
    self.checkpointSeconds = checkpointSeconds
    self.restartSeconds = restartSeconds
    self.requestsPerDay = requestsPerDay
    self.growth = growth
    self.months = months
    self.money = money
    self.sampling = sampling
  }

  /// Refuses what makes no sense at either end of its range.
  func validate() throws(StudyError) {
    try trainingChips.check("training chips", .atLeastOne)
    try trainingUSDPerChipHour.check("price of a training chip-hour in dollars", .nonNegative)
    try mfu?.check("MFU", .positiveShare)
    try tokensPerParameter.check("training tokens per parameter", .positive)
    try failuresPer1000NodeDays.check("failures per 1,000 node-days", .positive)
    try checkpointSeconds.check("checkpoint time in seconds", .positive)
    try restartSeconds.check("restart time in seconds", .nonNegative)
    try requestsPerDay.check("requests per day", .nonNegative)
    try months.check("months of service", .atLeastOne)
    try money.check()
    try sampling.check()
  }
}

extension SpendQuestion: RangedQuestion {
  var seed: UInt64 { serving.seed }

  var inputs: [StudyInput<SpendQuestion>] {
    let inputs: [StudyInput<SpendQuestion>] = [
      StudyInput("training price", unit: "$/chip.h", \.trainingUSDPerChipHour),
      StudyInput("training chips", \.trainingChips),
      StudyInput("failures", unit: "/1000 node-days", \.failuresPer1000NodeDays),
      StudyInput("checkpoint", unit: "s", \.checkpointSeconds),
      StudyInput("restart", unit: "s", \.restartSeconds),
      StudyInput("requests", unit: "/day", \.requestsPerDay), StudyInput("growth", unit: "/month", \.growth),
      StudyInput("life", unit: "months", \.months),
      StudyInput("discount", unit: "/year", \.money.discountRate),
      StudyInput("trough over peak", \.money.troughOverPeak),
    ]
    return inputs + optionalInputs + money.power.inputs.map { $0.within(\.money.power) }
      + SamplingTerms.inputs.map { $0.within(\.sampling) }
      + serving.servingInputs.map { input in
        var input = input
        if input.name == "price" { input.name = "serving price" }
        return input.within(\.serving)
      }
  }

  private var optionalInputs: [StudyInput<SpendQuestion>] {
    (mfu == nil ? [] : [StudyInput("MFU", \.mfu!)])
      + (targetLoss == nil
        ? [StudyInput("tokens per parameter", \.tokensPerParameter)]
        : [StudyInput("loss", unit: "nats/token", \.targetLoss!)])
      + (money.committedUSDPerChipHour == nil
        ? [] : [StudyInput("committed price", unit: "$/chip.h", \.money.committedUSDPerChipHour!)])
  }
}

extension InputRange {
  /// Failures per 1,000 node-days on three large clusters (arXiv:2410.21680, arXiv:2407.21783).
  public static let observedFailures = InputRange(3.79, from: 2.34, to: 6.5)
}
