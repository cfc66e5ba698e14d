import Economics
import FleetData
import Quantities

/// What a service asks of the fleet: its trace's lengths and arrival process at the scenario's rates.
public struct ServiceWorkload: Sendable {
  /// The service, its load factor taken from its load curve where it has one.
  public private(set) var service: Service
  public let trace: WorkloadTrace
  /// Mean prompt and answer, in tokens; the answer includes the thinking multiplier.
  public let meanInput: Double
  public let meanOutput: Double
  /// The rate the trace itself arrives at, in requests per second.
  public let traceRate: Double
  /// Demand to come, where demand so far is known.
  public let forecast: ServiceForecast?
  public let curve: HourlyDemand?
  /// Load of each user region in the 24 hours (UTC) of a day over its own peak; empty without a curve.
  public private(set) var hoursByRegion: [String: [Double]] = [:]

  /// - Parameter regions: where they lie decides which hour of UTC an hour of the load curve is.
  /// - Throws: `Diagnostics` when the trace cannot tell what the service takes from it.
  public init(
    service: Service, trace: WorkloadTrace, regions: [UserRegion] = []
  ) throws(Diagnostics) {
    do throws(Diagnostic) {
      forecast = try service.history.map { history throws(Diagnostic) in
        try ServiceForecast(history, trace: trace, service: service.id)
      }
      curve = try service.loadCurve.map { curve throws(Diagnostic) in
        try Self.hourlyDemand(curve, trace: trace, service: service.id)
      }
    } catch {
      throw Diagnostics([error])
    }
    if let curve {
      for share in service.regionShares {
        let place = regions.first { $0.id == share.region }?.longitude ?? 0
        hoursByRegion[share.region] = (0..<24).map { curve.load(hourUTC: $0, longitude: place) }
      }
    }
    var known = service
    if let curve { known.loadFactor = curve.mean / Self.highest(service.regionShares, hoursByRegion) }
    self.service = known
    self.trace = trace
    let count = Double(max(1, trace.count))
    meanInput = trace.inputTokens.reduce(0.0) { $0 + Double($1) } / count
    meanOutput = trace.outputTokens.reduce(0.0) { $0 + Double($1) } / count * service.thinkingMultiplier
    let seconds = trace.duration.value
    traceRate = trace.count > 1 && seconds > 0 ? Double(trace.count - 1) / seconds : 1
  }

  private static func hourlyDemand(
    _ curve: LoadCurve, trace: WorkloadTrace, service: String
  ) throws(Diagnostic) -> HourlyDemand {
    switch curve {
    case .hours(let loads):
      do throws(EconomicsError) {
        return try HourlyDemand(hours: loads)
      } catch { throw Diagnostic("the load curve of '\(service)' is none: \(error)") }
    case .trace:
      guard let curve = HourlyDemand(trace: trace) else {
        throw Diagnostic(
          "the trace of '\(service)' has no whole day to take a load curve from",
          found: "\(Int(trace.duration.value / 3600)) hours", expected: "24 hours or more",
          help: "write the curve as 24 loads, or leave `load_curve` out")
      }
      return curve
    }
  }

  /// The most that all regions together ask for in an hour, over the sum of their own peaks: below 1 where they peak
  /// at different hours.
  private static func highest(_ shares: [Service.RegionShare], _ hours: [String: [Double]]) -> Double {
    (0..<24).map { hour in
      shares.reduce(0) { $0 + $1.share * (hours[$1.region]?[hour] ?? 1) }
    }.max() ?? 1
  }

  /// The rate of one region in its own peak hour.
  ///
  ///     peak_r = share_r · peak / max_h Σ_r share_r · load_r(h)
  ///
  /// so that all regions together ask for `peak` in their busiest hour.
  public func peakRate(of share: Service.RegionShare, month: Int) -> Double {
    let together = hoursByRegion.isEmpty ? 1 : Self.highest(service.regionShares, hoursByRegion)
    return peakRate(month: month) * share.share / together
  }

  /// Requests per second of every region in an hour (UTC) of a month.
  func rates(month: Int, hour: Int) -> [Service.RegionShare] {
    service.regionShares.filter { $0.share > 0 }.map { share in
      Service.RegionShare(
        region: share.region,
        share: peakRate(of: share, month: month) * (hoursByRegion[share.region]?[hour] ?? 1))
    }
  }

  /// The hour (UTC) in which all regions together ask for most; `nil` without a curve.
  public var busiestHour: Int? {
    guard !hoursByRegion.isEmpty else { return nil }
    func load(_ hour: Int) -> Double {
      service.regionShares.reduce(0) { $0 + $1.share * (hoursByRegion[$1.region]?[hour] ?? 1) }
    }
    return (0..<24).max { (load($0), $1) < (load($1), $0) }
  }

  /// Bytes of a request both ways, and of its answer.
  var bytesPerRequest: (both: Double, answer: Double) {
    (service.bytesPerToken * (meanInput + meanOutput), service.bytesPerToken * meanOutput)
  }

  /// The same demand from regions in other shares.
  func from(_ shares: [Service.RegionShare]) -> ServiceWorkload {
    var other = self
    other.service.regionShares = shares
    return other
  }

  /// The peak hour's rate in a month, in requests per second: the forecast's, or rate · (1 + growth)^month.
  public func peakRate(month: Int) -> Double {
    if let forecast { return forecast.planned(month: month) }
    var rate = service.requestsPerSecond ?? traceRate
    for _ in 0..<month { rate *= 1 + service.monthlyGrowth }
    return rate
  }

  /// The largest of these months' peak rates.
  func busiestRate(in months: Range<Int>) -> Double { months.map { peakRate(month: $0) }.max() ?? 0 }

  /// The same demand under another promised time to first token.
  func promising(ttft: Seconds?) -> ServiceWorkload {
    var other = self
    other.service.slo.ttft = ttft
    return other
  }

  /// Context a decoding request holds on average: its prompt and half its answer.
  public var meanContext: Double { meanInput + meanOutput / 2 }

  public func demandRow(month: Int) -> Plan.DemandRow {
    Plan.DemandRow(
      month: month, service: service.id, requestsPerSecond: peakRate(month: month),
      meanInputTokens: meanInput, meanOutputTokens: meanOutput)
  }
}
