import FleetData
import Quantities

/// Which replicas where, at least cost? All that the answer depends on.
public struct PlacementProblem: Sendable {
  /// What a plan is judged by: dollars per month, plus a price on carbon and on waiting.
  public struct Weights: Sendable, Hashable {
    /// Weight of money; 1 for a cost optimum, 0 to ignore money.
    public var cost: Double
    /// Dollars per kilogram of CO2.
    public var carbonPerKilogram: Double
    /// Dollars per second of RTT + TTFT for a request rate of 1/s held for one month.
    public var latencyPerSecond: Double

    public init(cost: Double = 1, carbonPerKilogram: Double = 0, latencyPerSecond: Double = 0) {
      self.cost = cost
      self.carbonPerKilogram = carbonPerKilogram
      self.latencyPerSecond = latencyPerSecond
    }
  }

  /// What a site costs per month as soon as one replica stands there: staff, space, links.
  public struct SiteOpening: Sendable, Hashable {
    public var site: String
    public var monthlyCost: USD
    public init(site: String, monthlyCost: USD) {
      self.site = site
      self.monthlyCost = monthlyCost
    }
  }

  /// Replicas that stand when month 0 begins.
  public struct StandingReplicas: Sendable, Hashable {
    public var option: String
    public var replicas: Int
    public init(option: String, replicas: Int) {
      self.option = option
      self.replicas = replicas
    }
  }

  public var fleet: Fleet
  /// Months planned, at least 1; every flow has a rate for each.
  public var months: Int
  public var services: [ServiceDemand]
  public var options: [ReplicaOption]
  /// The share of a replica's capacity at the SLO that the plan may use.
  public var maxUtilization: Double
  /// Demand is met, at `utilizationAfterLoss`, with any one site gone.
  public var survivesSiteLoss: Bool
  public var utilizationAfterLoss: Double
  /// Probability that enough replicas of an option are up, where its pod states the availability of a chip; `nil` =
  /// no reliability spares.
  public var spareConfidence: Double?
  /// Replicas that every deployment, one option at one site, may lose and still carry its load at
  /// `utilizationAfterLoss`: 1 is N+1 at every site.
  public var standbyReplicas: Int
  /// What a spot interruption costs where its pod does not say: reload of weights and warm-up.
  public var restart: Seconds
  /// Years over which owned buildings are written off.
  public var facilityLife: Seconds
  public var monthlyBudget: USD?
  /// Annual rate that discounts later months in the objective.
  public var discountRate: Double
  public var weights: Weights
  public var openings: [SiteOpening]
  /// Cost of starting or draining one replica between two months.
  public var changeCost: USD
  public var standing: [StandingReplicas]
  public var limits: SearchLimits

  public init(
    fleet: Fleet, months: Int, services: [ServiceDemand], options: [ReplicaOption],
    maxUtilization: Double = 0.8, survivesSiteLoss: Bool = false, utilizationAfterLoss: Double = 0.9,
    spareConfidence: Double? = nil, standbyReplicas: Int = 0, restart: Seconds = 5 * .minute,
    facilityLife: Seconds = 15 * .year, monthlyBudget: USD? = nil, discountRate: Double = 0,
    weights: Weights = Weights(), openings: [SiteOpening] = [], changeCost: USD = 0,
    standing: [StandingReplicas] = [], limits: SearchLimits = SearchLimits()
  ) {
    self.fleet = fleet
    self.months = months
    self.services = services
    self.options = options
    self.maxUtilization = maxUtilization
    self.survivesSiteLoss = survivesSiteLoss
    self.utilizationAfterLoss = utilizationAfterLoss
    self.spareConfidence = spareConfidence
    self.standbyReplicas = standbyReplicas
    self.restart = restart
    self.facilityLife = facilityLife
    self.monthlyBudget = monthlyBudget
    self.discountRate = discountRate
    self.weights = weights
    self.openings = openings
    self.changeCost = changeCost
    self.standing = standing
    self.limits = limits
  }
}
