import Quantities

/// A model offered to users, what they send it and what they were promised.
public struct Service: Sendable, Hashable {
  public var id: String
  public var model: String
  /// Other models that may answer in its place, in any mix.
  public var modelAlternatives: [String]
  public var weights: Precision
  public var kv: Precision
  public var slo: ServiceLevelObjective
  /// Trace file the demand is taken from, as written (relative to the scenario file).
  public var trace: String?
  /// Peak-hour request rate at month 0; `nil` takes the trace's own rate.
  public var requestsPerSecond: Double?
  /// Share of the demand by user region, summing to 1, in the order of the file.
  public var regionShares: [RegionShare]
  /// Compound growth of demand per month: 0.06 is +6 %.
  public var monthlyGrowth: Double
  /// Every output is this many times longer: the thinking budget.
  public var thinkingMultiplier: Double
  /// Mean load of a month over its peak hour, 0…1: fleets are sized for the peak and serve the mean.
  public var loadFactor: Double
  public var residency: String?
  /// Chips it may run on; empty = any that fits.
  public var allowedChips: [String]
  /// Higher is more important when capacity runs out.
  public var priority: Int
  /// Demand so far, when demand to come is forecast instead of grown at `monthlyGrowth`.
  public var history: DemandHistory?
  /// Load by hour of the day; `nil` knows only `loadFactor`.
  public var loadCurve: LoadCurve?

  /// Bytes of one token on the wire, prompt or answer.
  public var bytesPerToken = 4.0

  /// Every model that may answer, the first choice first.
  public var models: [String] { [model] + modelAlternatives }

  public struct RegionShare: Sendable, Hashable {
    public var region: String
    public var share: Double
    public init(region: String, share: Double) {
      self.region = region
      self.share = share
    }
  }

  public init(
    id: String, model: String, weights: Precision = .bf16, kv: Precision = .bf16,
    slo: ServiceLevelObjective, trace: String? = nil, requestsPerSecond: Double? = nil,
    regionShares: [RegionShare] = [], monthlyGrowth: Double = 0, thinkingMultiplier: Double = 1,
    loadFactor: Double = 1,
    residency: String? = nil, allowedChips: [String] = [], priority: Int = 0,
    modelAlternatives: [String] = [], history: DemandHistory? = nil, loadCurve: LoadCurve? = nil
  ) {
    self.id = id
    self.model = model
    self.modelAlternatives = modelAlternatives
    self.history = history
    self.loadCurve = loadCurve
    self.weights = weights
    self.kv = kv
    self.slo = slo
    self.trace = trace
    self.requestsPerSecond = requestsPerSecond
    self.regionShares = regionShares
    self.monthlyGrowth = monthlyGrowth
    self.thinkingMultiplier = thinkingMultiplier
    self.loadFactor = loadFactor
    self.residency = residency
    self.allowedChips = allowedChips
    self.priority = priority
  }
}

/// Targets at one percentile; `nil` = not promised.
public struct ServiceLevelObjective: Sendable, Hashable, Codable {
  /// Time to first token, including the network round trip.
  public var ttft: Seconds?
  /// Time per output token after the first: (latency − TTFT) / (output − 1).
  public var tpot: Seconds?
  public var endToEnd: Seconds?
  /// 0.99 = p99.
  public var percentile: Double

  public init(
    ttft: Seconds? = nil, tpot: Seconds? = nil, endToEnd: Seconds? = nil, percentile: Double = 0.99
  ) {
    self.ttft = ttft
    self.tpot = tpot
    self.endToEnd = endToEnd
    self.percentile = percentile
  }
}
