import FleetData
import HeapModule
import Quantities

/// The running simulation: replicas, requests in flight and statistics; `run` is its event loop.
///
/// Memory is O(replicas × batch + requests in flight); an event costs O(log replicas). Times are seconds since the
/// start of the run as `Double`, because a jump over a thousand steps must not round a thousand times.
struct FleetEngine: ~Copyable {
  // What stands and what comes.
  let models: Slab<StepModel>
  let groupCount: Int
  var cursors: [ArrivalCursor]
  let streams: [StreamState]
  var router: Router
  var regionDraws: [RandomStream]

  // Replicas and requests.
  let replicas: Slab<ReplicaState>
  /// The heap of running sequences of replica r starts at `r × heapStride`.
  let heaps: Slab<UInt64>
  let heapStride: Int
  var pool = RequestPool()
  let queues: WaitingQueues
  var loads: LoadIndex
  var events: EventTree
  var control = Heap<ControlEvent>()
  var parked: [Int32] = []

  // What is being measured.
  var tally: [StreamTally]
  var windows: [LatencyWindows]
  let groupTally: Slab<GroupTally>
  var now = 0.0
  var inSystem = 0
  /// ∫ requests in flight dt, for Little's law.
  var inSystemArea = 0.0
  var inSystemSince = 0.0
  /// Σ time in the fleet over requests that left.
  var sojourns = 0.0
  var admissions: Int64 = 0
  var eventCount = 0
  var controlSequence = 0
  /// Segments that ended before their physical floor: a fault of ours if any.
  var floorViolations = 0
  var observer: ((FinishedRequest) -> Void)?
  let horizon: Double
  var outages: [OutageSource]
  let retriesLostWork: Bool
  let scalers: [Autoscaler?]
  /// Groups that decode for each stream what others prefilled.
  let decodeGroups: [[Int]]

  /// Runs to the last departure, to the horizon, or until `goOn` says no; true when it was told to stop.
  mutating func run(_ goOn: ((_ arrived: Int, _ time: Double) -> Bool)?) -> Bool {
    openReplicas()
    var nextStream = earliestStream()
    while true {
      let arrival = cursors.isEmpty ? Double.infinity : cursors[nextStream].time
      let stepEnd = events.earliest
      let ordered = control.min?.time ?? .infinity
      let time = min(arrival, stepEnd, ordered)
      if time == .infinity || time > horizon { break }
      if arrival == .infinity && pool.inFlight == 0 { break }
      now = time
      if ordered == time {
        handle(control.removeMin())
      } else if arrival == time {
        arrive(nextStream)
        cursors[nextStream].advance()
        if cursors.count > 1 { nextStream = earliestStream() }
      } else {
        endSegment(events.earliestIndex)
      }
      eventCount &+= 1
      if eventCount & 0xffff == 0, let goOn, !goOn(tally.reduce(0) { $0 + $1.arrived }, now) { return true }
    }
    if horizon < .infinity, pool.inFlight > 0 || cursors.contains(where: { $0.time < .infinity }) {
      now = horizon
    }
    return false
  }

  /// The stream with the earliest next arrival; the first of equals.
  private func earliestStream() -> Int {
    var best = 0
    for i in cursors.indices.dropFirst() where cursors[i].time < cursors[best].time { best = i }
    return best
  }

  @inline(__always) mutating func countInSystem(_ change: Int) {
    inSystemArea += Double(inSystem) * (now - inSystemSince)
    inSystemSince = now
    inSystem += change
  }

  mutating func schedule(_ kind: ControlEvent.Kind, at time: Double, subject: Int32) {
    controlSequence += 1
    control.insert(ControlEvent(time: time, kind: kind, sequence: controlSequence, subject: subject))
  }
}

/// What the engine needs to know of a stream at every arrival.
struct StreamState {
  var level: Int
  var queueLimit: Int32
  var deadline: Double
  /// Running sum of region shares; empty = one region.
  var cumulativeShares: [Double]
  var shareRegions: [Int16]
  /// Region index by the trace's own numbering.
  var traceRegions: [Int16]
  /// Hash of the first prefix block of each trace row; empty without blocks.
  var prefixes: [UInt64]
}

/// Counts of one stream.
struct StreamTally {
  var arrived = 0
  var completed = 0
  var rejected = 0
  var inputTokens = 0
  var outputTokens = 0
}

/// Counts of one group.
struct GroupTally: BitwiseCopyable {
  var requests = 0
  var inputTokens = 0
  var outputTokens = 0
  /// Steps of sequences whose work was thrown away: by preemption, failure or abort.
  var discardedSteps = 0
  /// Steps of sequences that ended.
  var completedSteps = 0
  var preemptions = 0
  var lost = 0
  /// Ends of segments at which a waiting request found no room in the KV cache, or no seat in the batch.
  var kvBlocked = 0
  var seatBlocked = 0
  /// Seconds in segments whose last step was bound by compute.
  var computeBound = 0.0
}
