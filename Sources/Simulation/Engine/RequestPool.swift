/// One request on its way through the fleet: a cache line.
struct RequestRecord: BitwiseCopyable {
  /// Seconds since the start of the run.
  var arrival: Double = 0
  /// When the first token was there; infinite until then.
  var firstToken: Double = .infinity
  /// Grows with every admission; the latest is preempted first.
  var order: Int64 = 0
  var input: Int32 = 0
  /// True length; the scheduler never reads it, only the end of the answer does.
  var output: Int32 = 0
  /// Tokens produced before the current admission.
  var generated: Int32 = 0
  /// Tokens of the context whose keys and values exist on the replica.
  var ready: Int32 = 0
  /// The next in whatever list the request stands in; −1 ends it.
  var next: Int32 = -1
  /// Row of the trace, for prefix blocks; −1 without.
  var row: Int32 = -1
  var session: Int32 = -1
  /// Where it is being sent.
  var replica: Int32 = -1
  var stream: Int16 = 0
  var region: Int16 = 0
  /// Its cache arrives or returns complete: it decodes without prefill.
  var resumes: Bool = false
  /// Its cache lies in host memory and must be read back.
  var isSwapped: Bool = false

  /// Tokens that must be in the cache before the next token can be produced.
  @inline(__always) var context: Int32 { resumes ? input &+ generated &- 1 : input &+ generated }

  /// Starts the life of a request in a place that another may have left.
  @inline(__always) mutating func arrive(_ arrival: Arrival, stream: Int) {
    self.arrival = arrival.time
    firstToken = .infinity
    order = 0
    input = arrival.input
    output = arrival.output
    generated = 0
    ready = 0
    row = arrival.row
    session = arrival.session
    self.stream = Int16(truncatingIfNeeded: stream)
    resumes = false
    isSwapped = false
  }

  /// Starts anew: whatever was computed is lost.
  mutating func restart() {
    generated = 0
    ready = 0
    firstToken = .infinity
    resumes = false
    isSwapped = false
  }
}

/// The requests in flight; a finished one leaves its place to the next, so memory is O(in flight).
struct RequestPool: ~Copyable {
  private(set) var records: Slab<RequestRecord>
  private var free: Int32 = -1
  private var used: Int32 = 0
  private(set) var inFlight = 0

  init() { records = Slab(count: 1024, repeating: RequestRecord()) }

  @inline(__always) subscript(id: Int32) -> UnsafeMutablePointer<RequestRecord> {
    records.pointer(Int(id))
  }

  /// A place for one more request; what it holds is the last one's.
  @inline(__always) mutating func insert() -> Int32 {
    inFlight &+= 1
    let id = free
    if id >= 0 {
      free = records[Int(id)].next
      return id
    }
    if Int(used) == records.count { grow() }
    used &+= 1
    return used &- 1
  }

  @inline(__always) mutating func remove(_ id: Int32) {
    inFlight &-= 1
    records.pointer(Int(id)).pointee.next = free
    free = id
  }

  @inline(never) private mutating func grow() {
    precondition(records.count < 1 << 28, "more than 268 million requests are in flight")
    records.grow(to: records.count * 2, repeating: RequestRecord())
  }
}
