import FleetData
import Quantities

/// Measures a trace piece by piece in bounded memory; the pieces come in file order and share their names.
public struct DemandAccumulator {
  private var tally: RequestTally
  private var reasoning = LengthHistogram()
  private var cached = LengthHistogram()
  private var rates = RateWatch()
  private var sessions = SessionCounter()
  private var prefixes = PrefixReuse()
  private var services = GroupCounter()
  private var regions = GroupCounter()
  private var tenants = GroupCounter()
  private var classes = GroupCounter()
  private var serviceNames: [String] = []
  private var regionNames: [String] = []
  private var tenantNames: [String] = []
  private var classNames: [String] = []
  private var first = Int64.max
  private var last = Int64.min
  private let secondsPerOutputToken: Double

  /// - Parameter secondsPerOutputToken: the speed of serving assumed for concurrency.
  public init(secondsPerOutputToken: Double = 0.03) {
    self.secondsPerOutputToken = secondsPerOutputToken
    tally = RequestTally(secondsPerOutputToken: secondsPerOutputToken)
  }

  public mutating func add(_ batch: WorkloadTrace) {
    guard batch.count > 0 else { return }
    first = min(first, batch.arrivals[0].nanoseconds)
    last = max(last, batch.arrivals[batch.count - 1].nanoseconds)
    rates.origin = batch.start ?? 0
    rates.hasDate = batch.start != nil
    tally.add(batch) { rates.add($0) }
    reasoning.add(batch.reasoningTokens)
    cached.add(batch.cachedTokens)
    sessions.add(batch.sessions)
    prefixes.add(batch)
    addLabels(batch)
  }

  private mutating func addLabels(_ batch: WorkloadTrace) {
    services.add(batch.services, batch.inputTokens, batch.outputTokens)
    regions.add(batch.regions, batch.inputTokens, batch.outputTokens)
    tenants.add(batch.tenants, batch.inputTokens, batch.outputTokens)
    classes.add(batch.classes, batch.inputTokens, batch.outputTokens)
    if serviceNames.count != batch.serviceNames.count { serviceNames = batch.serviceNames }
    if regionNames.count != batch.regionNames.count { regionNames = batch.regionNames }
    if tenantNames.count != batch.tenantNames.count { tenantNames = batch.tenantNames }
    if classNames.count != batch.classNames.count { classNames = batch.classNames }
  }

  /// What was measured so far; nil before the first request.
  public func statistics() -> DemandStatistics? {
    var rates = rates
    var tally = tally
    tally.close { rates.add($0) }
    rates.close()
    let (inputs, outputs) = (tally.inputs, tally.outputs)
    guard inputs.count > 0 else { return nil }
    let duration = max(0, Double(last - first) * 1e-9)
    let meanActive = duration > 0 ? Double(outputs.total) * secondsPerOutputToken / duration : 0
    return DemandStatistics(
      requests: Int(inputs.count), durationSeconds: duration,
      ratePerSecond: duration > 0 ? Double(inputs.count) / duration : 0,
      interarrivalCV: tally.gaps.coefficientOfVariation, inputTokens: LengthStatistics(inputs),
      outputTokens: LengthStatistics(outputs),
      reasoningTokens: reasoning.count > 0 ? LengthStatistics(reasoning) : nil,
      cachedTokens: cached.count > 0 ? LengthStatistics(cached) : nil,
      rankCorrelation: tally.joint.rankCorrelation,
      joint: tally.joint.octaves, series: rates.series, dispersion: rates.dispersion, hours: rates.hours,
      weekdays: rates.weekdays, sessions: sessions.statistics, prefixes: prefixes.statistics,
      concurrency: ConcurrencyStatistics(
        secondsPerOutputToken: secondsPerOutputToken, mean: meanActive, peak: rates.peakActive),
      services: services.shares(serviceNames), regions: regions.shares(regionNames),
      tenants: tenants.shares(tenantNames), classes: classes.shares(classNames))
  }
}
