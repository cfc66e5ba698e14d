import Economics
import FleetData
import Performance
import Quantities

/// "Should the next dollar go into training or into inference?"
public struct SpendQuestion: Sendable {
  /// How the model would be served; its model is the one trained.
  public var serving: ScaleQuestion
  public var trainingChip: ChipSpec
  public var trainingChips: Int
  public var trainingUSDPerChipHour: InputRange
  /// `nil` predicts it for the chips and the model.
  public var mfu: InputRange?
  public var tokensPerParameter: Double
  /// Train to this loss, whatever tokens that takes, instead of on `tokensPerParameter`.
  public var targetLoss: Double?
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
  public var months: Int
  public var money: SpendMoney
  public var sampling: SamplingTerms

  public init(
    serving: ScaleQuestion, trainingChip: ChipSpec, trainingChips: Int = 1024,
    trainingUSDPerChipHour: InputRange, mfu: InputRange? = nil, tokensPerParameter: Double = 20,
    targetLoss: Double? = nil, parameters: Double? = nil, law: ParametricLaw = .besiroglu,
    trainingContext: Int = 8192,
    failuresPer1000NodeDays: InputRange = .observedFailures, checkpointSeconds: InputRange = InputRange(60),
    restartSeconds: InputRange = InputRange(300), requestsPerDay: InputRange,
    growth: InputRange = InputRange(0.05),
    months: Int = 24, money: SpendMoney = SpendMoney(), sampling: SamplingTerms = SamplingTerms()
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
}

extension InputRange {
  /// Failures per 1,000 node-days on three large clusters (arXiv:2410.21680, arXiv:2407.21783).
  public static var observedFailures: InputRange {
    var range = InputRange(3.79)
    range.low = 2.34
    range.high = 6.5
    return range
  }
}
