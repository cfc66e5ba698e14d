import Economics
import FleetData
import Quantities
import Testing

@testable import Planning

/// Two days of one request an hour, and nine more between noon and one o'clock UTC.
private var twoDays: WorkloadTrace {
  var times: [Double] = []
  for hour in 0..<48 {
    let start = Double(hour) * 3600
    times += (0..<(hour % 24 == 12 ? 10 : 1)).map { start + Double($0) * 300 }
  }
  times.append(48 * 3600 - 1)
  return WorkloadTrace(
    arrivals: times.map { SimTime(seconds: $0) }, inputTokens: times.map { _ in 100 },
    outputTokens: times.map { _ in 10 }, start: 0)
}

@Test("A day's curve is the trace's own, its peak hour 1")
func curvesComeFromTraces() throws {
  let curve = try #require(HourlyDemand(trace: twoDays))
  #expect(curve.hours[12] == 1)
  #expect(abs(curve.hours[3] - 0.1) < 1e-12)
  // 22 hours at a tenth, one at 1, and the last hour at 1.5 requests.
  #expect(abs(curve.mean - (22 * 0.1 + 1 + 0.15) / 24) < 1e-12)
}

@Test("Noon comes earlier in the east")
func curvesFollowTheSun() throws {
  var loads = [Double](repeating: 0, count: 24)
  loads[12] = 5
  let curve = try HourlyDemand(hours: loads)
  #expect(curve.load(hourUTC: 12, longitude: 0) == 1)
  #expect(curve.load(hourUTC: 3, longitude: 135) == 1)
  #expect(curve.load(hourUTC: 18, longitude: -95.9) == 1)
}

@Test("A trace shorter than a day has no curve of a day")
func shortTracesHaveNoCurve() {
  #expect(HourlyDemand(trace: twoDays[Array(0..<20)]) == nil)
}

@Test("A forecast may be made from the trace's own hours")
func historiesComeFromTraces() throws {
  let history = DemandHistory(.trace, every: .hour, season: 1)
  let rates = ServiceForecast.peakRates(of: twoDays, every: .hour)
  #expect(rates.count == 47 && rates[12] == 10 / 3600.0 && rates[0] == 1 / 3600.0)
  let forecast = try ServiceForecast(history, trace: twoDays, service: "chat")
  #expect(forecast.backTest?.forecasts == 12)
  #expect(ServiceForecast.peakRates(of: twoDays, every: .day) == [10 / 3600.0])
}
