import FleetData

/// The counters behind `LatencyWindows` while the run goes on: flat memory, one record per finished request.
struct LatencyRecorder: ~Copyable {
  /// Everything of a window but its histograms.
  struct Sums: BitwiseCopyable {
    var ttft = 0.0
    var tpot = 0.0
    var endToEnd = 0.0
    var arrived = 0
    var departed = 0
    var finished = 0
    var metObjective = 0
  }

  private static let limit = LatencyWindows.limit
  private static let buckets = LogHistogram.buckets
  private let sums: Slab<Sums>
  /// Counts by window, kind (TTFT, TPOT, end to end) and bucket.
  private let counts: Slab<UInt32>
  private var width: Double
  private var perSecond: Double
  /// The window of the last arrival, from and up to when it is another one's too.
  private var current = 0
  private var currentStart = 0.0
  private var currentEnd = 0.0
  private var lastArrival = 0.0
  /// The window of the last departure, `limit` after the last, and up to when it is the next one's too.
  private var leaving = 0
  private var leavingEnd = 0.0
  private let ttftLimit: Double
  private let tpotLimit: Double
  private let endToEndLimit: Double

  init(span: Double, objective: ServiceLevelObjective) {
    width = max(span, 1e-6) / Double(Self.limit) * 1.000001
    perSecond = 1 / width
    sums = Slab(count: Self.limit, repeating: Sums())
    counts = Slab(count: Self.limit * 3 * Self.buckets, repeating: 0)
    ttftLimit = objective.ttft?.value ?? .infinity
    tpotLimit = objective.tpot?.value ?? .infinity
    endToEndLimit = objective.endToEnd?.value ?? .infinity
  }

  @inline(__always) mutating func arrive(at time: Double) {
    if time >= currentEnd { enterWindow(of: time) }
    lastArrival = time
    sums.pointer(current).pointee.arrived &+= 1
  }

  /// Moves to the window of an arrival; arrivals come in order of time.
  @inline(never) private mutating func enterWindow(of time: Double) {
    while time * perSecond >= Double(Self.limit) { double() }
    current = Int(time * perSecond)
    // A little inside: what rounding might put on the other side is looked up once more.
    currentStart = Double(current) * width * (1 + 1e-12)
    currentEnd = Double(current + 1) * width * (1 - 1e-12)
  }

  /// A departure after the last window is left out: the drain is no part of the run.
  @inline(__always) mutating func depart(at time: Double) {
    if time >= leavingEnd { leaveWindow(of: time) }
    if leaving < Self.limit { sums.pointer(leaving).pointee.departed &+= 1 }
  }

  /// Moves to the window of a departure; they come in order of time.
  @inline(never) private mutating func leaveWindow(of time: Double) {
    leaving = Int(min(time * perSecond, Double(Self.limit)))
    leavingEnd = leaving < Self.limit ? Double(leaving + 1) * width * (1 - 1e-12) : .infinity
  }

  /// Records a finished request; `tpot` is negative for answers of one token, which have none.
  @inline(__always)
  mutating func finish(arrival: Double, ttft: Double, tpot: Double, endToEnd: Double, now: Double) {
    let index = arrival >= currentStart ? current : window(of: arrival)
    let sum = sums.pointer(index)
    let base = counts.pointer(index * 3 * Self.buckets)
    base[LogHistogram.bucket(of: ttft)] += 1
    sum.pointee.ttft += ttft
    if tpot >= 0 {
      base[Self.buckets + LogHistogram.bucket(of: tpot)] += 1
      sum.pointee.tpot += tpot
    }
    base[2 * Self.buckets + LogHistogram.bucket(of: endToEnd)] += 1
    sum.pointee.endToEnd += endToEnd
    sum.pointee.finished += 1
    if ttft <= ttftLimit && tpot <= tpotLimit && endToEnd <= endToEndLimit { sum.pointee.metObjective += 1 }
    depart(at: now)
  }

  @inline(__always) private func window(of time: Double) -> Int {
    min(Int(time * perSecond), Self.limit - 1)
  }

  /// Merges neighbours: half as many windows, twice as wide.
  @inline(never) private mutating func double() {
    let size = 3 * Self.buckets
    for i in 0..<Self.limit {
      let target = i / 2
      let isFirst = i & 1 == 0
      let (from, to) = (counts.pointer(i * size), counts.pointer(target * size))
      for k in 0..<size { to[k] = (isFirst ? 0 : to[k]) + from[k] }
      let added = sums[i]
      if isFirst { sums[target] = Sums() }
      sums.pointer(target).pointee.add(added)
    }
    for i in Self.limit / 2..<Self.limit {
      sums[i] = Sums()
      for k in 0..<size { counts[i * size + k] = 0 }
    }
    width *= 2
    perSecond = 1 / width
    leavingEnd = 0
  }

  /// The windows as values, for what is computed after the run.
  func windows() -> LatencyWindows {
    let size = Self.buckets
    let windows = (0..<Self.limit).map { i in
      LatencyWindows.Window(
        sums[i], ttft: LogHistogram(counts.pointer((3 * i) * size)),
        tpot: LogHistogram(counts.pointer((3 * i + 1) * size)),
        endToEnd: LogHistogram(counts.pointer((3 * i + 2) * size)))
    }
    return LatencyWindows(windows: windows, width: width, lastArrival: lastArrival)
  }
}

extension LatencyRecorder.Sums {
  fileprivate mutating func add(_ other: Self) {
    ttft += other.ttft
    tpot += other.tpot
    endToEnd += other.endToEnd
    arrived += other.arrived
    departed += other.departed
    finished += other.finished
    metObjective += other.metObjective
  }
}
