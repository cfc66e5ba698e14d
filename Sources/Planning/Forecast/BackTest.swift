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

/// Why a history cannot be forecast.
public enum ForecastError: Error, Sendable, Hashable {
  case tooShort(count: Int, needed: Int)
  /// The logarithm needs demand above zero.
  case notPositive
}
