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
