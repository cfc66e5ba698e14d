import FleetData

/// What the requests of one service experienced, in up to 32 windows of arrival time.
///
/// Windows make warm-up removal and batch means possible after the run without keeping requests: the first windows
/// are dropped and the others are the batches. When a run outlasts its windows, neighbours merge and widths double.
struct LatencyWindows: Sendable {
  static let limit = 32

  struct Window: Sendable {
    var ttft = LogHistogram()
    var tpot = LogHistogram()
    var endToEnd = LogHistogram()
    var ttftSum = 0.0
    var tpotSum = 0.0
    var endToEndSum = 0.0
    var arrived = 0
    /// Requests that left in this window, whenever they came.
    var departed = 0
    var finished = 0
    var metObjective = 0

    mutating func merge(_ other: Window) {
      ttft.merge(other.ttft)
      tpot.merge(other.tpot)
      endToEnd.merge(other.endToEnd)
      ttftSum += other.ttftSum
      tpotSum += other.tpotSum
      endToEndSum += other.endToEndSum
      arrived += other.arrived
      departed += other.departed
      finished += other.finished
      metObjective += other.metObjective
    }
  }

  private(set) var windows: [Window]
  private(set) var width: Double
  private var perSecond: Double
  let ttftLimit: Double
  let tpotLimit: Double
  let endToEndLimit: Double

  init(span: Double, objective: ServiceLevelObjective) {
    width = max(span, 1e-6) / Double(Self.limit) * 1.000001
    perSecond = 1 / width
    windows = [Window](repeating: Window(), count: Self.limit)
    ttftLimit = objective.ttft?.value ?? .infinity
    tpotLimit = objective.tpot?.value ?? .infinity
    endToEndLimit = objective.endToEnd?.value ?? .infinity
  }

  @inline(__always) mutating func arrive(at time: Double) {
    var index = Int(time * perSecond)
    while index >= Self.limit {
      double()
      index = Int(time * perSecond)
    }
    windows[index].arrived += 1
  }

  /// A departure after the last window is left out: the drain is no part of the run.
  @inline(__always) mutating func depart(at time: Double) {
    let index = Int(time * perSecond)
    if index < Self.limit { windows[index].departed += 1 }
  }

  /// Records a finished request; `tpot` is negative for answers of one token, which have none.
  @inline(__always)
  mutating func finish(arrival: Double, ttft: Double, tpot: Double, endToEnd: Double) {
    let index = min(Int(arrival * perSecond), Self.limit - 1)
    record(&windows[index], ttft, tpot, endToEnd)
  }

  @inline(__always)
  private func record(_ window: inout Window, _ ttft: Double, _ tpot: Double, _ endToEnd: Double) {
    window.ttft.record(ttft)
    window.ttftSum += ttft
    if tpot >= 0 {
      window.tpot.record(tpot)
      window.tpotSum += tpot
    }
    window.endToEnd.record(endToEnd)
    window.endToEndSum += endToEnd
    window.finished += 1
    if ttft <= ttftLimit && tpot <= tpotLimit && endToEnd <= endToEndLimit { window.metObjective += 1 }
  }

  /// The first token of a request that never finished counts as a TTFT all the same.
  mutating func firstTokenOnly(arrival: Double, ttft: Double) {
    let index = min(Int(arrival * perSecond), Self.limit - 1)
    windows[index].ttft.record(ttft)
    windows[index].ttftSum += ttft
  }

  mutating func merge(_ window: Window, into index: Int) { windows[index].merge(window) }

  /// Doubles until windows are as wide as those of another service of the run.
  mutating func widen(to other: Double) {
    while width < other * 0.999 { double() }
  }

  private mutating func double() {
    for i in 0..<Self.limit / 2 {
      windows[i] = windows[2 * i]
      windows[i].merge(windows[2 * i + 1])
    }
    for i in Self.limit / 2..<Self.limit { windows[i] = Window() }
    width *= 2
    perSecond = 1 / width
  }
}
