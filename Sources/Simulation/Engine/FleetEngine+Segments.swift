/// The life of a batch: a segment ends, sequences leave and join, the next segment is formed.
extension FleetEngine {
  @inline(__always) func heap(_ r: Int) -> UnsafeMutablePointer<UInt64> {
    heaps.pointer(r * heapStride)
  }

  /// Settles the segment that ends now and forms the next.
  @inline(__always)
  mutating func endSegment(_ r: Int) {
    settle(r)
    formSegment(r)
  }

  /// Books the steps done, finishes sequences, delivers first tokens.
  @inline(__always)
  private mutating func settle(_ r: Int) {
    let replica = replicas.pointer(r)
    let steps = replica.pointee.steps
    guard steps > 0 else { return }
    book(replica, steps: steps)
    replica.pointee.steps = 0
    let heap = heap(r)
    let counter = replica.pointee.counter
    while replica.pointee.decoding > 0, CompletionHeap.step(heap[0]) == counter {
      let id = CompletionHeap.id(heap[0])
      CompletionHeap.pop(heap, Int(replica.pointee.decoding))
      replica.pointee.decoding -= 1
      finishDecoding(id, r)
    }
    if replica.pointee.finishing >= 0 { deliverFirstTokens(r) }
  }

  /// Adds `steps` finished steps of the current batch, and the time since the segment's start, to the books.
  @inline(__always)
  func book(_ replica: UnsafeMutablePointer<ReplicaState>, steps: Int64) {
    let model = models.pointer(Int(replica.pointee.group))
    let gained = Double(steps) * Double(replica.pointee.decoding) * model.pointee.tokensPerStep
    let elapsed = now - replica.pointee.start
    replica.pointee.busy += elapsed
    replica.pointee.kvArea += elapsed * (replica.pointee.kv + replica.pointee.reserved + 0.5 * gained)
    replica.pointee.kv += gained
    replica.pointee.counter += steps
    replica.pointee.sequenceSteps += steps * Int64(replica.pointee.decoding)
    replica.pointee.segments += 1
    replica.pointee.pendingSwap = 0
  }

  @inline(__always)
  private mutating func finishDecoding(_ id: Int32, _ r: Int) {
    let record = pool[id].pointee
    let replica = replicas.pointer(r)
    let group = Int(replica.pointee.group)
    let model = models.pointer(group)
    let steps = model.pointee.steps(for: record.output - record.generated)
    replica.pointee.kv -= Double(record.input + record.generated) + steps * model.pointee.tokensPerStep
    if replica.pointee.decoding == 0 { replica.pointee.kv = 0 }
    groupTally.pointer(group).pointee.completedSteps += Int(steps)
    complete(id, r)
  }

  /// Sequences whose prompt is now processed get their first (or, after a preemption, next) token.
  @inline(__always)
  private mutating func deliverFirstTokens(_ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    var id = replica.pointee.finishing
    replica.pointee.finishing = -1
    replica.pointee.finishingTail = -1
    while id >= 0 {
      let record = pool[id]
      let next = record.pointee.next
      replica.pointee.prefilling -= 1
      replica.pointee.reserved -= Double(record.pointee.context + 1)
      record.pointee.generated += 1
      record.pointee.ready = 0
      if usesPrefixes(record) { keepPrefix(id, r) }
      if record.pointee.firstToken == .infinity { record.pointee.firstToken = now }
      if record.pointee.generated >= record.pointee.output {
        complete(id, r)
      } else if model.pointee.transferPerToken >= 0 {
        sendToDecode(id, r)
      } else {
        join(id, r)
      }
      id = next
    }
  }

  /// Adds a sequence with its whole context in the cache to the decoding batch.
  @inline(__always)
  func join(_ id: Int32, _ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let record = pool[id].pointee
    let steps = Int64(model.pointee.steps(for: record.output - record.generated))
    let word = CompletionHeap.word(step: replica.pointee.counter + steps, id: id)
    CompletionHeap.push(word, heap(r), Int(replica.pointee.decoding))
    replica.pointee.decoding += 1
    replica.pointee.kv += Double(record.input + record.generated)
  }

  /// The answer is complete: statistics, and the place in the pool goes to the next request.
  @inline(__always)
  private mutating func complete(_ id: Int32, _ r: Int) {
    let record = pool[id]
    let stream = Int(record.pointee.stream)
    let group = Int(replicas.pointer(r).pointee.group)
    let trip = networkTime(record.pointee.region, group)
    let arrival = record.pointee.arrival
    let output = record.pointee.output
    let sojourn = now - arrival
    let ttft = record.pointee.firstToken - arrival + trip
    let tpot = output > 1 ? (now - record.pointee.firstToken) / Double(output - 1) : -1
    recorders[stream].finish(arrival: arrival, ttft: ttft, tpot: tpot, endToEnd: sojourn + trip, now: now)
    if hasObserver { observe(id, group, ttft: ttft, endToEnd: sojourn + trip) }
    let sums = tally.pointer(stream)
    sums.pointee.completed += 1
    sums.pointee.inputTokens += Int(record.pointee.input)
    sums.pointee.outputTokens += Int(output)
    let sum = groupTally.pointer(group)
    sum.pointee.requests += 1
    sum.pointee.inputTokens += Int(record.pointee.input)
    sum.pointee.outputTokens += Int(output)
    sojourns += sojourn
    countInSystem(-1)
    loads.decrement(r)
    pool.remove(id)
  }

  /// Round-trip seconds between a region and the site of a group.
  @inline(__always) private func networkTime(_ region: Int16, _ group: Int) -> Double {
    roundTrips[Int(region) * router.sites + Int(models.pointer(group).pointee.site)]
  }

  /// Tells whoever asked for single requests; nil latencies say that it was refused.
  @inline(never)
  func observe(_ id: Int32, _ group: Int?, ttft: Double?, endToEnd: Double?) {
    let record = pool[id].pointee
    observer?(
      FinishedRequest(
        stream: Int(record.stream), arrival: record.arrival, ttft: ttft, endToEnd: endToEnd,
        inputTokens: Int(record.input), outputTokens: Int(record.output), group: group))
  }
}
