/// Variance over mean of the number of arrivals in windows that begin at every tenth of their length.
///
/// Windows that lie end to end hang on where the first one begins: on an hour of bursts by a tenth and more. Sliding
/// ones do not, which makes two traces of the same kind comparable.
/// - Source: the index of dispersion for counts; Sriram and Whitt, IEEE JSAC 4(6), 1986.
enum SlidingDispersion {
  /// A figure and the number of windows that lie end to end in the trace.
  struct Figure {
    var windowSeconds: Int
    var windows: Double
    var index: Double

    /// How far the index of another trace of the same kind may lie from this one: a variance from n independent
    /// windows is known to about √(2/n), and half of that is asked for.
    var tolerance: Double { max(0.1, (1 / (2 * windows)).squareRoot()) }
  }

  private static let steps = 10

  /// Figures of arrival times in ascending order, for windows that fit in twenty times.
  static func figures(_ times: [Double]) -> [Figure] {
    guard let first = times.first, let last = times.last else { return [] }
    return [1, 10, 60, 600, 3600].compactMap { seconds in
      let windows = (last - first) / Double(seconds)
      guard windows >= 20, let index = index(times, from: first, to: last, windowSeconds: Double(seconds))
      else { return nil }
      return Figure(windowSeconds: seconds, windows: windows, index: index)
    }
  }

  /// Counts arrivals per step of the window and slides over the counts.
  private static func index(_ times: [Double], from: Double, to: Double, windowSeconds: Double) -> Double? {
    let step = windowSeconds / Double(steps)
    var counts = [Int32](repeating: 0, count: Int((to - from) / step))
    for time in times {
      let place = Int((time - from) / step)
      if place < counts.count { counts[place] += 1 }
    }
    guard counts.count >= steps else { return nil }
    var inWindow = counts[..<steps].reduce(0.0) { $0 + Double($1) }
    var (sum, squares, windows) = (inWindow, inWindow * inWindow, 1.0)
    for place in steps..<counts.count {
      inWindow += Double(counts[place] - counts[place - steps])
      sum += inWindow
      squares += inWindow * inWindow
      windows += 1
    }
    let mean = sum / windows
    return mean > 0 ? (squares / windows - mean * mean) / mean : nil
  }
}
