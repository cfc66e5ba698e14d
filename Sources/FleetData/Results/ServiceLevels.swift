import Quantities

/// A latency distribution as reports need it, with a 95 % interval on the percentile that was promised.
public struct LatencySummary: Sendable, Hashable, Codable {
  public var mean: Double
  public var p50: Double
  public var p90: Double
  public var p99: Double
  public init(mean: Double, p50: Double, p90: Double, p99: Double) {
    self.mean = mean
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
  }
}

/// A value with its 95 % confidence interval.
public struct Interval: Sendable, Hashable, Codable {
  public var value: Double
  public var low: Double
  public var high: Double
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// What the users of one service experienced in one simulated run; latencies in seconds.
///
/// Law: arrived = completed + running + queued + rejected.
public struct ServiceLevels: Sendable, Hashable, Codable {
  public var service: String
  public var arrived: Int
  public var completed: Int
  public var running: Int
  public var queued: Int
  public var rejected: Int
  public var ttft: LatencySummary?
  public var tpot: LatencySummary?
  public var endToEnd: LatencySummary?
  /// The promised percentile of each promised latency, with its interval: of all requests that arrived, those that were
  /// not served counting as the slowest. The slowest one served when it lies among those.
  public var ttftAtTarget: Interval?
  public var tpotAtTarget: Interval?
  public var endToEndAtTarget: Interval?
  /// Share of arrived requests that met every promised latency; unfinished requests do not.
  public var attainment: Double?
  public var inputTokens: Int
  public var outputTokens: Int
  /// Is the run in steady state? If not, why not.
  public var steady: Bool
  public var unsteadyReason: String?

  /// Requests that were refused, or had not finished when the run ended, over those that arrived.
  public var unservedShare: Double {
    arrived > 0 ? Double(rejected + queued + running) / Double(arrived) : 0
  }

  public init(
    service: String, arrived: Int, completed: Int, running: Int, queued: Int, rejected: Int,
    ttft: LatencySummary? = nil, tpot: LatencySummary? = nil, endToEnd: LatencySummary? = nil,
    ttftAtTarget: Interval? = nil, tpotAtTarget: Interval? = nil, endToEndAtTarget: Interval? = nil,
    attainment: Double? = nil, inputTokens: Int, outputTokens: Int, steady: Bool,
    unsteadyReason: String? = nil
  ) {
    self.service = service
    self.arrived = arrived
    self.completed = completed
    self.running = running
    self.queued = queued
    self.rejected = rejected
    self.ttft = ttft
    self.tpot = tpot
    self.endToEnd = endToEnd
    self.ttftAtTarget = ttftAtTarget
    self.tpotAtTarget = tpotAtTarget
    self.endToEndAtTarget = endToEndAtTarget
    self.attainment = attainment
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.steady = steady
    self.unsteadyReason = unsteadyReason
  }
}
