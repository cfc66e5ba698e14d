import FleetData

extension PlacementProblem {
  /// One month of the problem by itself, with the blocks that stand or may have been bought by then.
  ///
  /// - Parameter demandFactor: multiplies every rate.
  public func only(month: Int, demandFactor: Double = 1) -> PlacementProblem {
    var single = self
    single.months = 1
    single.discountRate = 0
    for service in single.services.indices {
      for flow in single.services[service].flows.indices {
        let rate = services[service].flows[flow].peakRates[month]
        single.services[service].flows[flow].peakRates = [rate * demandFactor]
      }
    }
    single.fleet = fleet.standing(inMonth: month)
    return single
  }
}
