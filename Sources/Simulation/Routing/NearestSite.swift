/// Nearest site: the site with the shortest round trip that has an open replica, least loaded within the site.
extension Router {
  mutating func nearestSite(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let range = candidates(query)
    var i = range.lowerBound
    while i < range.upperBound {
      let end = endOfSite(from: i, range)
      let replica = leastLoaded(among: i..<end, loads)
      if replica >= 0 { return replica }
      i = end
    }
    return -1
  }

  /// Candidate groups are sorted by round trip and site: one past the last group of the site at `i`.
  func endOfSite(from i: Int, _ range: Range<Int>) -> Int {
    let site = models[Int(order[i])].site
    var end = i + 1
    while end < range.upperBound && models[Int(order[end])].site == site { end += 1 }
    return end
  }
}
