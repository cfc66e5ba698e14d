/// The one artifact of `fleetplan plan`: `plan.json`, schema `plan/1`. Every other format is a pure function of it.
///
/// Plain rows with stable ids, in base SI units (seconds, bytes, watts, joules, dollars, tokens); the unit is in the
/// key wherever it is not obvious. Rows are sorted by id, so that two plans of the same inputs are the same bytes.
public struct Plan: Codable, Sendable, Hashable {
  public static let schema = "plan/1"

  public var schema = Plan.schema
  /// SHA-256 of the inputs, seed and version: the same id means the same plan.
  public var id: String
  public var toolVersion: String
  public var name: String
  public var currency: String
  public var startMonth: String
  public var horizonMonths: Int
  public var seed: UInt64
  public var verdict: Verdict
  public var months: [Month]
  public var services: [ServiceRow]
  public var sites: [SiteRow]
  public var pods: [PodRow]
  public var deployments: [Deployment]
  public var demand: [DemandRow]
  public var inventory: [InventoryRow]
  public var power: [PowerRow]
  public var costs: [CostLine]
  public var unitCosts: [UnitCost]
  public var serviceLevels: [ServiceLevelRow]
  public var rounds: [PlanningRound]
  public var shortfalls: [Shortfall]
  public var alternatives: [Alternative]
  public var sensitivity: [SensitivityRow]
  public var gates: [GateResult]
  public var checks: [Check]
  public var inputs: [InputRow]
  public var sources: [SourceFile]
  public var dataQuality: [DataQualityRow]
  public var solver: SolverReport
  /// The comparisons the product exists for, each with its table, picture and sentence.
  public var studies: [Report.Section]
  /// The most of a replica's capacity the plan may use, 0…1; `nil` in plans that did not record it.
  public var maxUtilization: Double?
  /// Annual rate behind the months' discount factors.
  public var annualDiscountRate: Double?
  /// One row per service, site and month when any one site may be lost: the peak replayed with the site killed.
  public var siteLosses: [SiteLossRow]?
  /// Demand to come with its interval, for services whose history is known; and how good such forecasts were.
  public var forecasts: [ForecastRow]?
  public var forecastFits: [ForecastFit]?
  /// What simpler methods reach on the last month.
  public var baselines: [BaselineRow]?
  /// Chips that are paid for and that no slice in use can take, in words, the pods with most of them first.
  public var stranded: [String]?
  /// What to buy, by the month to order it in; absent where nothing is bought.
  public var purchases: [PurchaseRow]?
  /// Plans of the last month that give money for carbon or for nearness to users.
  public var tradeOffs: [TradeOffRow]?

  public init(
    id: String, toolVersion: String, name: String, currency: String, startMonth: String, horizonMonths: Int,
    seed: UInt64, verdict: Verdict, months: [Month] = [], services: [ServiceRow] = [], sites: [SiteRow] = [],
    pods: [PodRow] = [], deployments: [Deployment] = [], demand: [DemandRow] = [],
    inventory: [InventoryRow] = [], power: [PowerRow] = [], costs: [CostLine] = [],
    unitCosts: [UnitCost] = [], serviceLevels: [ServiceLevelRow] = [], rounds: [PlanningRound] = [],
    shortfalls: [Shortfall] = [], alternatives: [Alternative] = [], sensitivity: [SensitivityRow] = [],
    gates: [GateResult] = [], checks: [Check] = [], inputs: [InputRow] = [], sources: [SourceFile] = [],
    dataQuality: [DataQualityRow] = [], solver: SolverReport, studies: [Report.Section] = [],
    maxUtilization: Double? = nil, annualDiscountRate: Double? = nil
  ) {
    self.id = id
    self.toolVersion = toolVersion
    self.name = name
    self.currency = currency
    self.startMonth = startMonth
    self.horizonMonths = horizonMonths
    self.seed = seed
    self.verdict = verdict
    self.months = months
    self.services = services
    self.sites = sites
    self.pods = pods
    self.deployments = deployments
    self.demand = demand
    self.inventory = inventory
    self.power = power
    self.costs = costs
    self.unitCosts = unitCosts
    self.serviceLevels = serviceLevels
    self.rounds = rounds
    self.shortfalls = shortfalls
    self.alternatives = alternatives
    self.sensitivity = sensitivity
    self.gates = gates
    self.checks = checks
    self.inputs = inputs
    self.sources = sources
    self.dataQuality = dataQuality
    self.solver = solver
    self.studies = studies
    self.maxUtilization = maxUtilization
    self.annualDiscountRate = annualDiscountRate
  }
}

extension Plan {
  /// The answer in one sentence, and what to do when it is no.
  public struct Verdict: Codable, Sendable, Hashable {
    public enum Status: String, Codable, Sendable {
      case feasible, infeasible, feasibleUntil = "feasible_until"
    }
    public var status: Status
    public var sentence: String
    public var bindingConstraint: String?
    public var smallestRelaxation: String?
    public init(
      status: Status, sentence: String, bindingConstraint: String? = nil, smallestRelaxation: String? = nil
    ) {
      self.status = status
      self.sentence = sentence
      self.bindingConstraint = bindingConstraint
      self.smallestRelaxation = smallestRelaxation
    }
  }

  /// One month of the horizon; money is not discounted here.
  public struct Month: Codable, Sendable, Hashable {
    public var index: Int
    /// `2027-01`.
    public var label: String
    public var hours: Double
    public var totalCost: Double
    public var budget: Double?
    public var chipsUsed: Int
    public var chipsInstalled: Int
    public var discountFactor: Double
    public init(
      index: Int, label: String, hours: Double, totalCost: Double, budget: Double?, chipsUsed: Int,
      chipsInstalled: Int, discountFactor: Double
    ) {
      self.index = index
      self.label = label
      self.hours = hours
      self.totalCost = totalCost
      self.budget = budget
      self.chipsUsed = chipsUsed
      self.chipsInstalled = chipsInstalled
      self.discountFactor = discountFactor
    }
  }

  public struct ServiceRow: Codable, Sendable, Hashable {
    public var id: String
    public var model: String
    public var weights: Precision
    public var kv: Precision
    public var slo: ServiceLevelObjective
    public var monthlyGrowth: Double
    public var thinkingMultiplier: Double
    public init(
      id: String, model: String, weights: Precision, kv: Precision, slo: ServiceLevelObjective,
      monthlyGrowth: Double, thinkingMultiplier: Double
    ) {
      self.id = id
      self.model = model
      self.weights = weights
      self.kv = kv
      self.slo = slo
      self.monthlyGrowth = monthlyGrowth
      self.thinkingMultiplier = thinkingMultiplier
    }
  }

  public struct SiteRow: Codable, Sendable, Hashable {
    public var id: String
    public var powerCapWatts: Double
    public var pue: Double
    public var electricityUSDPerKWh: Double
    public var carbonGramsPerKWh: Double?
    public var grade: Grade
    public var source: String
    public init(
      id: String, powerCapWatts: Double, pue: Double, electricityUSDPerKWh: Double,
      carbonGramsPerKWh: Double?, grade: Grade, source: String
    ) {
      self.id = id
      self.powerCapWatts = powerCapWatts
      self.pue = pue
      self.electricityUSDPerKWh = electricityUSDPerKWh
      self.carbonGramsPerKWh = carbonGramsPerKWh
      self.grade = grade
      self.source = source
    }
  }

  /// A pod with its price as the workbook edits it.
  public struct PodRow: Codable, Sendable, Hashable {
    public var id: String
    public var site: String
    public var chip: String
    public var topology: String
    public var blocks: Int
    public var chips: Int
    /// `owned`, `committed`, `on-demand` or `spot`.
    public var term: String
    /// What one chip costs per hour: the quoted rate, or for owned chips capital × recovery factor / hours.
    public var usdPerChipHour: Double
    public var capitalUSDPerChip: Double?
    public var depreciationMonths: Double?
    public var annualInterest: Double?
    public var wattsPerChip: Double
    public var idlePowerShare: Double
    public var source: String
    public var asOf: String
    public var grade: Grade
    public init(
      id: String, site: String, chip: String, topology: String, blocks: Int, chips: Int, term: String,
      usdPerChipHour: Double, capitalUSDPerChip: Double?, depreciationMonths: Double?,
      annualInterest: Double?, wattsPerChip: Double, idlePowerShare: Double, source: String, asOf: String,
      grade: Grade
    ) {
      self.id = id
      self.site = site
      self.chip = chip
      self.topology = topology
      self.blocks = blocks
      self.chips = chips
      self.term = term
      self.usdPerChipHour = usdPerChipHour
      self.capitalUSDPerChip = capitalUSDPerChip
      self.depreciationMonths = depreciationMonths
      self.annualInterest = annualInterest
      self.wattsPerChip = wattsPerChip
      self.idlePowerShare = idlePowerShare
      self.source = source
      self.asOf = asOf
      self.grade = grade
    }
  }
}
