/// The requests that were still in the fleet when the run ended.
struct InFlight {
  struct Count {
    var running = 0
    var queued = 0
  }

  private(set) var counts: [Count]
  /// Σ time in the fleet so far.
  private(set) var sojourns = 0.0
  private var firstTokens: [(stream: Int, arrival: Double, ttft: Double)] = []

  init(_ engine: borrowing FleetEngine, end: Double) {
    counts = engine.streams.map { _ in Count() }
    var running: [Int32] = []
    var queued = engine.parked
    for r in 0..<engine.replicas.count {
      let replica = engine.replicas[r]
      for i in 0..<Int(replica.decoding) { running.append(CompletionHeap.id(engine.heap(r)[i])) }
      engine.append(list: replica.finishing, to: &running)
      if replica.partial >= 0 { running.append(replica.partial) }
      for level in 0..<engine.queues.classes {
        engine.append(list: engine.queues.head(r, level: level), to: &queued)
      }
    }
    for event in engine.control.unordered where event.kind == .transferred { running.append(event.subject) }
    for event in engine.control.unordered where event.kind == .delivered { queued.append(event.subject) }
    for id in running { add(id, engine, end, running: true) }
    for id in queued { add(id, engine, end, running: false) }
  }

  private mutating func add(_ id: Int32, _ engine: borrowing FleetEngine, _ end: Double, running: Bool) {
    let record = engine.pool[id].pointee
    let stream = Int(record.stream)
    if running { counts[stream].running += 1 } else { counts[stream].queued += 1 }
    sojourns += end - record.arrival
    if record.firstToken < .infinity {
      firstTokens.append((stream, record.arrival, record.firstToken - record.arrival))
    }
  }

  /// A first token counts even when the answer was never finished.
  func addFirstTokens(to windows: inout [LatencyWindows]) {
    for first in firstTokens {
      windows[first.stream].firstTokenOnly(arrival: first.arrival, ttft: first.ttft)
    }
  }
}

extension FleetEngine {
  /// Follows a list through the pool.
  func append(list head: Int32, to ids: inout [Int32]) {
    var id = head
    while id >= 0 {
      ids.append(id)
      id = pool[id].pointee.next
    }
  }
}
