/// Spill-over: the nearest site until its least loaded replica could not seat the request at once, then the next site.
extension Router {
  mutating func spillOver(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let range = candidates(query)
    var i = range.lowerBound
    while i < range.upperBound {
      let end = endOfSite(from: i, range)
      let replica = leastLoaded(among: i..<end, loads)
      if replica >= 0, hasSeat(Int(replica), query, loads) { return replica }
      i = end
    }
    return leastLoaded(among: range, loads)
  }

  /// Is there room in the batch and in the KV cache, taking sequences to be as long as this prompt and half again?
  func hasSeat(_ replica: Int, _ query: RouteQuery, _ loads: borrowing LoadIndex) -> Bool {
    let model = models[group(of: replica)]
    let load = Double(loads.load(replica) + 1)
    return load <= 0.9 * Double(model.maxBatch) && load * Double(query.input) * 1.5 <= 0.9 * model.capacity
  }

  func group(of replica: Int) -> Int {
    var group = 0
    while Int(firstReplica[group + 1]) <= replica { group += 1 }
    return group
  }
}
