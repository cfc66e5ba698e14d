import FleetData
import Quantities

/// The peak rates of a service's months to come, from its demand so far.
public struct ServiceForecast: Sendable {
  public let history: DemandHistory
  /// Peak rate of each step so far, in requests per second.
  public let rates: [Double]
  public let forecast: DemandForecast
  /// `nil` when the history is too short to forecast from a part of it.
  public let backTest: BackTest?

  /// - Throws: a `Diagnostic` when the history is too short or has steps without demand.
  public init(_ history: DemandHistory, trace: WorkloadTrace, service: String) throws(Diagnostic) {
    let rates =
      switch history.source {
      case .rates(let rates): rates
      case .trace: Self.peakRates(of: trace, every: history.every)
      }
    do throws(ForecastError) {
      forecast = try DemandForecast(history: rates, period: history.season)
    } catch {
      throw Self.diagnostic(error, service: service, every: history.every)
    }
    self.history = history
    self.rates = rates
    let origins = min(rates.count - (history.season > 1 ? 2 * history.season : 3), 12)
    backTest = origins >= 1 ? try? BackTest(history: rates, period: history.season, steps: origins) : nil
  }

  /// The peak rate of a month, 0 = the first of the plan: the highest step in it, with its 95 % interval.
  public func peak(month: Int) -> Interval {
    steps(ofMonth: month).map { forecast.demand(step: $0) }.max { $0.value < $1.value }!
  }

  /// The rate that the month is planned for.
  public func planned(month: Int) -> Double {
    steps(ofMonth: month).map { forecast.quantile(history.quantile, step: $0) }.max()!
  }

  /// Steps that end within a month, counted from the end of the history; at least one.
  private func steps(ofMonth month: Int) -> ClosedRange<Int> {
    let perMonth = Seconds.month / history.every
    let first = Int((Double(month) * perMonth).rounded(.down)) + 1
    let last = Int((Double(month + 1) * perMonth).rounded(.down))
    return first...max(first, last)
  }

  /// The busiest hour of each whole step of a trace, or the step itself where it is no longer than an hour.
  static func peakRates(of trace: WorkloadTrace, every step: Seconds) -> [Double] {
    let hour = min(step.value, Seconds.hour.value)
    let hours = Int(trace.duration.value / hour)
    var counts = [Double](repeating: 0, count: hours)
    let start = trace.arrivals.first?.seconds ?? 0
    for arrival in trace.arrivals {
      let index = Int((arrival.seconds - start) / hour)
      if index < hours { counts[index] += 1 }
    }
    let perStep = max(1, Int((step.value / hour).rounded()))
    return stride(from: 0, through: hours - perStep, by: perStep).map { first in
      (counts[first..<first + perStep].max() ?? 0) / hour
    }
  }

  private static func diagnostic(_ error: ForecastError, service: String, every: Seconds) -> Diagnostic {
    switch error {
    case .tooShort(let count, let needed):
      Diagnostic(
        "the history of '\(service)' is too short to forecast from", found: "\(count) steps",
        expected: "at least \(needed)",
        help: "a shorter `forecast.every`, a shorter season or a longer history")
    case .notPositive:
      Diagnostic(
        "the history of '\(service)' has a step without demand", found: "0 requests",
        expected: "demand in every step", help: "a longer `forecast.every`")
    }
  }
}

extension ServiceForecast {
  func fitRow(service: String) -> Plan.ForecastFit {
    Plan.ForecastFit(
      service: service, steps: rates.count, stepSeconds: history.every.value, season: history.season,
      growthPerStep: forecast.growth,
      smoothing: [forecast.smoothing.level, forecast.smoothing.trend, forecast.smoothing.season],
      backTests: backTest?.forecasts, meanAbsoluteError: backTest?.meanAbsoluteError,
      coverage: backTest?.coverage)
  }

  func row(service: String, month: Int) -> Plan.ForecastRow {
    Plan.ForecastRow(
      service: service, month: month, forecast: peak(month: month), planned: planned(month: month),
      quantile: history.quantile)
  }
}
