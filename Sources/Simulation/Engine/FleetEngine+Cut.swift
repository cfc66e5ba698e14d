/// An arrival in the midst of a decode run: at which step boundary it comes in, and what it changes until then.
extension FleetEngine {
  /// Ends the decode run at the first step boundary from now on if the request, now the head of the queue, can be
  /// admitted there, and else at the boundary where it has waited too long.
  mutating func cut(
    _ r: Int, _ replica: UnsafeMutablePointer<ReplicaState>, _ record: UnsafeMutablePointer<RequestRecord>
  ) {
    let cost = cost(replica)
    let run = cost.pointee.decodeRun(kv: replica.pointee.kv)
    let steps = min(
      stepsToAdmission(run, cost.pointee.gain, replica, record) ?? .infinity, stepsToDeadline(r, run))
    guard steps < Double(replica.pointee.steps) else { return }
    replica.pointee.steps = Int64(steps)
    events.set(r, to: replica.pointee.start + replica.pointee.pendingSwap + run.duration(steps))
  }

  /// Steps of the run in progress up to the boundary where the request could be admitted; nil when there is no seat or
  /// no room for it. Sessions between two turns give way to a request.
  @inline(__always)
  private func stepsToAdmission(
    _ run: DecodeRun, _ gain: Double, _ replica: UnsafeMutablePointer<ReplicaState>,
    _ record: UnsafeMutablePointer<RequestRecord>
  ) -> Double? {
    let model = models.pointer(Int(replica.pointee.group))
    guard replica.pointee.decoding < model.pointee.maxBatch else { return nil }
    let steps = run.steps(reaching: now - replica.pointee.start - replica.pointee.pendingSwap)
    let grown = replica.pointee.kv + steps * gain + Double(record.pointee.context &+ 1)
    let held = grown + Double(replica.pointee.decoding &+ 1) * model.pointee.slack
    return held + model.pointee.reserve > model.pointee.capacity ? nil : steps
  }

  /// Forms the mixed step that admits the request ahead of its start, in place of an event at the boundary before it.
  ///
  /// Nothing but another arrival, a failure or the end of the run can change what happens there; these take it back.
  /// False when the request must wait, or when what it finds there cannot be taken back: caches and held sessions.
  @inline(__always)
  mutating func enterAhead(
    _ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int,
    _ replica: UnsafeMutablePointer<ReplicaState>
  ) -> Bool {
    let fact = facts.pointer(Int(record.pointee.stream))
    if holdsSessions || fact.pointee.reuses || record.pointee.resumes { return false }
    guard replica.pointee.pendingSwap == 0 else { return false }
    let cost = cost(replica)
    let run = cost.pointee.decodeRun(kv: replica.pointee.kv)
    guard let steps = stepsToAdmission(run, cost.pointee.gain, replica, record),
      steps < Double(replica.pointee.steps)
    else { return false }
    let boundary = replica.pointee.start + run.duration(steps)
    guard boundary - record.pointee.arrival <= fact.pointee.deadline else { return false }
    let model = models.pointer(Int(replica.pointee.group))
    replica.pointee.aheadFrom = replica.pointee.start
    replica.pointee.aheadSteps = Int64(steps)
    book(replica, model, steps: replica.pointee.aheadSteps, until: boundary)
    replica.pointee.start = boundary
    var prefill = PrefillWork()
    var budget = model.pointee.chunk &- replica.pointee.decoding
    admit(id, record, r, replica, model, &budget, &prefill)
    startMixedStep(r, replica, model, prefill)
    return true
  }

  /// Undoes `enterAhead` if its mixed step has not begun by now: the decode run goes on to the boundary, and the request
  /// waits for it in the queue.
  @inline(never)
  mutating func takeBack(_ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let steps = replica.pointee.aheadSteps
    guard steps > 0 else { return }
    replica.pointee.aheadSteps = 0
    let boundary = replica.pointee.start
    guard now <= boundary else { return }
    let isPartial = replica.pointee.partial >= 0
    let id = isPartial ? replica.pointee.partial : replica.pointee.finishing
    let record = pool[id]
    var prefill = PrefillWork()
    prefill.add(tokens: Double(record.pointee.ready), after: 0)
    replica.pointee.prefilledTokens &-= Int64(prefill.tokens)
    replica.pointee.pairs -= prefill.pairs
    replica.pointee.partial = -1
    replica.pointee.finishing = -1
    replica.pointee.finishingTail = -1
    replica.pointee.prefilling = 0
    replica.pointee.reserved -= Double(record.pointee.context &+ 1)
    groupTally.pointer(Int(replica.pointee.group)).pointee.admittedTokens &-= Int(record.pointee.context)
    record.pointee.ready = 0
    unbook(replica, model, steps: steps, since: replica.pointee.aheadFrom)
    replica.pointee.steps = steps
    replica.pointee.isMixed = false
    queues.prepend(
      id, replica: r, level: facts.pointer(Int(record.pointee.stream)).pointee.level, pool: pool)
    replica.pointee.queued &+= 1
    events.set(r, to: boundary)
  }
}
