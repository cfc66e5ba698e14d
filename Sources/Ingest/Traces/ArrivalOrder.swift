/// Watches a stream of requests for disorder and repetition.
struct ArrivalOrder {
  /// Least and greatest arrival, in nanoseconds on the clock of the batches.
  var first = Int64.max
  var last = Int64.min
  /// Requests that arrive before the one above them.
  var outOfOrder = 0
  /// Requests equal in every field to the one above them.
  private(set) var repeats = 0
  /// The request above, with its arrival as stamp.
  var previous = RequestRow(stamp: .min)
  /// Where its prefix blocks lie in the batch, or in `carried` when it was in the batch before.
  private var blocks: Range<Int>?
  private var carried: [UInt64] = []

  mutating func add(_ row: RequestRow, blocks: Range<Int>, isRepeat: Bool) {
    outOfOrder += row.stamp < previous.stamp ? 1 : 0
    repeats += isRepeat ? 1 : 0
    first = min(first, row.stamp)
    last = max(last, row.stamp)
    previous = row
    self.blocks = blocks
  }

  /// True when `row`, its arrival as stamp, repeats the one above; `hashes` are the blocks of the batch.
  func isRepeat(_ row: RequestRow, blocks own: Range<Int>, _ hashes: [UInt64]) -> Bool {
    guard row.stamp == previous.stamp, row == previous else { return false }
    guard let blocks else { return carried.elementsEqual(hashes[own]) }
    return hashes[blocks].elementsEqual(hashes[own])
  }

  /// Takes note of a run of requests without labels; the last one has `blocks`.
  mutating func addPlain(_ run: PlainOrder, start: Int64, blocks: Range<Int>) {
    first = min(first, run.first(start))
    last = max(last, run.last)
    outOfOrder += run.descents
    previous = RequestRow(stamp: run.arrival, input: run.input, output: run.output)
    self.blocks = blocks
  }

  /// Keeps the blocks of the last request before the batch that holds them is emptied.
  mutating func closeBatch(_ hashes: [UInt64]) {
    guard let blocks else { return }
    carried = Array(hashes[blocks])
    self.blocks = nil
  }
}

/// The order of a run of plain rows, small enough for registers.
struct PlainOrder {
  private(set) var arrival: Int64
  private(set) var input: UInt32
  private(set) var output: UInt32
  private var lowest = Int64.max
  private var highest = Int64.min
  private(set) var descents = 0

  init(_ order: ArrivalOrder) {
    (arrival, input, output) = (order.previous.stamp, order.previous.input, order.previous.output)
  }

  /// Least arrival of the run, given its first.
  func first(_ start: Int64) -> Int64 { min(start, lowest) }
  var last: Int64 { max(arrival, highest) }

  /// Takes the next row; false, and nothing happens, when it looks like the one above.
  @inline(__always)
  mutating func take(_ arrival: Int64, _ input: UInt32, _ output: UInt32) -> Bool {
    if arrival <= self.arrival {
      if arrival == self.arrival, input == self.input, output == self.output { return false }
      noteDescent(to: arrival)
    }
    (self.arrival, self.input, self.output) = (arrival, input, output)
    return true
  }

  @inline(__always)
  private mutating func noteDescent(to arrival: Int64) {
    descents &+= arrival < self.arrival ? 1 : 0
    lowest = min(lowest, arrival)
    highest = max(highest, self.arrival)
  }
}
