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
  /// Seconds of one bin of the series and of one hour, not yet added to them.
  private var bin = Gathered()
  private var hour = Gathered()

  mutating func add(_ second: SecondCounter.Second) {
    guard second.requests > 0 else { return }
    if !bin.range.contains(second.second) { closeBin(next: second.second) }
    bin.requests += second.requests
    bin.input += second.input
    bin.output += second.output
    for i in windows.indices { windows[i].add(second: second.second, requests: second.requests) }
    peakActive = max(peakActive, second.active)
    guard hasDate else { return }
    if !hour.range.contains(second.second) { closeHour(next: second.second) }
    hour.requests += second.requests
  }

  /// Adds what was gathered last.
  mutating func close() {
    closeBin(next: 0)
    closeHour(next: 0)
  }

  private mutating func closeBin(next second: Int) {
    if bin.requests > 0 {
      series.add(
        second: bin.range.lowerBound, requests: bin.requests, input: bin.input, output: bin.output)
    }
    bin = Gathered(range: second..<series.binEnd(of: second))
  }

  private mutating func closeHour(next second: Int) {
    if hour.requests > 0 {
      let clock = Int(origin) + hour.range.lowerBound
      // 1970-01-01 was a Thursday, three days after Monday.
      let inWeek = Self.rest(clock + 3 * 86_400, 7 * 86_400)
      byHour[inWeek % 86_400 / 3600] += hour.requests
      byWeekday[inWeek / 86_400] += hour.requests
    }
    hour = Gathered(range: second..<(second + 3600 - Self.rest(Int(origin) + second, 3600)))
  }

  /// The rest of a division towards minus infinity: dates may lie before 1970.
  private static func rest(_ value: Int, _ modulus: Int) -> Int {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
  }

  /// Seconds from the first of a range on.
  private struct Gathered {
    var range = 0..<0
    var requests = 0
    var input = 0
    var output = 0
  }

  var dispersion: [DispersionPoint] {
    windows.compactMap { window in
      window.index.map { DispersionPoint(windowSeconds: window.windowSeconds, index: $0) }
    }
  }

  var hours: [Int]? { hasDate ? byHour : nil }
  var weekdays: [Int]? { hasDate ? byWeekday : nil }
}
