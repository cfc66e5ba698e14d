/// The batching scheduler: continuous batching, chunked prefill mixed with decode, preemption when the cache is full.
///
/// It knows prompts, tokens produced so far and free memory; it never reads how long an answer will be.
extension FleetEngine {
  /// Forms the next segment of the replica: one mixed step, a run of decode steps, or nothing.
  @inline(__always)
  mutating func formSegment(_ r: Int) {
    let replica = replicas.pointer(r)
    if replica.pointee.condition == .down {
      events.set(r, to: .infinity)
      return
    }
    let model = models.pointer(Int(replica.pointee.group))
    let preempted = makeRoom(r)
    var prefill = PrefillWork()
    if !preempted, replica.pointee.partial >= 0 || replica.pointee.queued > 0 { fillStep(r, &prefill) }
    replica.pointee.start = now
    if prefill.tokens > 0 {
      startMixedStep(r, prefill)
    } else if replica.pointee.decoding > 0 {
      startDecodeRun(r, model, justPreempted: preempted)
    } else {
      events.set(r, to: .infinity)
      if replica.pointee.condition == .draining, replica.pointee.isIdle { switchOff(r) }
    }
  }

  @inline(__always)
  private mutating func startMixedStep(_ r: Int, _ prefill: PrefillWork) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let sequences = Double(replica.pointee.decoding)
    let kv = replica.pointee.kv + prefill.prefixRead
    let swap = replica.pointee.pendingSwap
    let step = model.pointee.step(sequences: sequences, kv: kv, prefill: prefill.tokens, pairs: prefill.pairs)
    let floor = model.pointee.floor(
      sequences: sequences, kv: kv, prefill: prefill.tokens, pairs: prefill.pairs)
    if step < floor { floorViolations += 1 }
    replica.pointee.steps = 1
    replica.pointee.isMixed = true
    replica.pointee.prefilledTokens += Int64(prefill.tokens)
    events.set(r, to: now + swap + step)
  }

  /// Jumps to the next completion, to the last step that the KV cache holds, or to the step at which the head of the
  /// queue has waited too long, whichever comes first. After a preemption it takes one step: nobody was admitted at
  /// its start, so the head of the queue may fit at the next.
  @inline(__always)
  private mutating func startDecodeRun(
    _ r: Int, _ model: UnsafeMutablePointer<StepModel>, justPreempted: Bool
  ) {
    let replica = replicas.pointer(r)
    let sequences = Double(replica.pointee.decoding)
    let kv = replica.pointee.kv
    let toCompletion = Double(CompletionHeap.step(heap(r)[0]) - replica.pointee.counter)
    let room = model.pointee.capacity - kv - sequences * model.pointee.slack
    let growth = sequences * model.pointee.tokensPerStep
    var steps = toCompletion
    if steps * growth > room { steps = min(steps, (room / growth).rounded(.down) + 1) }
    if justPreempted { steps = 1 }
    let run = model.pointee.decodeRun(sequences: sequences, kv: kv)
    if replica.pointee.queued > 0 { steps = min(steps, stepsToDeadline(r, run)) }
    let duration = run.duration(steps)
    if duration < steps * model.pointee.floor(sequences: sequences, kv: kv, prefill: 0, pairs: 0)
      * (1 - 1e-12)
    {
      floorViolations += 1
    }
    replica.pointee.steps = Int64(steps)
    replica.pointee.isMixed = false
    events.set(r, to: now + replica.pointee.pendingSwap + duration)
  }

  /// Steps after which the head of the queue will have waited longer than its deadline; infinite without one.
  @inline(__always)
  func stepsToDeadline(_ r: Int, _ run: DecodeRun) -> Double {
    let record = pool[queues.first(r)].pointee
    let deadline = facts.pointer(Int(record.stream)).pointee.deadline
    if deadline == .infinity || record.generated > 0 { return .infinity }
    let start = replicas.pointer(r).pointee.start + replicas.pointer(r).pointee.pendingSwap
    return run.steps(reaching: record.arrival + deadline - start)
  }

  /// Continues the partly processed prompt, then admits from the queue, until tokens, seats or memory run out.
  @inline(__always)
  private mutating func fillStep(_ r: Int, _ prefill: inout PrefillWork) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    var budget = model.pointee.chunk - replica.pointee.decoding
    if replica.pointee.partial >= 0 {
      let id = replica.pointee.partial
      replica.pointee.partial = -1
      process(id, r, &budget, &prefill)
    }
    while budget > 0, replica.pointee.queued > 0 {
      let id = queues.first(r)
      let verdict = admission(id, r)
      if verdict == .wait { break }
      queues.removeFirst(r, pool: pool)
      replica.pointee.queued -= 1
      if verdict == .refuse {
        loads.decrement(r)
        reject(id, Int(pool[id].pointee.stream))
        continue
      }
      admit(id, r, &budget, &prefill)
    }
  }

  private enum Verdict { case admit, wait, refuse }

  /// May the head of the queue enter the batch now?
  @inline(__always)
  private mutating func admission(_ id: Int32, _ r: Int) -> Verdict {
    let replica = replicas.pointer(r)
    let group = Int(replica.pointee.group)
    let model = models.pointer(group)
    let record = pool[id]
    let deadline = facts.pointer(Int(record.pointee.stream)).pointee.deadline
    if record.pointee.generated == 0, now - record.pointee.arrival > deadline { return .refuse }
    let running = replica.pointee.decoding + replica.pointee.prefilling
    let context = Double(record.pointee.context + 1)
    if running == 0 {
      return context + model.pointee.slack <= model.pointee.capacity ? .admit : .refuse
    }
    if running >= model.pointee.maxBatch {
      groupTally.pointer(group).pointee.seatBlocked += 1
      return .wait
    }
    let held = replica.pointee.kv + replica.pointee.reserved + Double(running + 1) * model.pointee.slack
    if held + context + model.pointee.reserve <= model.pointee.capacity { return .admit }
    groupTally.pointer(group).pointee.kvBlocked += 1
    return .wait
  }

  @inline(__always)
  private mutating func admit(_ id: Int32, _ r: Int, _ budget: inout Int32, _ prefill: inout PrefillWork) {
    let replica = replicas.pointer(r)
    let record = pool[id]
    admissions += 1
    record.pointee.order = admissions
    if record.pointee.resumes {
      if record.pointee.isSwapped {
        let swap = models.pointer(Int(replica.pointee.group)).pointee.swapPerToken
        replica.pointee.pendingSwap += swap * Double(record.pointee.context)
        record.pointee.isSwapped = false
      }
      record.pointee.resumes = false
      join(id, r)
      budget -= 1
      return
    }
    replica.pointee.prefilling += 1
    replica.pointee.reserved += Double(record.pointee.context + 1)
    if usesPrefixes(record) { reusePrefix(id, r) }
    process(id, r, &budget, &prefill)
  }

  /// Gives the prompt of `id` as much of the step as is left.
  @inline(__always)
  private mutating func process(_ id: Int32, _ r: Int, _ budget: inout Int32, _ prefill: inout PrefillWork) {
    let replica = replicas.pointer(r)
    let record = pool[id]
    let done = record.pointee.ready
    let chunk = min(budget, record.pointee.context - done)
    prefill.add(tokens: Double(chunk), after: Double(done))
    budget -= chunk
    record.pointee.ready = done + chunk
    if record.pointee.ready < record.pointee.context {
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
