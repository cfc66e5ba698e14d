/// Prefix-affine: prompts that begin alike meet the same replica, unless it is far busier than the least loaded.
extension Router {
  /// A home may carry this much more than the least loaded replica before affinity yields to balance.
  static var affinitySlack: Int32 { 8 }

  mutating func prefixAffine(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let calmest = leastLoaded(query, loads)
    guard query.prefix != 0, calmest >= 0, let home = home(of: query.prefix, query, loads) else {
      return calmest
    }
    let least = loads.load(Int(calmest))
    return loads.load(Int(home)) <= least + least / 4 + Self.affinitySlack ? home : calmest
  }
}
