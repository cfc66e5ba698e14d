import FleetData
import Foundation

/// Demand to come from demand so far: level, trend and season by exponential smoothing of its logarithm, so that
/// growth is a rate and a season a factor.
///
///     level   l ← α·(y − s) + (1 − α)·(l + b)
///     trend   b ← β·(l − l_before) + (1 − β)·b
///     season  s ← γ·(y − l) + (1 − γ)·s
///     ŷ(h) = l + h·b + s,   variance(h) = σ²·(1 + Σ_{j<h} (α + α·β·j)²)
///
/// α, β and γ are the ones of a fixed grid with the least squared one-step error.
///
/// - Source: Holt (1957), Winters (1960); variance of the additive class: Hyndman, Koehler, Ord and Snyder (2008).
public struct DemandForecast: Sendable, Hashable {
  /// Smoothing of level, trend and season, each 0…1.
  public struct Smoothing: Sendable, Hashable {
    public var level: Double
    public var trend: Double
    public var season: Double
  }

  public let smoothing: Smoothing
  /// Logarithm of the level after the last observation, and its growth per step.
  let level: Double
  let trend: Double
  /// Logarithms of the seasonal factors, the next step's first; one zero without a season.
  let season: [Double]
  /// Standard deviation of the one-step errors of the logarithm.
  let deviation: Double

  /// Fits the history, oldest first.
  ///
  /// - Parameter period: steps of a season, e.g. 12 for months or 24 for hours; 1 = none.
  /// - Throws: `ForecastError` when the history is too short or not positive.
  public init(history: [Double], period: Int = 1) throws(ForecastError) {
    let needed = period > 1 ? 2 * period : 3
    guard history.count >= needed else { throw .tooShort(count: history.count, needed: needed) }
    guard history.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .notPositive }
    let logs = history.map { log($0) }
    let grid = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8]
    var best: SmoothedSeries?
    for level in grid {
      for trend in grid where trend <= level {
        for season in period > 1 ? [0.05, 0.2, 0.5] : [0] {
          let smoothing = Smoothing(level: level, trend: trend, season: season)
          let series = SmoothedSeries(logs, period: period, smoothing: smoothing)
          if best.map({ series.squaredError < $0.squaredError }) ?? true { best = series }
        }
      }
    }
    guard let best else { preconditionFailure("the grid of smoothing constants is not empty") }
    smoothing = best.smoothing
    level = best.level
    trend = best.trend
    season = best.season
    deviation = (best.squaredError / Double(max(1, logs.count - needed + 1))).squareRoot()
  }

  /// The demand so many steps ahead, with the interval that covers 95 % if errors stay as they were.
  ///
  /// - Parameter step: 1 = the first step after the history.
  public func demand(step: Int) -> Interval {
    precondition(step >= 1, "a forecast looks at least one step ahead")
    let middle = level + Double(step) * trend + season[(step - 1) % season.count]
    var variance = 1.0
    for j in 1..<max(step, 1) {
      let weight = smoothing.level * (1 + smoothing.trend * Double(j))
      variance += weight * weight
    }
    let spread = 1.96 * deviation * variance.squareRoot()
    return Interval(value: exp(middle), low: exp(middle - spread), high: exp(middle + spread))
  }

  /// Growth per step that the trend stands for: 0.06 is +6 %.
  public var growth: Double { exp(trend) - 1 }
}

/// Why a history cannot be forecast.
public enum ForecastError: Error, Sendable, Hashable {
  case tooShort(count: Int, needed: Int)
  /// The logarithm needs demand above zero.
  case notPositive
}

/// How a forecast would have done: made again at each of the last steps from what was known then.
public struct BackTest: Sendable, Hashable {
  public var forecasts: Int
  /// Mean of |forecast − actual| / actual.
  public var meanAbsoluteError: Double
  /// Share of actual demands inside their 95 % interval.
  public var coverage: Double

  /// One-step forecasts of the last `steps` observations.
  public init(history: [Double], period: Int = 1, steps: Int) throws(ForecastError) {
    guard steps >= 1, steps < history.count else {
      throw .tooShort(count: history.count, needed: steps + 1)
    }
    var error = 0.0
    var inside = 0
    for index in (history.count - steps)..<history.count {
      let forecast = try DemandForecast(history: Array(history[..<index]), period: period).demand(step: 1)
      error += (forecast.value - history[index]).magnitude / history[index]
      if (forecast.low...forecast.high).contains(history[index]) { inside += 1 }
    }
    forecasts = steps
    meanAbsoluteError = error / Double(steps)
    coverage = Double(inside) / Double(steps)
  }
}

/// One pass of smoothing over a series of logarithms.
struct SmoothedSeries {
  let smoothing: DemandForecast.Smoothing
  private(set) var level: Double
  private(set) var trend: Double
  private(set) var season: [Double]
  private(set) var squaredError = 0.0

  init(_ logs: [Double], period: Int, smoothing: DemandForecast.Smoothing) {
    self.smoothing = smoothing
    let start: Int
    if period > 1 {
      let first = logs[..<period].reduce(0, +) / Double(period)
      let second = logs[period..<(2 * period)].reduce(0, +) / Double(period)
      trend = (second - first) / Double(period)
      let middle = Double(period - 1) / 2
      let slope = trend
      season = (0..<period).map { logs[$0] - first - (Double($0) - middle) * slope }
      level = first + (Double(period - 1) - middle) * trend
      start = period
    } else {
      level = logs[1]
      trend = logs[1] - logs[0]
      season = [0]
      start = 2
    }
    for y in logs[start...] { observe(y) }
  }

  private mutating func observe(_ y: Double) {
    let expected = level + trend + season[0]
    squaredError += (y - expected) * (y - expected)
    let before = level
    level = smoothing.level * (y - season[0]) + (1 - smoothing.level) * (level + trend)
    trend = smoothing.trend * (level - before) + (1 - smoothing.trend) * trend
    let factor = smoothing.season * (y - level) + (1 - smoothing.season) * season[0]
    season.removeFirst()
    season.append(factor)
  }
}
