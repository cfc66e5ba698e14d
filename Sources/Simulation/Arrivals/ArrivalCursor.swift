import FleetData
import Foundation
import Quantities

/// The next request of one service, drawn or read one at a time.
struct ArrivalCursor {
  /// Seconds since the start of the run; infinite when no request is left.
  private(set) var time = Double.infinity
  private(set) var input: Int32 = 1
  private(set) var output: Int32 = 1
  private(set) var row: Int32 = -1
  private(set) var session: Int32 = -1
  /// Region as the trace names it, or −1 to draw one.
  private(set) var region: Int32 = -1
  /// Requests that this stream will bring in all.
  let total: Int
  /// From the first possible arrival to about the last.
  let span: Double

  private let multiplier: Double
  private var reader: TraceReader?
  private var generator: Generator?

  init(_ stream: ServiceStream, seed: UInt64) {
    multiplier = stream.thinkingMultiplier
    switch stream.arrivals {
    case .trace(let trace, let rateScale, let repeats):
      let reader = TraceReader(trace, rateScale: rateScale, repeats: repeats)
      total = trace.count * repeats
      span = reader.period * Double(repeats)
      self.reader = reader
    case .synthetic(let arrivals):
      total = arrivals.count
      span = Double(arrivals.count) / arrivals.requestsPerSecond
      generator = Generator(arrivals, seed: seed, name: stream.service)
    }
    advance()
  }

  /// Moves to the next request.
  @inline(__always) mutating func advance() {
    if generator != nil {
      time = generator!.nextTime()
      input = generator!.nextInput()
      output = generator!.nextOutput()
    } else {
      readRow()
    }
    if multiplier != 1 { output = Int32(clamping: Int(max(1, (Double(output) * multiplier).rounded()))) }
  }
}

extension ArrivalCursor {
  private mutating func readRow() {
    guard reader!.next() else {
      time = .infinity
      return
    }
    time = reader!.time
    input = reader!.input
    output = reader!.output
    row = reader!.row
    session = reader!.session
    region = reader!.region
  }
}

/// Draws gaps and lengths from two named streams, so that a change of the rate keeps the lengths.
private struct Generator {
  private let input: LengthSampler
  private let output: LengthSampler
  private var lengths: RandomStream
  private var gaps: RandomStream
  private let mean: Double
  private let isPoisson: Bool
  private var left: Int
  private var now = 0.0

  init(_ arrivals: SyntheticArrivals, seed: UInt64, name: String) {
    input = LengthSampler(arrivals.input)
    output = LengthSampler(arrivals.output)
    lengths = RandomStream(seed, "lengths/\(name)")
    gaps = RandomStream(seed, "arrivals/\(name)")
    mean = 1 / arrivals.requestsPerSecond
    isPoisson = arrivals.process == .poisson
    left = arrivals.count
  }

  @inline(__always) mutating func nextInput() -> Int32 { input.draw(&lengths) }
  @inline(__always) mutating func nextOutput() -> Int32 { output.draw(&lengths) }

  @inline(__always) mutating func nextTime() -> Double {
    guard left > 0 else { return .infinity }
    left -= 1
    now += isPoisson ? -mean * log(1 - gaps.uniform()) : mean
    return now
  }
}

/// Reads a trace `repeats` times; each round starts one mean gap after the last arrival of the round before.
private struct TraceReader {
  let period: Double
  private(set) var time = 0.0
  private(set) var input: Int32 = 1
  private(set) var output: Int32 = 1
  private(set) var row: Int32 = -1
  private(set) var session: Int32 = -1
  private(set) var region: Int32 = -1
  private let trace: WorkloadTrace
  private let perNanosecond: Double
  private let repeats: Int
  private var round = 0

  init(_ trace: WorkloadTrace, rateScale: Double, repeats: Int) {
    self.trace = trace
    self.repeats = trace.count == 0 ? 0 : repeats
    perNanosecond = 1e-9 / rateScale
    let span = (trace.arrivals.last?.seconds ?? 0) / rateScale
    let gap = trace.count > 1 ? span / Double(trace.count - 1) : 1
    period = span + gap
  }

  mutating func next() -> Bool {
    row += 1
    if Int(row) == trace.count {
      row = 0
      round += 1
    }
    guard round < repeats else { return false }
    let i = Int(row)
    time = Double(round) * period + Double(trace.arrivals[i].nanoseconds) * perNanosecond
    input = Int32(clamping: trace.inputTokens[i])
    output = Int32(clamping: trace.outputTokens[i])
    session = trace.sessions.isEmpty ? -1 : trace.sessions[i]
    region = trace.regions.isEmpty ? -1 : Int32(trace.regions[i])
    return true
  }
}
