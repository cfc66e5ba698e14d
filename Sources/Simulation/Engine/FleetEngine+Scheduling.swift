/// The batching scheduler: continuous batching, chunked prefill mixed with decode, preemption when the cache is full.
///
/// It knows prompts, tokens produced so far and free memory; it never reads how long an answer will be.
extension FleetEngine {
  /// Forms the next segment of the replica: one mixed step, a run of decode steps, or nothing.
  @inline(__always)
  mutating func formSegment(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>
  ) {
    let preempted = makeRoom(r, replica, model)
    var prefill = PrefillWork()
    if !preempted, replica.pointee.partial >= 0 || replica.pointee.queued > 0 {
      fillStep(r, replica, model, &prefill)
    }
    replica.pointee.start = now
    if prefill.tokens > 0 {
      startMixedStep(r, replica, model, prefill)
    } else if replica.pointee.decoding > 0 {
      startDecodeRun(r, replica, model, justPreempted: preempted)
    } else {
      rest(r, replica)
    }
  }

  /// The row of the batch now decoding.
  @inline(__always)
  func cost(_ replica: UnsafeMutablePointer<ReplicaState>) -> UnsafeMutablePointer<BatchCost> {
    costs.pointer(Int(replica.pointee.group) &* costStride &+ Int(replica.pointee.decoding))
  }

  /// Nothing is left to do for now.
  @inline(never)
  private mutating func rest(_ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>) {
    events.set(r, to: .infinity)
    replica.pointee.idleSince = now
    if replica.pointee.condition == .draining, loads.load(r) == 0 { leaveService(r) }
  }

  /// One step from `start` on that processes prompts besides decoding.
  @inline(__always)
  mutating func startMixedStep(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>,
    _ prefill: PrefillWork
  ) {
    let load = StepLoad(
      sequences: Double(replica.pointee.decoding), kv: replica.pointee.kv + prefill.prefixRead,
      prefill: prefill.tokens, pairs: prefill.pairs)
    let step = cost(replica).pointee.mixedStep(load, model)
    if step < model.pointee.floor(load) { floorViolations &+= 1 }
    replica.pointee.steps = 1
    replica.pointee.isMixed = true
    replica.pointee.prefilledTokens &+= Int64(prefill.tokens)
    replica.pointee.pairs += prefill.pairs
    events.set(r, to: replica.pointee.start + replica.pointee.pendingSwap + step)
  }

  /// Jumps to the next completion, to the last step that the KV cache holds, or to the step at which the head of the
  /// queue has waited too long, whichever comes first. After a preemption it takes one step: nobody was admitted at
  /// its start, so the head of the queue may fit at the next.
  @inline(__always)
  private mutating func startDecodeRun(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>,
    justPreempted: Bool
  ) {
    let kv = replica.pointee.kv
    let cost = cost(replica)
    let gain = cost.pointee.gain
    var steps = Double(CompletionHeap.step(heap(r)[0]) &- replica.pointee.counter)
    let slack = Double(replica.pointee.decoding) * model.pointee.slack
    let room = model.pointee.capacity - kv - replica.pointee.reserved - slack
    if steps * gain > room { steps = min(steps, max((room / gain).rounded(.down), 0) + 1) }
    if justPreempted { steps = 1 }
    let run = cost.pointee.decodeRun(kv: kv)
    if replica.pointee.queued > 0 { steps = min(steps, stepsToDeadline(r, run)) }
    let duration = run.duration(steps)
    let floor = steps * cost.pointee.decodeFloor(kv: kv, model)
    if duration < floor * (1 - 1e-12) { floorViolations &+= 1 }
    replica.pointee.steps = Int64(steps)
    replica.pointee.isMixed = false
    events.set(r, to: now + replica.pointee.pendingSwap + duration)
  }

  /// Steps after which the head of the queue will have waited longer than its deadline; infinite without one.
  @inline(__always)
  func stepsToDeadline(_ r: Int, _ run: DecodeRun) -> Double {
    let record = pool[queues.first(r)]
    let deadline = facts.pointer(Int(record.pointee.stream)).pointee.deadline
    if deadline == .infinity || record.pointee.generated > 0 { return .infinity }
    let start = replicas.pointer(r).pointee.start + replicas.pointer(r).pointee.pendingSwap
    return run.steps(reaching: record.pointee.arrival + deadline - start)
  }

  /// Continues the partly processed prompt, then admits from the queue, until tokens, seats or memory run out.
  @inline(__always)
  private mutating func fillStep(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>,
    _ prefill: inout PrefillWork
  ) {
    var budget = model.pointee.chunk &- replica.pointee.decoding
    let partial = replica.pointee.partial
    if partial >= 0 {
      replica.pointee.partial = -1
      process(partial, pool[partial], replica, &budget, &prefill)
    }
    while budget > 0, replica.pointee.queued > 0 {
      let id = queues.first(r)
      let record = pool[id]
      let verdict = admission(record, r, replica, model)
      if verdict == .wait { break }
      queues.removeFirst(r, pool: pool)
      replica.pointee.queued &-= 1
      if verdict == .refuse {
        loads.decrement(r)
        reject(id, Int(record.pointee.stream))
        continue
      }
      admit(id, record, r, replica, model, &budget, &prefill)
    }
  }

  private enum Verdict { case admit, wait, refuse }

  /// May the head of the queue enter the batch now?
  @inline(__always)
  private mutating func admission(
    _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>,
    _ model: UnsafeMutablePointer<StepModel>
  ) -> Verdict {
    let deadline = facts.pointer(Int(record.pointee.stream)).pointee.deadline
    if now - record.pointee.arrival > deadline, record.pointee.generated == 0 { return .refuse }
    let running = replica.pointee.decoding &+ replica.pointee.prefilling
    let context = Double(record.pointee.context &+ 1)
    let slack = model.pointee.slack
    let capacity = model.pointee.capacity
    if running == 0, context + slack > capacity { return .refuse }
    if running >= model.pointee.maxBatch {
      groupTally.pointer(Int(replica.pointee.group)).pointee.seatBlocked &+= 1
      return .wait
    }
    let reserve = running == 0 ? 0 : model.pointee.reserve
    let needed = replica.pointee.kv + Double(running &+ 1) * slack + context + reserve
    if needed + replica.pointee.reserved <= capacity { return .admit }
    if holdsSessions {
      let own = ownHold(record, r)
      if freeSessions(r, downTo: capacity - needed + own.tokens, sparing: own.slot) { return .admit }
    }
    groupTally.pointer(Int(replica.pointee.group)).pointee.kvBlocked &+= 1
    return .wait
  }

  @inline(__always)
  mutating func admit(
    _ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int,
    _ replica: UnsafeMutablePointer<ReplicaState>, _ model: UnsafeMutablePointer<StepModel>,
    _ budget: inout Int32, _ prefill: inout PrefillWork
  ) {
    admissions &+= 1
    record.pointee.order = admissions
    if record.pointee.resumes {
      if record.pointee.isSwapped {
        replica.pointee.pendingSwap += model.pointee.swapPerToken * Double(record.pointee.context)
        record.pointee.isSwapped = false
      }
      record.pointee.resumes = false
      join(id, record, r, replica, model)
      budget &-= 1
      return
    }
    replica.pointee.prefilling &+= 1
    let context = record.pointee.context
    replica.pointee.reserved += Double(context &+ 1)
    let group = Int(replica.pointee.group)
    groupTally.pointer(group).pointee.admittedTokens &+= Int(context)
    if facts.pointer(Int(record.pointee.stream)).pointee.reuses { reuse(record, r) }
    process(id, record, replica, &budget, &prefill)
  }

  /// Gives the prompt of `id` as much of the step as is left.
  @inline(__always)
  private mutating func process(
    _ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>,
    _ replica: UnsafeMutablePointer<ReplicaState>, _ budget: inout Int32, _ prefill: inout PrefillWork
  ) {
    let done = record.pointee.ready
    let left = record.pointee.context &- done
    let chunk = min(budget, left)
    prefill.add(tokens: Double(chunk), after: Double(done))
    budget &-= chunk
    record.pointee.ready = done &+ chunk
    if chunk < left {
      replica.pointee.partial = id
      return
    }
    record.pointee.next = -1
    if replica.pointee.finishing < 0 {
      replica.pointee.finishing = id
    } else {
      pool[replica.pointee.finishingTail].pointee.next = id
    }
    replica.pointee.finishingTail = id
  }
}

/// The prefill of one mixed step.
struct PrefillWork {
  var tokens = 0.0
  /// (query, key) pairs that attention visits.
  var pairs = 0.0
  /// Cached tokens of earlier chunks that attention reads again.
  var prefixRead = 0.0

  @inline(__always) mutating func add(tokens chunk: Double, after done: Double) {
    tokens += chunk
    pairs += chunk * done + chunk * (chunk + 1) * 0.5
    prefixRead += done
  }
}
