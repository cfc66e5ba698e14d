import FleetData

/// What the requests of one service experienced, in up to 32 windows of arrival time.
///
/// Windows make warm-up removal and batch means possible after the run without keeping requests: the first windows
/// are dropped and the others are the batches. When a run outlasts its windows, neighbours merge and widths double.
struct LatencyWindows: Sendable {
  static let limit = 32

  struct Window: Sendable, Equatable {
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

    init() {}

    init(_ sums: LatencyRecorder.Sums, ttft: LogHistogram, tpot: LogHistogram, endToEnd: LogHistogram) {
      self.ttft = ttft
      self.tpot = tpot
      self.endToEnd = endToEnd
      ttftSum = sums.ttft
      tpotSum = sums.tpot
      endToEndSum = sums.endToEnd
      arrived = sums.arrived
      departed = sums.departed
      finished = sums.finished
      metObjective = sums.metObjective
    }

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
  private(set) var lastArrival: Double

  init(windows: [Window], width: Double, lastArrival: Double) {
    precondition(windows.count == Self.limit, "a run has \(Self.limit) windows")
    self.windows = windows
    self.width = width
    self.lastArrival = lastArrival
  }

  /// The first token of a request that never finished counts as a TTFT all the same.
  mutating func firstTokenOnly(arrival: Double, ttft: Double) {
    let index = min(Int(arrival / width), Self.limit - 1)
    windows[index].ttft.record(ttft)
    windows[index].ttftSum += ttft
  }

  mutating func merge(_ other: LatencyWindows) {
    precondition(width == other.width, "services of one run share their windows")
    for i in windows.indices { windows[i].merge(other.windows[i]) }
    lastArrival = max(lastArrival, other.lastArrival)
  }

  /// Windows up to the last with an arrival.
  var usedWindows: Int { (windows.lastIndex { $0.arrived > 0 } ?? -1) + 1 }

  /// The same without a last one in which arrivals ended early: there a backlog drains.
  var fullWindows: Int { max(min(usedWindows, Int(lastArrival / width + 0.05)), min(usedWindows, 1)) }

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
  }
}
