/// Sessions between two turns: their caches stay in the KV cache until the hold ends or a request needs the room.
extension FleetEngine {
  /// The turn is over: its cache stays on the replica that has it.
  @inline(never)
  mutating func holdSession(_ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) {
    guard let slot = sessions.slot(of: record) else { return }
    releaseSession(slot)
    let entry = sessions.slots.pointer(Int(slot))
    let hold = facts.pointer(Int(record.pointee.stream)).pointee.sessionHold
    entry.pointee.last = Int32(r)
    guard hold > 0, replicas[r].condition == .up else { return }
    entry.pointee.holder = Int32(r)
    entry.pointee.tokens = record.pointee.input + record.pointee.output - 1
    entry.pointee.since = now
    entry.pointee.until = now + hold
    entry.pointee.arrival = record.pointee.arrival
    replicas.pointer(r).pointee.reserved += charge(slot, r)
    sessions.insert(slot)
  }

  /// KV tokens a held session takes, its last block included.
  private func charge(_ slot: Int32, _ r: Int) -> Double {
    Double(sessions.slots[Int(slot)].tokens) + models[Int(replicas[r].group)].slack
  }

  /// Gives back what a session holds, wherever that is.
  mutating func releaseSession(_ slot: Int32) {
    let entry = sessions.slots[Int(slot)]
    guard entry.holder >= 0 else { return }
    let r = Int(entry.holder)
    replicas.pointer(r).pointee.reserved -= charge(slot, r)
    groupTally.pointer(Int(replicas[r].group)).pointee.heldTokenSeconds +=
      Double(entry.tokens) * (min(now, entry.until) - entry.since)
    sessions.remove(slot)
  }

  /// Gives up held sessions, the first to end first, until at most `reserved` tokens are reserved; did that suffice?
  @inline(never)
  mutating func freeSessions(_ r: Int, downTo reserved: Double, sparing spared: Int32 = -1) -> Bool {
    let replica = replicas.pointer(r)
    while replica.pointee.reserved > reserved {
      let slot = sessions.next(on: r, sparing: spared)
      if slot < 0 { return false }
      releaseSession(slot)
    }
    return true
  }

  /// Tokens that the session of a request holds on this replica, its last block included, and where they are noted.
  func ownHold(_ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) -> (tokens: Double, slot: Int32) {
    guard facts.pointer(Int(record.pointee.stream)).pointee.keepsSessions,
      let slot = sessions.slot(of: record), sessions.slots[Int(slot)].holder == Int32(r)
    else { return (0, -1) }
    return (charge(slot, r), slot)
  }

  /// Tokens of all sessions held on a replica, their last blocks included.
  func heldTokens(_ r: Int) -> Double {
    var sum = 0.0
    var slot = sessions.next(on: r, sparing: -1)
    while slot >= 0 {
      sum += charge(slot, r)
      slot = sessions.slots[Int(slot)].later
    }
    return sum
  }

  /// Forgets every session on a replica that goes.
  mutating func releaseSessions(of r: Int) { _ = freeSessions(r, downTo: -.infinity) }

  /// Tokens of this turn's prompt that its session still has here; they need no prefill.
  mutating func reuseSession(_ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) -> Int32 {
    guard let slot = sessions.slot(of: record) else { return 0 }
    let entry = sessions.slots[Int(slot)]
    releaseSession(slot)
    guard entry.holder == Int32(r), now <= entry.until else { return 0 }
    return min(entry.tokens, record.pointee.input - 1)
  }
}
