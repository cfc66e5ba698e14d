/// Round robin: every replica in turn, whatever its load or speed; closed ones are passed over.
extension Router {
  mutating func roundRobin(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let range = candidates(query)
    var total = 0
    for i in range { total += replicas(of: Int(order[i])) }
    guard total > 0 else { return -1 }
    for _ in 0..<total {
      let turn = turns[query.stream] % total
      turns[query.stream] = turn + 1
      let replica = self.replica(at: turn, in: range)
      if loads.isOpen(Int(replica)) { return replica }
    }
    return -1
  }

  /// The `position`-th replica of the candidate groups, counted through.
  func replica(at position: Int, in range: Range<Int>) -> Int32 {
    var rest = position
    for i in range {
      let group = Int(order[i])
      let count = replicas(of: group)
      if rest < count { return firstReplica[group] + Int32(rest) }
      rest -= count
    }
    preconditionFailure("a position lies within the replicas counted")
  }
}
