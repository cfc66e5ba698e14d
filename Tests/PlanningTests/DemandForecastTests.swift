import Quantities
import Testing

@testable import Planning

/// 5 % growth a month with a yearly season and a few per cent of noise.
private func history(months: Int, noise: Double) -> [Double] {
  var random = RandomStream(3, "forecast")
  let season = [1.0, 0.95, 1.0, 1.05, 1.1, 1.0, 0.8, 0.75, 0.95, 1.1, 1.2, 1.1]
  var level = 100.0
  return (0..<months).map { month in
    defer { level *= 1.05 }
    let jitter = (0..<12).reduce(-6) { sum, _ in sum + random.uniform() }
    return level * season[month % 12] * (1 + noise * jitter)
  }
}

@Test("Steady growth is continued at its own rate")
func growthIsContinued() throws {
  let forecast = try DemandForecast(history: (0..<12).map { 100 * power(1.06, $0) })
  #expect(abs(forecast.growth - 0.06) < 1e-9)
  #expect(abs(forecast.demand(step: 6).value - 100 * power(1.06, 17)) < 1e-6)
}

@Test("A season is forecast as a factor on the trend")
func seasonsAreForecast() throws {
  let series = history(months: 48, noise: 0)
  let forecast = try DemandForecast(history: Array(series[..<36]), period: 12)
  for step in 1...12 {
    #expect(abs(forecast.demand(step: step).value / series[35 + step] - 1) < 0.05)
  }
}

@Test("The interval widens with distance and holds the value")
func intervalsWiden() throws {
  let forecast = try DemandForecast(history: history(months: 36, noise: 0.02), period: 12)
  var last = 0.0
  for step in 1...12 {
    let demand = forecast.demand(step: step)
    #expect(demand.low < demand.value && demand.value < demand.high)
    let width = demand.high / demand.low
    #expect(width >= last)
    last = width
  }
}

@Test("A back-test says how far off the forecast would have been")
func backTestsAreStated() throws {
  let test = try BackTest(history: history(months: 60, noise: 0.02), period: 12, steps: 24)
  #expect(test.forecasts == 24)
  #expect(test.meanAbsoluteError < 0.08)
  #expect(test.coverage > 0.7)
}

@Test("A history too short or not positive is refused with its numbers")
func badHistoriesAreRefused() {
  #expect(throws: ForecastError.tooShort(count: 2, needed: 3)) { try DemandForecast(history: [1, 2]) }
  #expect(throws: ForecastError.notPositive) { try DemandForecast(history: [1, 0, 2]) }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  (0..<exponent).reduce(1) { product, _ in product * base }
}
