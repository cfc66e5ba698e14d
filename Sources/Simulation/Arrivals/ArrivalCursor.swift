import FleetData
import Foundation
import Quantities

/// One request as its stream brings it.
struct Arrival: BitwiseCopyable {
  /// Seconds since the start of the run.
  var time = 0.0
  var input: Int32 = 1
  var output: Int32 = 1
  /// Row of the trace, its session, and its region as the trace numbers it; −1 = none, or to be drawn.
  var row: Int32 = -1
  var session: Int32 = -1
  var region: Int32 = -1
}

/// The requests of one service, drawn or read a chunk at a time: loops over a chunk keep the tables they need at hand.
struct ArrivalCursor {
  /// Requests per chunk.
  static let chunk = 256
  /// Requests that this stream will bring in all.
  let total: Int
  /// From the first possible arrival to about the last.
  let span: Double

  private let multiplier: Double
  private var reader: TraceReader?
  private var generator: ArrivalGenerator?

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
      generator = ArrivalGenerator(arrivals, seed: seed, name: stream.service)
    }
  }

  /// Writes the next requests to `chunk`; how many, 0 when none is left.
  @inline(never)
  mutating func fill(_ chunk: UnsafeMutablePointer<Arrival>) -> Int {
    let count = generator?.fill(chunk) ?? reader!.fill(chunk)
    guard multiplier != 1 else { return count }
    for i in 0..<count {
      chunk[i].output = Int32(clamping: Int(max(1, (Double(chunk[i].output) * multiplier).rounded())))
    }
    return count
  }
}

/// Draws gaps and lengths from two named streams, so that a change of the rate keeps the lengths.
private struct ArrivalGenerator {
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

  mutating func fill(_ chunk: UnsafeMutablePointer<Arrival>) -> Int {
    let count = min(left, ArrivalCursor.chunk)
    left -= count
    for i in 0..<count {
      now += isPoisson ? -mean * log(1 - gaps.uniform()) : mean
      chunk[i] = Arrival(time: now)
    }
    for i in 0..<count {
      chunk[i].input = input.draw(&lengths)
      chunk[i].output = output.draw(&lengths)
    }
    return count
  }
}

/// Reads a trace `repeats` times; each round starts one mean gap after the last arrival of the round before.
private struct TraceReader {
  let period: Double
  private let trace: WorkloadTrace
  private let perNanosecond: Double
  private var roundsLeft: Int
  private var roundStart = 0.0
  private var row = 0

  init(_ trace: WorkloadTrace, rateScale: Double, repeats: Int) {
    self.trace = trace
    roundsLeft = trace.count == 0 ? 0 : repeats
    perNanosecond = 1e-9 / rateScale
    let span = (trace.arrivals.last?.seconds ?? 0) / rateScale
    let gap = trace.count > 1 ? span / Double(trace.count - 1) : 1
    period = span + gap
  }

  /// A chunk ends with its round at the latest.
  mutating func fill(_ chunk: UnsafeMutablePointer<Arrival>) -> Int {
    guard roundsLeft > 0 else { return 0 }
    let count = min(ArrivalCursor.chunk, trace.count - row)
    for i in 0..<count { chunk[i] = arrival(row + i) }
    row += count
    if row == trace.count {
      row = 0
      roundsLeft -= 1
      rounds += 1
      roundStart = Double(rounds) * period
    }
    return count
  }

  private var rounds = 0

  private func arrival(_ i: Int) -> Arrival {
    Arrival(
      time: roundStart + Double(trace.arrivals[i].nanoseconds) * perNanosecond,
      input: Int32(clamping: trace.inputTokens[i]), output: Int32(clamping: trace.outputTokens[i]),
      row: Int32(i), session: trace.sessions.isEmpty ? -1 : trace.sessions[i],
      region: trace.regions.isEmpty ? -1 : Int32(trace.regions[i]))
  }
}

/// The chunks of all streams in one block, and where each stream stands in its own.
struct ArrivalQueue: ~Copyable {
  struct Place: BitwiseCopyable {
    var position = 0
    var end = 0
  }
  private var cursors: [ArrivalCursor]
  private let chunks: Slab<Arrival>
  private let places: Slab<Place>
  private let times: Slab<Double>
  let total: Int
  let span: Double

  init(_ cursors: [ArrivalCursor]) {
    self.cursors = cursors
    total = cursors.reduce(0) { $0 + $1.total }
    span = cursors.map(\.span).max() ?? 0
    chunks = Slab(count: cursors.count * ArrivalCursor.chunk, repeating: Arrival())
    places = Slab(count: cursors.count, repeating: Place())
    times = Slab(count: cursors.count, repeating: .infinity)
    for stream in cursors.indices { refill(stream) }
    settle()
  }

  /// The stream whose next request comes first, the first of equals, and when that is.
  private(set) var stream = 0
  private(set) var time = Double.infinity

  /// The request that comes next.
  var next: Arrival {
    @inline(__always) get { chunks[stream &* ArrivalCursor.chunk &+ places[stream].position] }
  }

  /// Moves on to the request after it.
  @inline(__always) mutating func advance() {
    let position = places[stream].position &+ 1
    places[stream].position = position
    if position < places[stream].end {
      times[stream] = chunks[stream &* ArrivalCursor.chunk &+ position].time
    } else {
      refill(stream)
    }
    settle()
  }

  private mutating func refill(_ stream: Int) {
    let first = stream * ArrivalCursor.chunk
    let count = cursors[stream].fill(chunks.pointer(first))
    places[stream] = Place(position: 0, end: count)
    times[stream] = count > 0 ? chunks[first].time : .infinity
  }

  @inline(__always) private mutating func settle() {
    if cursors.count > 1 { stream = earliest() }
    time = times[stream]
  }

  private func earliest() -> Int {
    var best = 0
    for i in 1..<cursors.count where times[i] < times[best] { best = i }
    return best
  }
}
