import Quantities

/// Times between arrivals, in file order.
struct GapStatistics {
  private(set) var count = 0
  private var sum = 0.0
  private var squares = 0.0
  private var previous: Int64?

  mutating func add(_ arrivals: [SimTime]) {
    guard let first = arrivals.first else { return }
    var before = previous ?? first.nanoseconds
    // Summed in one order, so that the size of the pieces does not show.
    var sum = self.sum
    var squares = self.squares
    arrivals.withUnsafeBufferPointer { arrivals in
      for arrival in arrivals {
        // A row out of order has no gap of its own.
        let gap = Double(max(0, arrival.nanoseconds &- before))
        before = arrival.nanoseconds
        sum += gap
        squares += gap * gap
      }
    }
    count += arrivals.count - (previous == nil ? 1 : 0)
    self.sum = sum
    self.squares = squares
    previous = before
  }

  /// Standard deviation over mean; 1 for independent arrivals, more when they come in bursts.
  var coefficientOfVariation: Double? {
    guard count > 0, sum > 0 else { return nil }
    let mean = sum / Double(count)
    return max(0, squares / Double(count) - mean * mean).squareRoot() / mean
  }
}
