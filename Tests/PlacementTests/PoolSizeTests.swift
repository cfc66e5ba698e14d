import FleetData
import Quantities
import Testing

@testable import Placement

/// One site, one service, one option of one chip given as a pool of any size and as one of four or more, whose
/// replicas carry twice as much.
private func pooled(rate: Double) -> PlacementProblem {
  let fleet = Fleet(
    name: "one", sites: [Fixture.site("home")], pods: [Fixture.pod("gpu", at: "home", shape: [8], count: 4)],
    links: [Fixture.link("users", "home", milliseconds: 10)], regions: [UserRegion(id: "users")])
  let alone = Fixture.option("chat", on: "gpu", slice: [1], capacity: 1)
  var together = Fixture.option("chat", on: "gpu", slice: [1], capacity: 2)
  together.leastReplicas = 4
  return PlacementProblem(
    fleet: fleet, months: 1, services: [Fixture.demand("chat", [("users", rate)])],
    options: [alone, together], maxUtilization: 1, limits: SearchLimits(relativeGap: 0))
}

@Test(
  "Replicas count on a pool's capacity only where the pool stands",
  arguments: [
    // Fewer than four are better counted one by one; from four on the pool carries two requests a second each.
    (rate: 1.0, replicas: 1, each: 1.0), (2.5, 3, 1), (3.5, 4, 2), (8, 4, 2), (8.5, 5, 2), (20, 10, 2),
  ])
func poolsCountWhereTheyStand(rate: Double, replicas: Int, each: Double) throws {
  let plan = try Placer.plan(pooled(rate: rate))
  #expect(plan.deployments.map(\.replicas) == [replicas])
  if replicas != 4 || rate > 4 { #expect(plan.deployments.map(\.capacityPerReplica) == [[each]]) }
  #expect(abs(plan.objective - Fixture.month(chips: replicas, at: 1)) < 1e-6)
}

@Test("A larger pool on offer never raises the cost, over loads from one replica to thirty")
func largerPoolsNeverCostMore() throws {
  var last = 0.0
  for rate in stride(from: 0.5, through: 30, by: 1.25) {
    var single = pooled(rate: rate)
    single.options.removeLast()
    let both = try Placer.plan(pooled(rate: rate)).objective
    let alone = try Placer.plan(single).objective
    #expect(both <= alone + 1e-6)
    #expect(both >= last - 1e-6, "more demand is never cheaper")
    last = both
  }
}

@Test("Of the sizes of an option one is used, and the front keeps a larger pool only where it carries more")
func oneSizeIsUsed() throws {
  let problem = pooled(rate: 11)
  let plan = try Placer.plan(problem)
  #expect(plan.deployments.count == 1)
  #expect(ReplicaOption.paretoFront(problem.options).count == 2)
  var equal = problem.options
  equal[1].capacity = [1]
  #expect(ReplicaOption.paretoFront(equal) == [equal[0]])
}

@Test("Two options of one id and one size of pool are a contradiction")
func sizesAreDistinct() {
  var problem = pooled(rate: 1)
  problem.options[1].leastReplicas = 1
  #expect(throws: PlacementError.self) { try Placer.plan(problem) }
}

@Test("Simpler methods build whole pools too, and the integer program is never dearer")
func baselinesBuildPools() throws {
  for rate in [2.5, 8, 20] {
    let least = try Placer.plan(pooled(rate: rate)).objective
    for row in try Baselines.compare(pooled(rate: rate), month: 0) {
      let objective = try #require(row.objective)
      #expect(objective >= least - 1e-6)
    }
  }
}
