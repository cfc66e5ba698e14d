import FleetData
import Quantities
import Testing

@testable import Placement

/// Busy from midnight to noon UTC and to a fifth after it; and the other way round.
private let east = (0..<24).map { $0 < 12 ? 1.0 : 0.2 }
private let west = [Double](east.reversed())

/// 10 req/s from each of two regions, on replicas of 2 req/s that are cheaper at the far site.
private func twoRegions(_ curves: [[Double]]) -> PlacementProblem {
  var problem = Fixture.twoSites()
  problem.fleet.regions = [UserRegion(id: "east"), UserRegion(id: "west")]
  problem.fleet.links = ["east", "west"].flatMap { region in
    ["far", "near"].map { Fixture.link(region, $0, milliseconds: 50) }
  }
  problem.fleet.pods[0].count = 8
  problem.services = [Fixture.demand("chat", [("east", 10), ("west", 10)])]
  for (index, curve) in curves.enumerated() { problem.services[0].flows[index].hourlyLoad = curve }
  return problem
}

@Test("Regions that peak at different hours share replicas; those without a curve may peak at any hour")
func peaksShareReplicas() throws {
  func replicas(_ curves: [[Double]]) throws -> Int {
    try Placer.plan(twoRegions(curves)).deployments.reduce(0) { $0 + $1.replicas }
  }
  // 10 + 0.2 · 10 = 12 req/s at once, against 20 where both may peak together.
  #expect(try replicas([east, west]) == 6)
  #expect(try replicas([east, east]) == 10)
  #expect(try replicas([east, []]) == 10)
  #expect(try replicas([]) == 10)
  let busiest = try #require(try Placer.plan(twoRegions([east, west])).deployments.first)
  #expect(busiest.load == 12 && busiest.utilization == 1 && busiest.peakHour == 0)
  #expect(try Placer.plan(twoRegions([])).deployments[0].peakHour == nil)
}

@Test("What must survive a site loss is the busiest hour of all regions together")
func lossesCountTheBusiestHour() throws {
  var problem = twoRegions([east, west])
  problem.survivesSiteLoss = true
  problem.utilizationAfterLoss = 1
  let plan = try Placer.plan(problem)
  // Each site alone carries 12 req/s.
  #expect(plan.deployments.map(\.replicas) == [6, 6])
  // Far users of one region that only the near site reaches: routes after a loss are planned one by one.
  problem.fleet.links = problem.fleet.links.filter { $0.from == "west" || $0.to == "near" }
  let why = try #require(Fixture.refusal(problem))
  #expect(why.binding == .siteLoss(site: "near", service: "chat", month: 0))
}

@Test("Hours in which nobody asks for more than in another are not critical")
func hoursAreCritical() {
  func hours(_ curves: [[Double]]) -> [Int] { CriticalHours.hours(of: twoRegions(curves).services[0]) }
  #expect(hours([]) == [0])
  #expect(hours([east, east]) == [0])
  #expect(hours([east, west]) == [0, 12])
  let noon = (0..<24).map { $0 == 12 ? 1.0 : 0.5 }
  #expect(hours([noon, noon]) == [12])
  #expect(hours([noon, east]) == [0, 12])
}

@Test(
  "Knowing the hours never raises the optimum, and a day without ups and downs changes nothing",
  arguments: 0..<12)
func curvesNeverCostMore(seed: Int) throws {
  func least(_ curves: [[Double]]) throws -> Double? {
    var problem = SmallInstance(seed: UInt64(seed)).problem
    for service in problem.services.indices {
      for (flow, curve) in curves.enumerated() { problem.services[service].flows[flow].hourlyLoad = curve }
    }
    do { return try Placer.plan(problem).objective } catch PlacementError.infeasible { return nil }
  }
  guard let any = try least([]) else { return }
  let apart = try #require(try least([east, west]))
  #expect(apart <= any * (1 + 1e-9))
  let flat = [Double](repeating: 1, count: 24)
  #expect(abs(try #require(try least([flat, flat])) - any) <= 1e-9 * any)
}
