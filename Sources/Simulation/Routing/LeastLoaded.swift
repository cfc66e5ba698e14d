/// Least loaded: the replica with the fewest requests in flight for its speed; equals take turns.
extension Router {
  @inline(__always)
  mutating func leastLoaded(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let range = candidates(query)
    if range.count == 1 { return loads.leastLoaded(Int(order[range.lowerBound])) }
    return leastLoaded(among: range, loads)
  }

  /// Compares (requests in flight + 1) / (requests per second) across groups.
  mutating func leastLoaded(among range: Range<Int>, _ loads: borrowing LoadIndex) -> Int32 {
    var best = -1
    var bestLoad = Double.infinity
    for i in range {
      let group = Int(order[i])
      guard loads.openCount(group) > 0 else { continue }
      let load = Double(loads.leastLoad(group) + 1) / weights[group]
      if load < bestLoad || (load == bestLoad && lastChoice[group] < lastChoice[best]) {
        best = group
        bestLoad = load
      }
    }
    guard best >= 0 else { return -1 }
    choices += 1
    lastChoice[best] = choices
    return loads.leastLoaded(best)
  }
}
