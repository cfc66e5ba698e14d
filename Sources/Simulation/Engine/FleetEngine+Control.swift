/// Failures, repairs, scaling and transfers: the events that change the fleet itself.
extension FleetEngine {
  /// Opens the replicas that run at the start and schedules the first control events.
  mutating func openReplicas() {
    for r in 0..<replicas.count {
      let group = Int(replicas[r].group)
      let position = r - Int(router.firstReplica[group])
      if let scaler = scalers[group], position >= scaler.initial {
        replicas[r].condition = .off
      } else {
        loads.open(r)
      }
    }
    for source in outages.indices { scheduleOutage(source) }
    for group in 0..<groupCount {
      if let scaler = scalers[group] { schedule(.scale, at: scaler.interval, subject: Int32(group)) }
    }
  }

  mutating func handle(_ event: ControlEvent) {
    switch event.kind {
    case .fail: fail(Int(event.subject))
    case .repair: repair(Int(event.subject))
    case .scale: scale(Int(event.subject))
    case .started: finishStart(Int(event.subject))
    case .transferred: placeDecode(event.subject)
    }
  }

  private mutating func scheduleOutage(_ source: Int) {
    guard let start = outages[source].nextStart(from: now) else { return }
    schedule(.fail, at: start, subject: Int32(source))
  }

  private mutating func fail(_ source: Int) {
    schedule(.repair, at: now + outages[source].nextDuration(), subject: Int32(source))
    let hit = outages[source].replicas
    var evicted: [Int32] = []
    for r in hit {
      let replica = replicas.pointer(Int(r))
      replica.pointee.outages += 1
      guard replica.pointee.outages == 1 else { continue }
      loads.close(Int(r))
      evict(Int(r), into: &evicted)
      enter(.down, Int(r))
      events.set(Int(r), to: .infinity)
    }
    for id in evicted { retryOrLose(id) }
  }

  private mutating func repair(_ source: Int) {
    for r in outages[source].replicas {
      let replica = replicas.pointer(Int(r))
      replica.pointee.outages -= 1
      guard replica.pointee.outages == 0 else { continue }
      enter(.up, Int(r))
      loads.open(Int(r))
    }
    scheduleOutage(source)
    placeParked()
  }

  /// Books the time spent in the condition that ends and starts the next.
  func enter(_ condition: ReplicaState.Condition, _ r: Int) {
    let replica = replicas.pointer(r)
    let elapsed = now - replica.pointee.conditionSince
    switch replica.pointee.condition {
    case .down: replica.pointee.downTime += elapsed
    case .off: replica.pointee.offTime += elapsed
    case .up, .draining, .starting: break
    }
    replica.pointee.condition = condition
    replica.pointee.conditionSince = now
  }

  /// Takes every request off a replica, in order of arrival; steps that were complete by now are booked as done.
  private mutating func evict(_ r: Int, into evicted: inout [Int32]) {
    let replica = replicas.pointer(r)
    let group = Int(replica.pointee.group)
    if replica.pointee.steps > 0 { book(replica, steps: stepsDone(r)) }
    replica.pointee.steps = 0
    var ids: [Int32] = []
    for i in 0..<Int(replica.pointee.decoding) {
      let word = heap(r)[i]
      ids.append(CompletionHeap.id(word))
      detach(CompletionHeap.id(word), word, r)
    }
    var finishing = replica.pointee.finishing
    while finishing >= 0 {
      ids.append(finishing)
      finishing = pool[finishing].pointee.next
    }
    if replica.pointee.partial >= 0 { ids.append(replica.pointee.partial) }
    groupTally[group].lost += ids.count
    while replica.pointee.queued > 0 {
      ids.append(queues.first(r))
      queues.removeFirst(r, pool: pool)
      replica.pointee.queued -= 1
    }
    replica.pointee.decoding = 0
    replica.pointee.prefilling = 0
    replica.pointee.finishing = -1
    replica.pointee.finishingTail = -1
    replica.pointee.partial = -1
    replica.pointee.kv = 0
    replica.pointee.reserved = 0
    caches.forget(replica: r)
    ids.sort { (pool[$0].pointee.arrival, $0) < (pool[$1].pointee.arrival, $1) }
    for id in ids { loads.decrement(r); evicted.append(id) }
  }

  /// Steps of the segment in progress that were complete by now.
  private func stepsDone(_ r: Int) -> Int64 {
    let replica = replicas.pointer(r)
    if replica.pointee.isMixed { return 0 }
    let model = models.pointer(Int(replica.pointee.group))
    let run = model.pointee.decodeRun(sequences: Double(replica.pointee.decoding), kv: replica.pointee.kv)
    let elapsed = now - replica.pointee.start - replica.pointee.pendingSwap
    if elapsed <= 0 { return 0 }
    let reaching = run.steps(reaching: elapsed)
    return Int64(run.duration(reaching) <= elapsed ? reaching : reaching - 1)
  }

  /// A request whose replica failed starts again elsewhere, or is lost.
  private mutating func retryOrLose(_ id: Int32) {
    let record = pool[id]
    guard retriesLostWork else {
      reject(id, Int(record.pointee.stream))
      return
    }
    record.pointee.generated = 0
    record.pointee.ready = 0
    record.pointee.firstToken = .infinity
    record.pointee.resumes = false
    record.pointee.isSwapped = false
    place(id)
  }

  /// Routes again what found no open replica.
  mutating func placeParked() {
    let waiting = parked
    parked = []
    for id in waiting { if pool[id].pointee.resumes { placeDecode(id) } else { place(id) } }
  }
}
