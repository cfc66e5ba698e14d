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
  /// Step costs of group g by decoding sequences, from `g × costStride` on.
  let costs: Slab<BatchCost>
  let costStride: Int
  let groupCount: Int
  var arrivals: ArrivalQueue
  let streams: [StreamState]
  /// Prefix blocks of each stream's trace rows, as the trace has them.
  let blockOffsets: [[Int]]
  let blockHashes: [[UInt64]]
  /// The facts of each stream that every event needs.
  let facts: Slab<StreamFacts>
  let roundTrips: Slab<Double>
  let uplinks: Slab<Uplink>
  let standing: [GroupStanding]
  var router: Router
  var regionDraws: [RandomStream]
  /// Every request may go to every replica, the least loaded first: routing is one look-up.
  let hasOnePool: Bool
  /// Answers travel, requests travel, sessions are held: what most runs need not ask.
  let hasNetwork: Bool
  let hasDelays: Bool
  let holdsSessions: Bool

  // Replicas and requests.
  let replicas: Slab<ReplicaState>
  /// The heap of running sequences of replica r starts at `r × heapStride`.
  let heaps: Slab<UInt64>
  let heapStride: Int
  var pool = RequestPool()
  let queues: WaitingQueues
  let caches: PrefixCaches
  let sessions: SessionTable
  /// When the remote cache tier of each group has sent its last block.
  let groupLinks: Slab<Double>
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
  var inSystem = 0.0
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
  var caps: [CapState]
  let retriesLostWork: Bool
  let scalers: [Autoscaler?]
  /// Groups that decode for each stream what others prefilled.
  let decodeGroups: [[Int]]

  /// Runs to the last departure, to the horizon, or until `goOn` says no; true when it was told to stop.
  mutating func run(_ goOn: ((_ arrived: Int, _ time: Double) -> Bool)?) -> Bool {
    openReplicas()
    while true {
      let arrival = arrivals.time
      let stepEnd = events.earliest
      let time = Swift.min(arrival, stepEnd)
      if nextControl <= time || time > horizon {
        let due = Swift.min(time, nextControl)
        if due > horizon || due == .infinity || isDone { break }
        now = due
        let event = control.removeMin()
        nextControl = control.min?.time ?? .infinity
        handle(event)
      } else if arrival <= stepEnd {
        now = arrival
        arrive()
        arrivals.advance()
      } else {
        if isDone { break }
        now = stepEnd
        endSegment(events.earliestIndex)
      }
      eventCount &+= 1
      if eventCount & 0xffff == 0, let goOn, !goOn(arrivedSoFar, now) {
        takeBackAll()
        return true
      }
    }
    if horizon < .infinity, pool.inFlight > 0 || arrivals.time < .infinity { now = horizon }
    takeBackAll()
    return false
  }

  /// The last request has left.
  private var isDone: Bool { @inline(__always) get { arrivals.time == .infinity && pool.inFlight == 0 } }

  /// Nothing may have begun that lies beyond the end of the run.
  private mutating func takeBackAll() {
    for r in 0..<replicas.count { takeBack(r) }
  }

  private var arrivedSoFar: Int {
    var sum = 0
    for stream in streams.indices { sum += tally[stream].arrived }
    return sum
  }

  @inline(__always) mutating func countInSystem(_ change: Double) {
    inSystemArea += inSystem * (now - inSystemSince)
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
  /// The replica may have some of a prompt already, by prefix blocks or by session.
  var reuses = false
  var keepsPrefixes = false
  var keepsSessions = false
  var blockTokens = 1
  /// Seconds the cache of a session stays between two turns, and seconds its state takes to move.
  var sessionHold = 0.0
  var stateMove = 0.0
  /// Bytes of request per prompt token.
  var bytesPerToken = 0.0
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
  /// Steps of sequences that ended.
  var completedSteps = 0
  var preemptions = 0
  var lost = 0
  /// Ends of segments at which a waiting request found no room in the KV cache, or no seat in the batch.
  var kvBlocked = 0
  var seatBlocked = 0
  /// Prompt tokens found in a prefix cache or held by their session.
  var reusedTokens = 0
  /// Tokens of contexts admitted to prefill, and those that were taken off before they were processed.
  var admittedTokens = 0
  var abandonedTokens = 0
  /// ∫ tokens held by sessions between two turns dt.
  var heldTokenSeconds = 0.0
  /// Caches sent to decode groups, and the seconds their links were busy with them.
  var transfers = 0
  var linkSeconds = 0.0
}
