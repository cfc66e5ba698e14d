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
  /// The facts of each stream that every event needs.
  let facts: Slab<StreamFacts>
  let roundTrips: Slab<Double>
  var router: Router
  var regionDraws: [RandomStream]

  // Replicas and requests.
  let replicas: Slab<ReplicaState>
  /// The heap of running sequences of replica r starts at `r × heapStride`.
  let heaps: Slab<UInt64>
  let heapStride: Int
  var pool = RequestPool()
  let queues: WaitingQueues
  let caches: PrefixCaches
  var loads: LoadIndex
  var events: EventTree
  var control = Heap<ControlEvent>()
  /// When the next control event is due.
  var nextControl = Double.infinity
  var parked: [Int32] = []

  // What is being measured.
  let tally: Slab<StreamTally>
  var recorders: LatencyRecorders
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
  var hasObserver = false
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
      let ordered = nextControl
      let time = min(arrival, stepEnd, ordered)
      if time == .infinity || time > horizon { break }
      if arrival == .infinity && pool.inFlight == 0 { break }
      now = time
      if ordered == time {
        let event = control.removeMin()
        nextControl = control.min?.time ?? .infinity
        handle(event)
      } else if arrival == time {
        arrive(nextStream)
        cursors[nextStream].advance()
        if cursors.count > 1 { nextStream = earliestStream() }
      } else {
        endSegment(events.earliestIndex)
      }
      eventCount &+= 1
      if eventCount & 0xffff == 0, let goOn, !goOn(arrivedSoFar, now) { return true }
    }
    if horizon < .infinity, pool.inFlight > 0 || cursors.contains(where: { $0.time < .infinity }) {
      now = horizon
    }
    return false
  }

  private var arrivedSoFar: Int {
    var sum = 0
    for stream in 0..<cursors.count { sum += tally[stream].arrived }
    return sum
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
    nextControl = min(nextControl, time)
  }
}

/// What the engine needs to know of a stream now and then.
struct StreamState {
  /// Running sum of region shares; empty = one region.
  var cumulativeShares: [Double]
  var shareRegions: [Int16]
  /// Region index by the trace's own numbering.
  var traceRegions: [Int16]
  /// Hash of the first prefix blocks of each trace row; empty without blocks.
  var prefixes: [UInt64]
  /// Prefix blocks of each trace row, as the trace has them.
  var blockOffsets: [Int]
  var blockHashes: [UInt64]
  var blockTokens: Int
}

/// What the engine needs to know of a stream at every event.
struct StreamFacts: BitwiseCopyable {
  var level = 0
  var queueLimit = Int32.max
  var deadline = Double.infinity
  /// The region when there is but one.
  var region: Int16 = 0
  var drawsRegion = false
  var hasPrefixes = false
}

/// Counts of one stream.
struct StreamTally: BitwiseCopyable {
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
  /// Prompt tokens found in a prefix cache.
  var reusedTokens = 0
}
