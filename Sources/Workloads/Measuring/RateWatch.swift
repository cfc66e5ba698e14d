/// What is read off the sequence of seconds: rate over time, dispersion, hours of the day, days of the week, peak.
struct RateWatch {
  /// Seconds since 1970 of second 0, when the trace has a date.
  var origin = 0.0
  var hasDate = false
  private(set) var series = RateSeries()
  private(set) var peakActive = 0
  private var windows = [1, 10, 60, 600, 3600].map { DispersionIndex(windowSeconds: $0) }
  private var byHour = [Int](repeating: 0, count: 24)
  private var byWeekday = [Int](repeating: 0, count: 7)

  mutating func add(_ second: SecondCounter.Second) {
    guard second.requests > 0 else { return }
    series.add(second: second.second, requests: second.requests, input: second.input, output: second.output)
    for i in windows.indices { windows[i].add(second: second.second, requests: second.requests) }
    peakActive = max(peakActive, second.active)
    guard hasDate else { return }
    let clock = Int(origin) + second.second
    byHour[clock / 3600 % 24] += second.requests
    // 1970-01-01 was a Thursday, three days after Monday.
    byWeekday[(clock / 86_400 + 3) % 7] += second.requests
  }

  var dispersion: [DispersionPoint] {
    windows.compactMap { window in
      window.index.map { DispersionPoint(windowSeconds: window.windowSeconds, index: $0) }
    }
  }

  var hours: [Int]? { hasDate ? byHour : nil }
  var weekdays: [Int]? { hasDate ? byWeekday : nil }
}
