import Quantities

/// What is asked: services on a fleet over a horizon, with limits, gates and what-ifs.
public struct Scenario: Sendable, Hashable {
  public var name: String
  public var fleet: Fleet
  public var services: [Service]
  /// Months planned, at least 1.
  public var horizonMonths: Int
  /// First month as `2027-01`; results are labelled with it, never with the clock.
  public var startMonth: String
  public var seed: UInt64
  /// Money per month that must not be exceeded, if there is a limit.
  public var monthlyBudget: USD?
  /// Annual rate used to discount later months.
  public var discountRate: Double
  /// Capacity survives the loss of any one site.
  public var survivesSiteLoss: Bool
  /// The most of a replica's SLO capacity the plan may use: 0.8 leaves a fifth for noise.
  public var maxUtilization: Double
  /// The most of it in use once a site is lost.
  public var utilizationAfterLoss: Double
  /// Probability that enough replicas are up where pods state the availability of a chip; `nil` = no spares.
  public var spareConfidence: Double?
  /// Replicas that every deployment may lose and still keep its promises: 1 is N+1 at every site.
  public var standbyReplicas = 0
  public var objective: PlanObjective
  public var gates: [Gate]
  public var training: TrainingQuestion?

  public init(
    name: String, fleet: Fleet, services: [Service], horizonMonths: Int = 12, startMonth: String,
    seed: UInt64 = 1, monthlyBudget: USD? = nil, discountRate: Double = 0, survivesSiteLoss: Bool = false,
    maxUtilization: Double = 0.8, gates: [Gate] = [], training: TrainingQuestion? = nil,
    utilizationAfterLoss: Double = 0.9, spareConfidence: Double? = nil,
    objective: PlanObjective = PlanObjective()
  ) {
    self.name = name
    self.fleet = fleet
    self.services = services
    self.horizonMonths = horizonMonths
    self.startMonth = startMonth
    self.seed = seed
    self.monthlyBudget = monthlyBudget
    self.discountRate = discountRate
    self.survivesSiteLoss = survivesSiteLoss
    self.maxUtilization = maxUtilization
    self.utilizationAfterLoss = utilizationAfterLoss
    self.spareConfidence = spareConfidence
    self.objective = objective
    self.gates = gates
    self.training = training
  }
}

/// "Should we train our own?": the model size and chip that the training comparison prices.
public struct TrainingQuestion: Sendable, Hashable {
  /// N; `nil` takes the first service's model.
  public var parameters: Double?
  public var tokensPerParameter: Double
  public var chip: String
  public var chips: Int
  public init(parameters: Double? = nil, tokensPerParameter: Double = 20, chip: String, chips: Int) {
    self.parameters = parameters
    self.tokensPerParameter = tokensPerParameter
    self.chip = chip
    self.chips = chips
  }
}

/// A condition a plan must meet, e.g. `cost.month.total <= $2.6M`.
public struct Gate: Sendable, Hashable, Codable {
  public enum Severity: String, Sendable, Hashable, Codable, CaseIterable { case error, warn }
  public var name: String
  public var expression: String
  public var severity: Severity
  public var why: String?
  public var owner: String?
  /// Where it was written, for annotations.
  public var location: Diagnostic.Location?
  public init(
    name: String, expression: String, severity: Severity = .error, why: String? = nil, owner: String? = nil,
    location: Diagnostic.Location? = nil
  ) {
    self.name = name
    self.expression = expression
    self.severity = severity
    self.why = why
    self.owner = owner
    self.location = location
  }
}
