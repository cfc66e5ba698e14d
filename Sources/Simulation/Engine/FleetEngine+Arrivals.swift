import Quantities

/// How a request enters: region, replica, the way there, queue, and the cut of the segment it interrupts.
extension FleetEngine {
  @inline(__always)
  mutating func arrive() {
    let stream = arrivals.stream
    let arrival = arrivals.next
    let id = pool.insert()
    let record = pool[id]
    record.pointee.arrive(arrival, stream: stream)
    record.pointee.region = region(stream, arrival.region)
    tally.pointer(stream).pointee.arrived &+= 1
    recorders[stream].arrive(at: now)
    countInSystem(1)
    place(id, record)
  }

  /// Routes a new or returning request; parks it when no replica that serves it is up.
  @inline(__always)
  mutating func place(_ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>) {
    let stream = Int(record.pointee.stream)
    let replica = hasOnePool ? loads.leastLoaded(0) : choose(record, stream)
    guard replica >= 0 else {
      parked.append(id)
      return
    }
    loads.increment(Int(replica))
    if hasDelays {
      send(id, record, to: Int(replica))
    } else {
      enqueue(id, record, Int(replica))
    }
  }

  @inline(never)
  private mutating func choose(_ record: UnsafeMutablePointer<RequestRecord>, _ stream: Int) -> Int32 {
    let hasPrefix = facts.pointer(stream).pointee.hasPrefixes
    let query = RouteQuery(
      stream: stream, region: Int(record.pointee.region), input: record.pointee.input,
      session: record.pointee.session,
      prefix: hasPrefix ? streams[stream].prefixes[Int(record.pointee.row)] : 0)
    return router.choose(query, loads)
  }

  @inline(__always)
  private mutating func region(_ stream: Int, _ traced: Int32) -> Int16 {
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
  mutating func enqueue(_ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) {
    let replica = replicas.pointer(r)
    let fact = facts.pointer(Int(record.pointee.stream))
    if replica.pointee.aheadSteps > 0 { takeBack(r) }
    let queued = replica.pointee.queued
    if queued >= fact.pointee.queueLimit {
      loads.decrement(r)
      reject(id, Int(record.pointee.stream))
      return
    }
    let decodes = replica.pointee.steps > 0 && !replica.pointee.isMixed
    if decodes, queued == 0, enterAhead(id, record, r, replica) { return }
    queues.append(id, replica: r, level: fact.pointee.level, pool: pool)
    replica.pointee.queued = queued &+ 1
    if replica.pointee.steps == 0 {
      if now < events.time(of: r) { events.set(r, to: now) }
    } else if decodes, queued == 0 || queues.first(r) == id {
      cut(r, replica, record)
    }
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
