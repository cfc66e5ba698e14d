/// Variance over mean of the number of arrivals in windows of one length: 1 for independent arrivals at a steady rate.
///
/// - Source: the index of dispersion for counts; Sriram and Whitt, IEEE JSAC 4(6), 1986.
struct DispersionIndex {
  let windowSeconds: Int
  /// The window at hand, and the second it ends; nil before the first.
  private var window: Int?
  private var end = Int.min
  private var inWindow = 0
  private var windows = 0.0
  private var sum = 0.0
  private var squares = 0.0

  init(windowSeconds: Int) { self.windowSeconds = windowSeconds }

  /// Seconds come in ascending order; a late one counts in the current window.
  mutating func add(second: Int, requests: Int) {
    if second >= end { begin(second) }
    inWindow += requests
  }

  /// Ends the window at hand and begins that of `second`.
  private mutating func begin(_ second: Int) {
    let place = Int((Double(second) / Double(windowSeconds)).rounded(.down))
    if let window {
      close()
      // Windows without arrivals add to the number of windows only.
      windows += Double(place - window - 1)
    }
    window = place
    end = (place + 1) * windowSeconds
    inWindow = 0
  }

  private mutating func close() {
    windows += 1
    sum += Double(inWindow)
    squares += Double(inWindow) * Double(inWindow)
  }

  /// Over complete windows; nil when there are fewer than ten.
  var index: Double? {
    guard windows >= 10, sum > 0 else { return nil }
    let mean = sum / windows
    return (squares / windows - mean * mean) / mean
  }
}
