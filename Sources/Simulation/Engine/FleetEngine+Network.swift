/// The way from the users to a replica: half the round trip, the uplink they share, and what a session brings along.
///
/// A request occupies the uplink of its region and site for its bytes over the bandwidth, first come, first served, then
/// travels half the round trip. An agent whose last turn ran elsewhere moves its state over before it can start. The
/// answer is small and streamed as it comes: it travels the other half.
extension FleetEngine {
  /// On the way from now on; counted as load of the replica that will get it.
  mutating func send(_ id: Int32, _ record: UnsafeMutablePointer<RequestRecord>, to r: Int) {
    let pair = Int(record.pointee.region) * router.sites + Int(models[Int(replicas[r].group)].site)
    let fact = facts.pointer(Int(record.pointee.stream))
    var due = now
    if uplinks[pair].perByte > 0 {
      let bytes = Double(record.pointee.input) * fact.pointee.bytesPerToken
      let sending = bytes * uplinks[pair].perByte
      due = max(now, uplinks[pair].free) + sending
      uplinks.pointer(pair).pointee.free = due
      uplinks.pointer(pair).pointee.busy += sending
    }
    due += 0.5 * roundTrips[pair]
    if fact.pointee.stateMove > 0, sessions.moves(record, to: r) { due += fact.pointee.stateMove }
    guard due > now else { return enqueue(id, record, r) }
    record.pointee.replica = Int32(r)
    schedule(.delivered, at: due, subject: id)
  }

  /// The request is there; if the replica no longer is, it is sent again.
  mutating func deliver(_ id: Int32) {
    let record = pool[id]
    let r = Int(record.pointee.replica)
    if replicas[r].condition == .up || replicas[r].condition == .draining {
      enqueue(id, record, r)
    } else {
      loads.decrement(r)
      place(id, record)
    }
  }

  /// Seconds an answer travels back.
  @inline(__always) func returnTime(_ region: Int16, _ group: Int) -> Double {
    0.5 * roundTrips[Int(region) * router.sites + Int(models.pointer(group).pointee.site)]
  }
}

/// The uplink from one region to one site.
struct Uplink: BitwiseCopyable {
  /// Seconds per byte; 0 = unlimited.
  var perByte = 0.0
  /// When its last request has left.
  var free = 0.0
  /// Seconds of the requests it was given.
  var busy = 0.0
}
