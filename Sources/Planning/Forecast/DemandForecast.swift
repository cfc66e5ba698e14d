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
    Interval(
      value: quantile(0.5, step: step), low: quantile(0.025, step: step), high: quantile(0.975, step: step))
  }

  /// The demand that stays unexceeded with probability `q` so many steps ahead.
  public func quantile(_ q: Double, step: Int) -> Double {
    precondition(step >= 1, "a forecast looks at least one step ahead")
    var variance = 1.0
    for j in 1..<step {
      let weight = smoothing.level * (1 + smoothing.trend * Double(j))
      variance += weight * weight
    }
    let middle = level + Double(step) * trend + season[(step - 1) % season.count]
    return exp(middle + Normal.quantile(q) * deviation * variance.squareRoot())
  }

  /// Growth per step that the trend stands for: 0.06 is +6 %.
  public var growth: Double { exp(trend) - 1 }
}
