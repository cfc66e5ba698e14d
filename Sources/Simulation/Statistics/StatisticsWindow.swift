/// Which windows of arrival time count: those after the warm-up.
struct StatisticsWindow {
  /// Windows left out at the start.
  let skipped: Int
  let range: Range<Int>

  init(_ windows: LatencyWindows, warmUp: FleetSimulation.WarmUp) {
    let used = windows.usedWindows
    switch warmUp {
    case .fixed(let time):
      skipped = min(Int((time.value / windows.width).rounded(.up)), used)
    case .automatic:
      skipped = Self.marginalStandardError(windows.windows[..<used].map { $0.meanEndToEnd })
    }
    range = skipped..<used
  }

  /// MSER: the cut d ≤ n/4 that minimises Σ(x − mean)²/(n − d)² over the windows kept; 0 unless the windows cut are
  /// below the mean of the rest, as they are when an empty fleet fills up.
  static func marginalStandardError(_ means: [Double?]) -> Int {
    let values = means.map { $0 ?? 0 }
    guard values.count >= 8 else { return 0 }
    var best = 0
    var bestError = Double.infinity
    for cut in 0...values.count / 4 {
      let kept = values[cut...]
      let n = Double(kept.count)
      let mean = kept.reduce(0, +) / n
      let error = kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * n)
      if error < bestError * 0.999 {
        best = cut
        bestError = error
      }
    }
    guard best > 0 else { return 0 }
    let kept = values[best...].reduce(0, +) / Double(values.count - best)
    let cut = values[..<best].reduce(0, +) / Double(best)
    return cut < kept ? best : 0
  }
}

extension LatencyWindows.Window {
  var meanEndToEnd: Double? { finished > 0 ? endToEndSum / Double(finished) : nil }
}
