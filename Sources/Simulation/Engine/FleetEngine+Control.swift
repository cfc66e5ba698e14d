/// Failures, maintenance and repairs: the events that take parts of the fleet away and give them back.
extension FleetEngine {
  mutating func handle(_ event: ControlEvent) {
    switch event.kind {
    case .fail: fail(Int(event.subject))
    case .repair: repair(Int(event.subject))
    case .scale: scale(Int(event.subject))
    case .started: finishStart(Int(event.subject))
    case .transferred: placeDecode(event.subject)
    case .delivered: deliver(event.subject)
    case .capBegins: beginCap(Int(event.subject))
    case .capEnds: endCap(Int(event.subject))
    }
  }

  mutating func scheduleOutage(_ source: Int) {
    guard let start = outages[source].nextStart(from: now) else { return }
    schedule(.fail, at: start, subject: Int32(source))
  }

  private mutating func fail(_ source: Int) {
    let end = now + outages[source].nextDuration()
    schedule(.repair, at: end, subject: Int32(source))
    let hit = outages[source]
    for link in hit.links { router.closeLink(region: link.region, site: link.site) }
    for r in hit.stalledLinks {
      let replica = replicas.pointer(Int(r))
      replica.pointee.linkFree = max(replica.pointee.linkFree, end)
    }
    if hit.isPlanned {
      for r in hit.replicas { withdraw(Int(r)) }
    } else {
      breakDown(hit.replicas)
    }
  }

  /// Parts fail: requests on them start again elsewhere or are lost, and spares step in.
  private mutating func breakDown(_ hit: [Int32]) {
    var evicted: [Int32] = []
    for r in hit {
      let replica = replicas.pointer(Int(r))
      replica.pointee.outages += 1
      guard replica.pointee.condition != .down else { continue }
      let served = replica.pointee.condition != .off
      loads.close(Int(r))
      evict(Int(r), into: &evicted)
      enter(.down, Int(r))
      events.set(Int(r), to: .infinity)
      if served { startSpare(for: Int(r)) }
    }
    for id in evicted { retryOrLose(id) }
  }

  /// Maintenance: the replica takes nothing new and is down once its last request has left.
  private mutating func withdraw(_ r: Int) {
    let replica = replicas.pointer(r)
    replica.pointee.outages += 1
    switch replica.pointee.condition {
    case .down: return
    case .off, .starting: enter(.down, r)
    case .draining: break
    case .up:
      loads.close(r)
      enter(.draining, r)
      startSpare(for: r)
      if loads.load(r) == 0 { leaveService(r) }
    }
  }

  /// The last request of a draining replica has left.
  mutating func leaveService(_ r: Int) {
    if holdsSessions { releaseSessions(of: r) }
    caches.forget(replica: r)
    enter(replicas[r].outages > 0 ? .down : .off, r)
  }

  private mutating func repair(_ source: Int) {
    let healed = outages[source]
    for link in healed.links { router.openLink(region: link.region, site: link.site) }
    for r in healed.replicas {
      let replica = replicas.pointer(Int(r))
      replica.pointee.outages -= 1
      guard replica.pointee.outages == 0 else { continue }
      if mayRun(Int(r)) {
        enter(.up, Int(r))
        loads.open(Int(r))
      } else if replica.pointee.condition == .down {
        enter(.off, Int(r))
      }
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
    case .up, .draining, .starting:
      if condition == .down || condition == .off { replica.pointee.idle += now - replica.pointee.idleSince }
    }
    if replica.pointee.condition == .down || replica.pointee.condition == .off {
      replica.pointee.idleSince = now
    }
    replica.pointee.condition = condition
    replica.pointee.conditionSince = now
  }

  /// Takes every request off a replica, in order of arrival; steps that were complete by now are booked as done.
  private mutating func evict(_ r: Int, into evicted: inout [Int32]) {
    let replica = replicas.pointer(r)
    let group = Int(replica.pointee.group)
    takeBack(r)
    if replica.pointee.steps > 0 {
      book(replica, models.pointer(group), steps: stepsDone(r), until: now)
      replica.pointee.idleSince = now
    }
    replica.pointee.steps = 0
    var ids: [Int32] = []
    for i in 0..<Int(replica.pointee.decoding) {
      let word = heap(r)[i]
      ids.append(CompletionHeap.id(word))
      detach(CompletionHeap.id(word), word, r)
    }
    append(list: replica.pointee.finishing, to: &ids)
    if replica.pointee.partial >= 0 {
      abandon(replica.pointee.partial, r)
      ids.append(replica.pointee.partial)
    }
    groupTally[group].lost += ids.count
    while replica.pointee.queued > 0 {
      ids.append(queues.first(r))
      queues.removeFirst(r, pool: pool)
      replica.pointee.queued -= 1
    }
    if holdsSessions { releaseSessions(of: r) }
    replica.pointee.clear()
    caches.forget(replica: r)
    ids.sort { (pool[$0].pointee.arrival, $0) < (pool[$1].pointee.arrival, $1) }
    for id in ids { loads.decrement(r); evicted.append(id) }
  }

  /// Steps of the segment in progress that were complete by now.
  private func stepsDone(_ r: Int) -> Int64 {
    let replica = replicas.pointer(r)
    if replica.pointee.isMixed { return 0 }
    let run = cost(replica).pointee.decodeRun(kv: replica.pointee.kv)
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
    record.pointee.restart()
    place(id, record)
  }

  /// Routes again what found no open replica.
  mutating func placeParked() {
    let waiting = parked
    parked = []
    for id in waiting {
      if pool[id].pointee.resumes { placeDecode(id) } else { place(id, pool[id]) }
    }
  }
}

extension ReplicaState {
  /// Every request has been taken off.
  mutating func clear() {
    decoding = 0
    prefilling = 0
    finishing = -1
    finishingTail = -1
    partial = -1
    kv = 0
    reserved = 0
    pendingSwap = 0
  }
}
