/// What happens when running sequences outgrow the KV cache.
extension FleetEngine {
  /// Gives up held sessions, then preempts the latest sequences, lowest class first, until the next step fits; true
  /// when any sequence had to go.
  @inline(__always)
  mutating func makeRoom(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) -> Bool {
    let room = roomForReserved(replica, model)
    return replica.pointee.reserved <= room ? false : preempt(r)
  }

  /// Tokens that prefills and held sessions may take beside the decoding sequences.
  @inline(__always)
  private func roomForReserved(
    _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) -> Double {
    let running = Double(replica.pointee.decoding &+ replica.pointee.prefilling)
    return model.pointee.capacity - replica.pointee.kv - running * model.pointee.slack
  }

  @inline(never)
  private mutating func preempt(_ r: Int) -> Bool {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    if holdsSessions, freeSessions(r, downTo: roomForReserved(replica, model)) { return false }
    while replica.pointee.reserved > roomForReserved(replica, model) {
      if replica.pointee.decoding == 1 && replica.pointee.prefilling == 0 {
        // The replica is empty now: whoever waits may come in at once.
        abortLast(r)
        return false
      }
      if replica.pointee.partial >= 0 {
        preemptPartial(r)
      } else {
        preemptDecoding(r)
      }
    }
    return true
  }

  /// The prompt in progress came last of all: it goes first, and what was processed of it is lost.
  private mutating func preemptPartial(_ r: Int) {
    let replica = replicas.pointer(r)
    let id = replica.pointee.partial
    replica.pointee.partial = -1
    replica.pointee.prefilling -= 1
    replica.pointee.reserved -= Double(pool[id].pointee.context + 1)
    abandon(id, r)
    pool[id].pointee.ready = 0
    requeue(id, r)
  }

  private mutating func preemptDecoding(_ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let heap = heap(r)
    let index = victim(r)
    let word = heap[index]
    CompletionHeap.remove(at: index, heap, Int(replica.pointee.decoding))
    replica.pointee.decoding -= 1
    let id = CompletionHeap.id(word)
    detach(id, word, r)
    let swap = model.pointee.swapPerToken
    if swap >= 0 {
      pool[id].pointee.resumes = true
      pool[id].pointee.isSwapped = true
      replica.pointee.pendingSwap += swap * Double(pool[id].pointee.context)
    }
    requeue(id, r)
  }

  /// What is left of a prompt will not be processed in this admission.
  func abandon(_ id: Int32, _ r: Int) {
    let left = pool[id].pointee.context - pool[id].pointee.ready
    groupTally.pointer(Int(replicas[r].group)).pointee.abandonedTokens += Int(left)
  }

  /// Takes the sequence's tokens out of the cache and remembers what it has produced.
  func detach(_ id: Int32, _ word: UInt64, _ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let record = pool[id]
    let planned = model.pointee.steps(for: record.pointee.output - record.pointee.generated)
    let done = planned - Double(CompletionHeap.step(word) - replica.pointee.counter)
    let gained = done * model.pointee.tokensPerStep
    replica.pointee.kv -= Double(record.pointee.input + record.pointee.generated) + gained
    if replica.pointee.decoding == 0 { replica.pointee.kv = 0 }
    record.pointee.generated += Int32(gained.rounded(.down))
    groupTally.pointer(Int(replica.pointee.group)).pointee.completedSteps += Int(done)
  }

  private mutating func requeue(_ id: Int32, _ r: Int) {
    let replica = replicas.pointer(r)
    groupTally.pointer(Int(replica.pointee.group)).pointee.preemptions += 1
    queues.prepend(
      id, replica: r, level: facts.pointer(Int(pool[id].pointee.stream)).pointee.level, pool: pool)
    replica.pointee.queued += 1
  }

  /// The decoding sequence admitted last among those of the lowest class.
  private func victim(_ r: Int) -> Int {
    let heap = heap(r)
    var best = 0
    var bestLevel = -1
    var bestOrder: Int64 = -1
    for i in 0..<Int(replicas.pointer(r).pointee.decoding) {
      let record = pool[CompletionHeap.id(heap[i])].pointee
      let level = facts.pointer(Int(record.stream)).pointee.level
      if level > bestLevel || (level == bestLevel && record.order > bestOrder) {
        best = i
        bestLevel = level
        bestOrder = record.order
      }
    }
    return best
  }

  /// A sequence that outgrows the whole cache alone can never finish: it is refused after all.
  private mutating func abortLast(_ r: Int) {
    let replica = replicas.pointer(r)
    let word = heap(r)[0]
    let id = CompletionHeap.id(word)
    replica.pointee.decoding = 0
    detach(id, word, r)
    loads.decrement(r)
    reject(id, Int(pool[id].pointee.stream))
  }
}
