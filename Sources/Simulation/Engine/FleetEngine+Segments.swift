/// The life of a batch: a segment ends, sequences leave and join, the next segment is formed.
extension FleetEngine {
  @inline(__always) func heap(_ r: Int) -> UnsafeMutablePointer<UInt64> {
    heaps.pointer(r &* heapStride &+ CompletionHeap.offset)
  }

  /// Settles the segment that ends now and forms the next.
  @inline(__always)
  mutating func endSegment(_ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    if replica.pointee.steps > 0 { settle(r, replica, model) } else { wake(replica) }
    formSegment(r, replica, model)
  }

  /// A request came to a replica without work.
  @inline(__always)
  private func wake(_ replica: UnsafeMutablePointer<ReplicaState>) {
    replica.pointee.idle += now - replica.pointee.idleSince
    replica.pointee.idleSince = now
  }

  /// Books the steps done, finishes sequences, delivers first tokens.
  @inline(__always)
  private mutating func settle(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) {
    book(replica, model, steps: replica.pointee.steps, until: now)
    replica.pointee.steps = 0
    replica.pointee.aheadSteps = 0
    let heap = heap(r)
    let counter = replica.pointee.counter
    var decoding = replica.pointee.decoding
    while decoding > 0, CompletionHeap.step(heap[0]) == counter {
      let id = CompletionHeap.id(heap[0])
      CompletionHeap.pop(heap, Int(decoding))
      decoding -= 1
      replica.pointee.decoding = decoding
      finishDecoding(id, r, replica, model)
    }
    if replica.pointee.finishing >= 0 { deliverFirstTokens(r, replica, model) }
  }

  /// Adds `steps` finished steps of the current batch, and the time since the segment's start, to the books.
  @inline(__always)
  func book(
    _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>, steps: Int64,
    until end: Double
  ) {
    let sequenceSteps = steps &* Int64(replica.pointee.decoding)
    let gained = Double(sequenceSteps) * model.pointee.tokensPerStep
    let elapsed = end - replica.pointee.start
    let kv = replica.pointee.kv
    replica.pointee.busy += elapsed
    replica.pointee.kvArea += elapsed * (kv + replica.pointee.reserved + 0.5 * gained)
    replica.pointee.kv = kv + gained
    replica.pointee.counter &+= steps
    replica.pointee.sequenceSteps &+= sequenceSteps
    replica.pointee.segments &+= 1
    replica.pointee.pendingSwap = 0
  }

  /// Takes a decode run out of the books again; it began at `start` and ended where the next segment starts.
  func unbook(
    _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>, steps: Int64,
    since start: Double
  ) {
    let sequenceSteps = steps &* Int64(replica.pointee.decoding)
    let gained = Double(sequenceSteps) * model.pointee.tokensPerStep
    let elapsed = replica.pointee.start - start
    let kv = replica.pointee.kv - gained
    replica.pointee.busy -= elapsed
    replica.pointee.kvArea -= elapsed * (kv + replica.pointee.reserved + 0.5 * gained)
    replica.pointee.kv = kv
    replica.pointee.counter &-= steps
    replica.pointee.sequenceSteps &-= sequenceSteps
    replica.pointee.segments &-= 1
    replica.pointee.start = start
  }

  @inline(__always)
  private mutating func finishDecoding(
    _ id: Int32, _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>,
    _ model: UnsafeMutablePointer<StepModel>
  ) {
    let record = pool[id]
    let generated = record.pointee.generated
    let steps = model.pointee.steps(for: record.pointee.output &- generated)
    let held = Double(record.pointee.input &+ generated) + steps * model.pointee.tokensPerStep
    replica.pointee.kv = replica.pointee.decoding == 0 ? 0 : replica.pointee.kv - held
    groupTally.pointer(Int(replica.pointee.group)).pointee.completedSteps &+= Int(steps)
    complete(id, record, r, replica)
  }

  /// Sequences whose prompt is now processed get their first (or, after a preemption, next) token.
  @inline(__always)
  private mutating func deliverFirstTokens(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) {
    var id = replica.pointee.finishing
    replica.pointee.finishing = -1
    replica.pointee.finishingTail = -1
    while id >= 0 {
      let record = pool[id]
      let next = record.pointee.next
      replica.pointee.prefilling &-= 1
      replica.pointee.reserved -= Double(record.pointee.context &+ 1)
      record.pointee.generated &+= 1
      record.pointee.ready = 0
      if usesPrefixes(record) { keepPrefix(record, r) }
      if record.pointee.firstToken == .infinity { record.pointee.firstToken = now }
      if record.pointee.generated >= record.pointee.output {
        complete(id, record, r, replica)
      } else if model.pointee.transferPerToken >= 0 {
        sendToDecode(id, r)
      } else {
        join(id, record, r, replica, model)
      }
      id = next
    }
  }

  /// Adds a sequence with its whole context in the cache to the decoding batch.
  @inline(__always)
  func join(
    _ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int,
    _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) {
    let generated = record.pointee.generated
    let steps = Int64(model.pointee.steps(for: record.pointee.output &- generated))
    let word = CompletionHeap.word(step: replica.pointee.counter &+ steps, id: id)
    let decoding = replica.pointee.decoding
    CompletionHeap.push(word, heap(r), Int(decoding))
    replica.pointee.decoding = decoding &+ 1
    replica.pointee.kv += Double(record.pointee.input &+ generated)
  }

  /// The answer is complete: statistics, and the place in the pool goes to the next request.
  @inline(__always)
  private mutating func complete(
    _ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int,
    _ replica: UnsafeMutablePointer<ReplicaState>
  ) {
    let stream = Int(record.pointee.stream)
    let group = Int(replica.pointee.group)
    let back = hasNetwork ? returnTime(record.pointee.region, group) : 0
    let arrival = record.pointee.arrival
    let firstToken = record.pointee.firstToken
    let input = Int(record.pointee.input)
    let output = Int(record.pointee.output)
    let sojourn = now - arrival
    let tpot = output > 1 ? (now - firstToken) / Double(output &- 1) : -1
    recorders[stream].finish(
      arrival: arrival, ttft: firstToken - arrival + back, tpot: tpot, endToEnd: sojourn + back, now: now)
    if hasObserver { observe(id, r, ttft: firstToken - arrival + back, endToEnd: sojourn + back) }
    if facts.pointer(stream).pointee.keepsSessions { holdSession(record, r) }
    let sums = tally.pointer(stream)
    sums.pointee.completed &+= 1
    sums.pointee.inputTokens &+= input
    sums.pointee.outputTokens &+= output
    let sum = groupTally.pointer(group)
    sum.pointee.requests &+= 1
    sum.pointee.inputTokens &+= input
    sum.pointee.outputTokens &+= output
    sojourns += sojourn
    countInSystem(-1)
    loads.decrement(r)
    pool.remove(id)
  }

  /// Tells whoever asked for single requests; nil latencies say that it was refused.
  @inline(never)
  func observe(_ id: Int32, _ replica: Int?, ttft: Double?, endToEnd: Double?) {
    let record = pool[id].pointee
    let group = replica.map { Int(replicas[$0].group) }
    observer?(
      FinishedRequest(
        stream: Int(record.stream), arrival: record.arrival, ttft: ttft, endToEnd: endToEnd,
        inputTokens: Int(record.input), outputTokens: Int(record.output), group: group,
        replica: group.map { replica! - Int(router.firstReplica[$0]) }))
  }
}
