import Quantities

/// Times between arrivals, in file order.
struct GapStatistics {
  private(set) var count = 0
  /// Nanoseconds and their squares, summed in one order, so that the size of the pieces does not show.
  private var sum: Int64 = 0
  private var squares = 0.0
  private var previous: Int64?
  private var before: Int64 = 0

  /// Begins a piece at its first arrival.
  mutating func start(_ first: SimTime) { before = previous ?? first.nanoseconds }

  @inline(__always)
  mutating func add(_ arrival: Int64) {
    // A row out of order has no gap of its own.
    let gap = max(0, arrival &- before)
    before = arrival
    sum &+= gap
    squares += Double(gap) * Double(gap)
    count &+= 1
  }

  mutating func close(_ last: SimTime) {
    // The very first arrival ends no gap.
    if previous == nil { count -= 1 }
    previous = last.nanoseconds
  }

  /// Standard deviation over mean; 1 for independent arrivals, more when they come in bursts.
  var coefficientOfVariation: Double? {
    guard count > 0, sum > 0 else { return nil }
    let mean = Double(sum) / Double(count)
    return max(0, squares / Double(count) - mean * mean).squareRoot() / mean
  }
}
