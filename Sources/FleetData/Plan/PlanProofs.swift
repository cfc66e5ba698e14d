extension Plan {
  /// The peak of one service in one month, replayed with one site killed.
  public struct SiteLossRow: Codable, Sendable, Hashable {
    /// `2027-12/chat/iowa`.
    public var id: String
    public var month: Int
    public var service: String
    /// The site that was killed and did not come back.
    public var site: String
    /// Requests per second that went on arriving.
    public var requestsPerSecond: Double
    public var replicasLost: Int
    public var replicasLeft: Int
    /// Requests that were running where the site died and began again elsewhere.
    public var restarted: Int
    /// Requests that arrived in the run; the three quarters of them that came after the site died are judged.
    public var arrived: Int
    /// The promise that came closest to being broken: `ttft`, `tpot` or `e2e`.
    public var metric: String
    public var percentile: Double
    public var targetSeconds: Double
    public var result: Interval
    /// Share of the judged requests that met every promise.
    public var attainment: Double
    public var verdict: ServiceLevelRow.Verdict
    public var note: String?
    public init(
      id: String, month: Int, service: String, site: String, requestsPerSecond: Double, replicasLost: Int,
      replicasLeft: Int, restarted: Int, arrived: Int, metric: String, percentile: Double,
      targetSeconds: Double, result: Interval, attainment: Double, verdict: ServiceLevelRow.Verdict,
      note: String? = nil
    ) {
      self.id = id
      self.month = month
      self.service = service
      self.site = site
      self.requestsPerSecond = requestsPerSecond
      self.replicasLost = replicasLost
      self.replicasLeft = replicasLeft
      self.restarted = restarted
      self.arrived = arrived
      self.metric = metric
      self.percentile = percentile
      self.targetSeconds = targetSeconds
      self.result = result
      self.attainment = attainment
      self.verdict = verdict
      self.note = note
    }
  }

  /// The peak rate of one month to come, in requests per second.
  public struct ForecastRow: Codable, Sendable, Hashable {
    public var service: String
    public var month: Int
    /// The middle of the forecast and its 95 % interval.
    public var forecast: Interval
    /// What the plan is made for: the quantile that was asked for.
    public var planned: Double
    public var quantile: Double
    public init(service: String, month: Int, forecast: Interval, planned: Double, quantile: Double) {
      self.service = service
      self.month = month
      self.forecast = forecast
      self.planned = planned
      self.quantile = quantile
    }
  }

  /// How a service's forecast was fitted and how well it would have done.
  public struct ForecastFit: Codable, Sendable, Hashable {
    public var service: String
    /// Observations, their length and the steps of a season (1 = none).
    public var steps: Int
    public var stepSeconds: Double
    public var season: Int
    /// Growth per step that the trend stands for: 0.06 is +6 %.
    public var growthPerStep: Double
    /// Smoothing of level, trend and season.
    public var smoothing: [Double]
    /// One-step forecasts made again from what was known before, the mean of |forecast − actual| / actual, and the
    /// share of actual demands inside their 95 % interval; `nil` when the history is too short to tell.
    public var backTests: Int?
    public var meanAbsoluteError: Double?
    public var coverage: Double?
    public init(
      service: String, steps: Int, stepSeconds: Double, season: Int, growthPerStep: Double,
      smoothing: [Double], backTests: Int? = nil, meanAbsoluteError: Double? = nil, coverage: Double? = nil
    ) {
      self.service = service
      self.steps = steps
      self.stepSeconds = stepSeconds
      self.season = season
      self.growthPerStep = growthPerStep
      self.smoothing = smoothing
      self.backTests = backTests
      self.meanAbsoluteError = meanAbsoluteError
      self.coverage = coverage
    }
  }

  /// The last month as a simpler method would have planned it.
  public struct BaselineRow: Codable, Sendable, Hashable {
    /// `integer program`, `greedy` or `local search`.
    public var method: String
    /// Dollars of objective for the month; `nil` when the method found no plan.
    public var objective: Double?
    /// How much dearer than the integer program: 0.12 is +12 %.
    public var above: Double?
    public init(method: String, objective: Double?, above: Double?) {
      self.method = method
      self.objective = objective
      self.above = above
    }
  }

  /// A plan of the last month that none other beats in both of two aims.
  public struct TradeOffRow: Codable, Sendable, Hashable {
    public enum Front: String, Codable, Sendable, Hashable {
      case carbon = "cost against carbon"
      case latency = "cost against latency"
    }
    public var front: Front
    /// The price on the other aim that it was made at, in words.
    public var price: String
    public var monthlyCost: Double
    public var carbonKilograms: Double
    public var meanRoundTripSeconds: Double
    public var chips: Int
    public init(
      front: Front, price: String, monthlyCost: Double, carbonKilograms: Double,
      meanRoundTripSeconds: Double, chips: Int
    ) {
      self.front = front
      self.price = price
      self.monthlyCost = monthlyCost
      self.carbonKilograms = carbonKilograms
      self.meanRoundTripSeconds = meanRoundTripSeconds
      self.chips = chips
    }
  }
}
