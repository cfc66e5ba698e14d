/// What one replica is doing: the segment in progress, its batch and its counters.
///
/// A segment is either a run of `steps` decode steps of an unchanging batch or one mixed step that also prefills.
struct ReplicaState: BitwiseCopyable {
  enum Condition: UInt8 {
    case up
    /// Takes no new requests and goes off when the last one leaves.
    case draining
    /// Allocated, loading weights.
    case starting
    case off
    case down
  }

  var start = 0.0
  /// Σ (input + generated) of the decoding sequences: read by the next step and held by it.
  var kv = 0.0
  /// Tokens held by sequences in prefill.
  var reserved = 0.0
  /// Decode steps done since the run began.
  var counter: Int64 = 0
  /// Steps of the segment in progress; 0 = none.
  var steps: Int64 = 0
  var decoding: Int32 = 0
  var prefilling: Int32 = 0
  /// The sequence whose prompt is longer than the last step's budget; −1 = none.
  var partial: Int32 = -1
  /// Sequences whose prefill ends with the step in progress.
  var finishing: Int32 = -1
  var finishingTail: Int32 = -1
  var queued: Int32 = 0
  var group: Int32 = 0
  var isMixed = false
  var condition = Condition.up
  /// Outages that hold the replica down at once.
  var outages: Int32 = 0
  /// Seconds the next step waits for caches that move to or from the host.
  var pendingSwap = 0.0
  var busy = 0.0
  var downTime = 0.0
  var offTime = 0.0
  var conditionSince = 0.0
  /// ∫ KV tokens dt, trapezoid per segment.
  var kvArea = 0.0
  var sequenceSteps: Int64 = 0
  var prefilledTokens: Int64 = 0
  /// When the link out of a prefill replica is free again.
  var linkFree = 0.0
  var segments: Int64 = 0

  @inline(__always) var isIdle: Bool { decoding == 0 && prefilling == 0 && queued == 0 }
}

/// First-in, first-out lists of waiting requests, one per replica and priority class, linked through the pool.
struct WaitingQueues: ~Copyable {
  let classes: Int
  private let heads: Slab<Int32>
  private let tails: Slab<Int32>

  init(replicas: Int, classes: Int) {
    self.classes = classes
    heads = Slab(count: replicas * classes, repeating: -1)
    tails = Slab(count: replicas * classes, repeating: -1)
  }

  /// The request whose turn is next, or −1.
  @inline(__always) func first(_ replica: Int) -> Int32 {
    let base = replica * classes
    var head = heads[base]
    var level = 1
    while head < 0 && level < classes {
      head = heads[base + level]
      level += 1
    }
    return head
  }

  /// The first of one class, or −1.
  func head(_ replica: Int, level: Int) -> Int32 { heads[replica * classes + level] }

  @inline(__always)
  func append(_ id: Int32, replica: Int, level: Int, pool: borrowing RequestPool) {
    let slot = replica * classes + level
    pool[id].pointee.next = -1
    let tail = tails[slot]
    if tail < 0 { heads[slot] = id } else { pool[tail].pointee.next = id }
    tails[slot] = id
  }

  /// Puts a preempted request ahead of its class.
  func prepend(_ id: Int32, replica: Int, level: Int, pool: borrowing RequestPool) {
    let slot = replica * classes + level
    pool[id].pointee.next = heads[slot]
    if heads[slot] < 0 { tails[slot] = id }
    heads[slot] = id
  }

  /// Takes `first(replica)` off its list.
  @inline(__always) func removeFirst(_ replica: Int, pool: borrowing RequestPool) {
    var slot = replica * classes
    while heads[slot] < 0 { slot += 1 }
    let id = heads[slot]
    let next = pool[id].pointee.next
    heads[slot] = next
    if next < 0 { tails[slot] = -1 }
  }
}
