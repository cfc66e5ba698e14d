/// What one replica is doing: the segment in progress, its batch and its counters.
///
/// A segment is either a run of `steps` decode steps of an unchanging batch or one mixed step that also prefills. The
/// fields every event touches fill the first two of four cache lines.
struct ReplicaState: BitwiseCopyable {
  enum Condition: UInt8 {
    case up
    /// Takes no new requests and goes off, or into maintenance, when the last one leaves.
    case draining
    /// Allocated, loading weights.
    case starting
    case off
    case down
  }

  var start = 0.0
  /// Σ (input + generated) of the decoding sequences: read by the next step and held by it.
  var kv = 0.0
  /// Tokens held by sequences in prefill and by sessions between two turns.
  var reserved = 0.0
  /// Decode steps done since the run began.
  var counter: Int64 = 0
  /// Steps of the segment in progress; 0 = none.
  var steps: Int64 = 0
  var decoding: Int32 = 0
  var prefilling: Int32 = 0
  var queued: Int32 = 0
  /// The sequence whose prompt is longer than the last step's budget; −1 = none.
  var partial: Int32 = -1
  /// Sequences whose prefill ends with the step in progress.
  var finishing: Int32 = -1
  var finishingTail: Int32 = -1

  var busy = 0.0
  /// ∫ KV tokens dt, trapezoid per segment.
  var kvArea = 0.0
  var sequenceSteps: Int64 = 0
  var prefilledTokens: Int64 = 0
  var segments: Int64 = 0
  /// (query, key) pairs that attention visited in prefill.
  var pairs = 0.0
  /// Seconds the next step waits for caches that move to or from the host.
  var pendingSwap = 0.0
  var group: Int32 = 0
  var isMixed = false
  var condition = Condition.up

  /// Where the decode run began, and its steps, that lies between now and a mixed step formed ahead of its start; see
  /// `enterAhead`. 0 steps = none.
  var aheadFrom = 0.0
  var aheadSteps: Int64 = 0

  // What follows is touched by control events alone.
  var idle = 0.0
  /// When the time without work began that has not been booked yet.
  var idleSince = 0.0
  var downTime = 0.0
  var offTime = 0.0
  var conditionSince = 0.0
  /// When the link out of a prefill replica is free again.
  var linkFree = 0.0
  /// When the weights it is loading will be there.
  var startDue = 0.0
  /// Outages and maintenance windows that hold the replica at once.
  var outages: Int32 = 0
  /// Off because of a power cap.
  var isCurtailed = false
  /// Fills the fourth cache line: no two replicas share one.
  private var padding: (Int64, Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0, 0)

  init(group: Int32) { self.group = group }
}

/// First-in, first-out lists of waiting requests, one per replica and priority class, linked through the pool.
struct WaitingQueues: ~Copyable {
  struct List: BitwiseCopyable {
    var head: Int32 = -1
    var tail: Int32 = -1
  }
  let classes: Int
  private let lists: Slab<List>

  init(replicas: Int, classes: Int) {
    self.classes = classes
    lists = Slab(count: replicas * classes, repeating: List())
  }

  /// The request whose turn is next, or −1.
  @inline(__always) func first(_ replica: Int) -> Int32 {
    let base = replica * classes
    var head = lists[base].head
    var level = 1
    while head < 0 && level < classes {
      head = lists[base + level].head
      level += 1
    }
    return head
  }

  /// The first of one class, or −1.
  func head(_ replica: Int, level: Int) -> Int32 { lists[replica * classes + level].head }

  @inline(__always)
  func append(_ id: Int32, replica: Int, level: Int, pool: borrowing RequestPool) {
    let list = lists.pointer(replica * classes + level)
    pool[id].pointee.next = -1
    let tail = list.pointee.tail
    if tail < 0 { list.pointee.head = id } else { pool[tail].pointee.next = id }
    list.pointee.tail = id
  }

  /// Puts a preempted request ahead of its class.
  func prepend(_ id: Int32, replica: Int, level: Int, pool: borrowing RequestPool) {
    let list = lists.pointer(replica * classes + level)
    pool[id].pointee.next = list.pointee.head
    if list.pointee.head < 0 { list.pointee.tail = id }
    list.pointee.head = id
  }

  /// Takes `first(replica)` off its list.
  @inline(__always) func removeFirst(_ replica: Int, pool: borrowing RequestPool) {
    var slot = replica * classes
    while lists[slot].head < 0 { slot += 1 }
    let list = lists.pointer(slot)
    let next = pool[list.pointee.head].pointee.next
    list.pointee.head = next
    if next < 0 { list.pointee.tail = -1 }
  }
}
