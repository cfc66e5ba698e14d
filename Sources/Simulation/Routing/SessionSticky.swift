/// Session-sticky: the turns of a session meet the same replica, so its cache is there; without a session, least loaded.
extension Router {
  mutating func sessionSticky(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    guard query.session >= 0 else { return leastLoaded(query, loads) }
    return home(of: UInt64(query.session) &+ 1, query, loads) ?? leastLoaded(query, loads)
  }

  /// The replica a key hashes to, or the next open one after it, so that a failure moves only the keys of the failed.
  func home(of key: UInt64, _ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32? {
    let range = candidates(query)
    var total = 0
    for i in range { total += replicas(of: Int(order[i])) }
    guard total > 0 else { return nil }
    var hash = key &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
    let start = Int((hash ^ (hash >> 32)) % UInt64(total))
    for step in 0..<total {
      let replica = self.replica(at: (start + step) % total, in: range)
      if loads.isOpen(Int(replica)) { return replica }
    }
    return nil
  }
}
