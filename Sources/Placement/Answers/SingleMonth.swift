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
    for pod in single.fleet.pods.indices {
      let original = fleet.pods[pod]
      single.fleet.pods[pod].count = original.standingBlocks(inMonth: month)
      single.fleet.pods[pod].availableFromMonth = 0
      single.fleet.pods[pod].retiredFromMonth = nil
      single.fleet.pods[pod].leadTimeMonths = 0
      if month < original.firstDelivery { single.fleet.pods[pod].purchasable = 0 }
    }
    return single
  }
}
