import FleetData
import Quantities
import Testing

@testable import Placement

@Test("Demand goes to the cheapest site that keeps the promise")
func cheapestSiteWins() throws {
  // 10 req/s at 2 req/s per replica of 4 chips: 5 replicas, 20 chips at $1.
  let plan = try Placer.plan(Fixture.twoSites())
  #expect(plan.deployments.map(\.site) == ["far"])
  #expect(plan.deployments.map(\.replicas) == [5])
  #expect(abs(plan.objective - Fixture.month(chips: 20, at: 1)) < 1e-6)
  #expect(plan.proven)
  #expect(plan.relativeGap < 1e-9)
}

@Test("A promise too tight for the far site moves all demand to the near one")
func tightPromiseMovesDemand() throws {
  var problem = Fixture.twoSites()
  problem.services[0].timeToFirstToken = 0.25
  let plan = try Placer.plan(problem)
  #expect(plan.deployments.map(\.site) == ["near"])
  #expect(abs(plan.objective - Fixture.month(chips: 20, at: 2)) < 1e-6)
}

@Test("A plan that must survive the loss of a site can serve everything from either")
func siteLossIsSurvived() throws {
  var problem = Fixture.twoSites()
  problem.survivesSiteLoss = true
  problem.utilizationAfterLoss = 1
  let plan = try Placer.plan(problem)
  #expect(plan.deployments.map(\.replicas) == [5, 5])
  #expect(abs(plan.objective - Fixture.month(chips: 20, at: 1) - Fixture.month(chips: 20, at: 2)) < 1e-6)
}

@Test("A service whose home has no pod is refused with its residency named")
func residencyIsNamed() throws {
  var problem = Fixture.twoSites()
  problem.services[0].residency = "eu"
  do {
    _ = try Placer.plan(problem)
    Issue.record("there should be no plan")
  } catch .infeasible(let why) {
    #expect(why.binding == .residency(service: "chat"))
  } catch { Issue.record("unexpected \(error)") }
}

@Test("Demand beyond every chip names the chips that are missing")
func missingChipsAreNamed() throws {
  // Two pods of 32 chips hold 16 replicas of 2 req/s = 32 req/s; 40 req/s need 4 more replicas, 16 chips.
  do {
    _ = try Placer.plan(Fixture.twoSites(rate: 40))
    Issue.record("there should be no plan")
  } catch .infeasible(let why) {
    #expect(why.firstMonth == 0)
    #expect(abs(why.unmetRequestsPerSecond - 8) < 1e-6)
    #expect(why.relaxations.first?.amount == 16)
    #expect(why.sentence.contains("16 more gpu chips"))
  } catch { Issue.record("unexpected \(error)") }
}

@Test("A site without power is named with the power it lacks")
func missingPowerIsNamed() throws {
  var problem = Fixture.twoSites()
  for site in problem.fleet.sites.indices { problem.fleet.sites[site].powerCap = 0 }
  do {
    _ = try Placer.plan(problem)
    Issue.record("there should be no plan")
  } catch .infeasible(let why) {
    // 20 busy chips at 1 kW and PUE 1.1.
    guard case .power = why.binding else {
      Issue.record("\(why.binding)")
      return
    }
    #expect(abs((why.relaxations.first?.amount ?? 0) - 22_000) < 1)
  } catch { Issue.record("unexpected \(error)") }
}
