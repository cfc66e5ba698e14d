import FleetData

/// What demand looks like.
public struct DemandStatistics: Hashable, Sendable, Codable {
  public var requests: Int
  /// From the first arrival to the last.
  public var durationSeconds: Double
  /// Requests over duration.
  public var ratePerSecond: Double
  /// Standard deviation over mean of the times between arrivals.
  public var interarrivalCV: Double?
  public var inputTokens: LengthStatistics
  public var outputTokens: LengthStatistics
  public var reasoningTokens: LengthStatistics?
  public var cachedTokens: LengthStatistics?
  /// Spearman's rank correlation of input and output lengths.
  public var rankCorrelation: Double?
  public var joint: JointDistribution
  public var series: RateSeries
  /// Variance over mean of arrivals per window.
  public var dispersion: [DispersionPoint]
  /// Requests by hour of the day (UTC) and by weekday from Monday on, when the trace has a date.
  public var hours: [Int]?
  public var weekdays: [Int]?
  public var sessions: SessionStatistics?
  public var prefixes: PrefixStatistics?
  public var concurrency: ConcurrencyStatistics
  public var services: [DemandShare]
  public var regions: [DemandShare]
  public var tenants: [DemandShare]
  public var classes: [DemandShare]

  /// Measures a trace that is in memory.
  public init?(_ trace: WorkloadTrace, secondsPerOutputToken: Double = 0.03) {
    var accumulator = DemandAccumulator(secondsPerOutputToken: secondsPerOutputToken)
    accumulator.add(trace)
    guard let statistics = accumulator.statistics() else { return nil }
    self = statistics
  }

  init(
    requests: Int, durationSeconds: Double, ratePerSecond: Double, interarrivalCV: Double?,
    inputTokens: LengthStatistics, outputTokens: LengthStatistics, reasoningTokens: LengthStatistics?,
    cachedTokens: LengthStatistics?, rankCorrelation: Double?, joint: JointDistribution, series: RateSeries,
    dispersion: [DispersionPoint], hours: [Int]?, weekdays: [Int]?, sessions: SessionStatistics?,
    prefixes: PrefixStatistics?, concurrency: ConcurrencyStatistics, services: [DemandShare],
    regions: [DemandShare], tenants: [DemandShare], classes: [DemandShare]
  ) {
    self.requests = requests
    self.durationSeconds = durationSeconds
    self.ratePerSecond = ratePerSecond
    self.interarrivalCV = interarrivalCV
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.reasoningTokens = reasoningTokens
    self.cachedTokens = cachedTokens
    self.rankCorrelation = rankCorrelation
    self.joint = joint
    self.series = series
    self.dispersion = dispersion
    self.hours = hours
    self.weekdays = weekdays
    self.sessions = sessions
    self.prefixes = prefixes
    self.concurrency = concurrency
    self.services = services
    self.regions = regions
    self.tenants = tenants
    self.classes = classes
  }
}

/// Variance over mean of the arrivals in windows of one length.
public struct DispersionPoint: Hashable, Sendable, Codable {
  public var windowSeconds: Int
  public var index: Double

  enum CodingKeys: String, CodingKey {
    case index
    case windowSeconds = "window_s"
  }
}

/// Requests at work at once, if every output token took the same time and nothing waited.
public struct ConcurrencyStatistics: Hashable, Sendable, Codable {
  public var secondsPerOutputToken: Double
  public var mean: Double
  public var peak: Int

  enum CodingKeys: String, CodingKey {
    case mean, peak
    case secondsPerOutputToken = "s_per_output_token"
  }
}
