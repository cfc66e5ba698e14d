import Quantities

/// How a request enters: region, replica, queue, and the cut of the segment it interrupts.
extension FleetEngine {
  @inline(__always)
  mutating func arrive(_ stream: Int) {
    var record = RequestRecord()
    record.arrival = now
    record.input = cursors[stream].input
    record.output = cursors[stream].output
    record.row = cursors[stream].row
    record.session = cursors[stream].session
    record.stream = Int16(truncatingIfNeeded: stream)
    record.region = region(stream)
    tally[stream].arrived += 1
    recorders[stream].arrive(at: now)
    countInSystem(1)
    let id = pool.insert(record)
    place(id)
  }

  /// Routes a new or returning request; parks it when no replica that serves it is up.
  @inline(__always)
  mutating func place(_ id: Int32) {
    let record = pool[id]
    let stream = Int(record.pointee.stream)
    let hasPrefix = facts.pointer(stream).pointee.hasPrefixes
    let query = RouteQuery(
      stream: stream, region: Int(record.pointee.region), input: record.pointee.input,
      session: record.pointee.session,
      prefix: hasPrefix ? streams[stream].prefixes[Int(record.pointee.row)] : 0)
    let replica = router.choose(query, loads)
    guard replica >= 0 else {
      parked.append(id)
      return
    }
    enqueue(id, Int(replica))
  }

  @inline(__always)
  private mutating func region(_ stream: Int) -> Int16 {
    let traced = cursors[stream].region
    if traced >= 0 { return streams[stream].traceRegions[Int(traced)] }
    let fact = facts.pointer(stream)
    return fact.pointee.drawsRegion ? drawnRegion(stream) : fact.pointee.region
  }

  private mutating func drawnRegion(_ stream: Int) -> Int16 {
    let point = regionDraws[stream].uniform()
    let shares = streams[stream].cumulativeShares
    var i = 0
    while i < shares.count - 1 && point >= shares[i] { i += 1 }
    return streams[stream].shareRegions[i]
  }

  /// Appends to the replica's queue, wakes it when idle, cuts its decode run when the request can join the batch.
  @inline(__always)
  mutating func enqueue(_ id: Int32, _ r: Int) {
    let replica = replicas.pointer(r)
    let stream = Int(pool[id].pointee.stream)
    if replica.pointee.queued >= facts.pointer(stream).pointee.queueLimit {
      reject(id, stream)
      return
    }
    loads.increment(r)
    queues.append(id, replica: r, level: facts.pointer(stream).pointee.level, pool: pool)
    replica.pointee.queued += 1
    if replica.pointee.steps == 0 {
      if events.time(of: r) == .infinity { events.set(r, to: now) }
    } else if !replica.pointee.isMixed, queues.first(r) == id {
      cut(r, for: id)
    }
  }

  /// Ends the decode run at the first step boundary from now on if `id`, now the head of the queue, can be admitted
  /// there, and else at the boundary where it has waited too long.
  @inline(__always)
  private mutating func cut(_ r: Int, for id: Int32) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let hasSeat = replica.pointee.decoding < model.pointee.maxBatch
    if !hasSeat, facts.pointer(Int(pool[id].pointee.stream)).pointee.deadline == .infinity { return }
    let sequences = Double(replica.pointee.decoding)
    let run = model.pointee.decodeRun(sequences: sequences, kv: replica.pointee.kv)
    let begin = replica.pointee.start + replica.pointee.pendingSwap
    var steps = run.steps(reaching: now - begin)
    guard steps < Double(replica.pointee.steps) else { return }
    let grown = replica.pointee.kv + steps * sequences * model.pointee.tokensPerStep
    let held = grown + (sequences + 1) * model.pointee.slack + Double(pool[id].pointee.context + 1)
    if !hasSeat || held + model.pointee.reserve > model.pointee.capacity {
      steps = stepsToDeadline(r, run)
      guard steps < Double(replica.pointee.steps) else { return }
    }
    replica.pointee.steps = Int64(steps)
    events.set(r, to: begin + run.duration(steps))
  }

  /// A request that the fleet will not serve.
  mutating func reject(_ id: Int32, _ stream: Int) {
    tally[stream].rejected += 1
    recorders[stream].depart(at: now)
    sojourns += now - pool[id].pointee.arrival
    if hasObserver { observe(id, nil, ttft: nil, endToEnd: nil) }
    countInSystem(-1)
    pool.remove(id)
  }
}
