import FleetData
import Quantities

/// What every request adds to: lengths of either side and together, gaps, and its second, counted in one pass.
struct RequestTally {
  private(set) var inputs = LengthHistogram()
  private(set) var outputs = LengthHistogram()
  private(set) var joint = JointLengths()
  private(set) var gaps = GapStatistics()
  private var seconds: SecondCounter
  /// How many requests end in each second of the ring.
  private var endings = [Int32](repeating: 0, count: SecondCounter.ring)

  init(secondsPerOutputToken: Double) {
    seconds = SecondCounter(secondsPerOutputToken: secondsPerOutputToken)
  }

  /// Counts a piece; `finished` sees each second when the next one begins.
  mutating func add(_ batch: WorkloadTrace, _ finished: (SecondCounter.Second) -> Void) {
    batch.arrivals.withUnsafeBufferPointer { arrivals in
      batch.inputTokens.withUnsafeBufferPointer { inputs in
        batch.outputTokens.withUnsafeBufferPointer { outputs in
          var rows = Rows(arrivals: arrivals, inputs: inputs, outputs: outputs)
          add(&rows, finished)
        }
      }
    }
  }

  /// Ends the last second.
  mutating func close(_ finished: (SecondCounter.Second) -> Void) { seconds.close(finished) }

  private mutating func add(_ rows: inout Rows, _ finished: (SecondCounter.Second) -> Void) {
    let count = rows.arrivals.count
    inputs.reserve(count)
    outputs.reserve(count)
    gaps.start(rows.arrivals[0])
    seconds.start(rows.arrivals[0])
    inputs.withBins { inputBins in
      outputs.withBins { outputBins in
        joint.withBins { jointBins in
          endings.withUnsafeMutableBufferPointer { endings in
            let bins = Bins(
              inputs: inputBins, outputs: outputBins, joint: jointBins, endings: endings.baseAddress!)
            while rows.next < count {
              // Rows of one second, straight through.
              rows.count(until: seconds.end, &seconds.now, &gaps, seconds.secondsPerToken, bins)
              if rows.next < count {
                seconds.finish(bins.endings, until: rows.arrivals[rows.next], finished)
              }
            }
          }
        }
      }
    }
    inputs.close(count: count, total: rows.inputTotal, largest: rows.largestInput)
    outputs.close(count: count, total: rows.outputTotal, largest: rows.largestOutput)
    gaps.close(rows.arrivals[count - 1])
  }
}

/// Where a request is counted.
private struct Bins {
  let inputs: UnsafeMutablePointer<UInt32>
  let outputs: UnsafeMutablePointer<UInt32>
  let joint: UnsafeMutablePointer<UInt32>
  let endings: UnsafeMutablePointer<Int32>
}

/// A walk over the rows of a piece.
private struct Rows {
  let arrivals: UnsafeBufferPointer<SimTime>
  let inputs: UnsafeBufferPointer<UInt32>
  let outputs: UnsafeBufferPointer<UInt32>
  var next = 0
  var inputTotal: UInt64 = 0
  var outputTotal: UInt64 = 0
  var largestInput: UInt32 = 0
  var largestOutput: UInt32 = 0

  init(
    arrivals: UnsafeBufferPointer<SimTime>, inputs: UnsafeBufferPointer<UInt32>,
    outputs: UnsafeBufferPointer<UInt32>
  ) {
    self.arrivals = arrivals
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Counts rows from `next` on until one lies outside the second that ends at `end`.
  @inline(__always)
  mutating func count(
    until end: Int64, _ second: inout SecondCounter.Second, _ gaps: inout GapStatistics,
    _ secondsPerToken: UInt64, _ bins: Bins
  ) {
    let count = arrivals.count
    let start = end &- 1_000_000_000
    let place = second.second
    var i = next
    var (input, output) = (UInt64(0), UInt64(0))
    var gap = gaps
    while i < count {
      let arrival = arrivals[i].nanoseconds
      guard UInt64(bitPattern: arrival &- start) < 1_000_000_000 else { break }
      let (a, b) = (inputs[i], outputs[i])
      gap.add(arrival)
      input &+= UInt64(a)
      output &+= UInt64(b)
      if a | b < 65_536 {
        bins.inputs[Int(a)] &+= 1
        bins.outputs[Int(b)] &+= 1
      } else {
        noteLarge(a, b, bins)
      }
      bins.joint[JointLengths.bin(a) &* JointLengths.side &+ JointLengths.bin(b)] &+= 1
      let busy = min(Int(truncatingIfNeeded: (UInt64(b) &* secondsPerToken) &>> 32), SecondCounter.ring - 1)
      bins.endings[(place &+ busy) & (SecondCounter.ring - 1)] &+= 1
      i &+= 1
    }
    second.requests &+= i &- next
    second.input &+= Int(truncatingIfNeeded: input)
    second.output &+= Int(truncatingIfNeeded: output)
    inputTotal &+= input
    outputTotal &+= output
    gaps = gap
    next = i
  }

  @inline(never)
  private mutating func noteLarge(_ a: UInt32, _ b: UInt32, _ bins: Bins) {
    largestInput = max(largestInput, a)
    largestOutput = max(largestOutput, b)
    bins.inputs[LengthHistogram.bin(a)] &+= 1
    bins.outputs[LengthHistogram.bin(b)] &+= 1
  }
}
