import FleetData
import Quantities
import Testing

@testable import Placement

/// One owned pod of 8-chip domains, two replicas of 5 req/s in each; five more domains may be bought.
private func growing(_ rates: [Double], lead: Int = 1) -> PlacementProblem {
  let pod = Fixture.pod(
    "own", at: "home", shape: [8], count: 1, price: Fixture.committed(1), purchasable: 5, lead: lead)
  let fleet = Fleet(
    name: "growing", sites: [Fixture.site("home")], pods: [pod],
    links: [Fixture.link("users", "home", milliseconds: 5)], regions: [UserRegion(id: "users")])
  return PlacementProblem(
    fleet: fleet, months: rates.count,
    services: [
      ServiceDemand(service: "chat", flows: [ServiceDemand.Flow(region: "users", peakRates: rates)])
    ],
    options: [Fixture.option("chat", on: "own", slice: [4], capacity: 5)], maxUtilization: 1,
    limits: SearchLimits(relativeGap: 0))
}

@Test("Blocks are bought no earlier than growth needs them and ordered a lead time ahead")
func purchasesFollowGrowth() throws {
  // 10, 15 and 25 req/s need 2, 3 and 5 replicas: 1, 2 and 3 blocks.
  let plan = try Placer.plan(growing([10, 15, 25]))
  #expect(plan.purchases.map(\.deliveryMonth) == [1, 2])
  #expect(plan.purchases.map(\.orderMonth) == [0, 1])
  #expect(plan.purchases.map(\.blocks) == [1, 1])
  #expect(plan.pods.map(\.installed) == [8, 16, 24])
  let chips = plan.costs.reduce(0) { $0 + $1.fixed }
  #expect(abs(chips - Fixture.month(chips: 48, at: 1)) < 1e-3)
}

@Test("Months planned one by one buy the same blocks as months planned together")
func decompositionAgrees() throws {
  let problem = try ResolvedProblem(growing([10, 15, 12, 25]))
  let together = try Placer.jointPlan(problem)
  let apart = try Placer.rollingPlan(problem)
  #expect(apart.purchases == together.purchases)
  #expect(apart.bound <= together.objective * (1 + 1e-9))
  #expect(apart.objective >= together.objective * (1 - 1e-9))
}

@Test("Growth that outruns the lead time names its first month and keeps the plan until then")
func leadTimeIsNamed() throws {
  do {
    _ = try Placer.plan(growing([10, 10, 40], lead: 3))
    Issue.record("there should be no plan")
  } catch .infeasible(let why) {
    #expect(why.firstMonth == 2)
    #expect(why.binding == .chips(pod: "own", month: 2))
    // 40 req/s need 8 replicas of 4 chips: 24 chips more than the 8 that stand.
    #expect(why.relaxations.first?.amount == 24)
    #expect(why.planUntilThen?.costs.count == 2)
  } catch { Issue.record("unexpected \(error)") }
}

@Test("A budget too small is named with the money it lacks")
func budgetIsNamed() throws {
  var problem = Fixture.twoSites()
  let needed = Fixture.month(chips: 20, at: 1)
  problem.monthlyBudget = USD(needed - 1000)
  do {
    _ = try Placer.plan(problem)
    Issue.record("there should be no plan")
  } catch .infeasible(let why) {
    #expect(why.binding == .budget(month: 0))
    #expect(abs((why.relaxations.first?.amount ?? 0) - 1000) < 1)
  } catch { Issue.record("unexpected \(error)") }
}

@Test("Replicas on chips that fail get the spares their number needs")
func sparesArePlanned() throws {
  var problem = Fixture.twoSites()
  problem.fleet.pods[0].availability = 0.99
  problem.spareConfidence = 0.999
  problem.services[0].timeToFirstToken = 0.35
  let plan = try Placer.plan(problem)
  let row = try #require(plan.deployments.first { $0.site == "far" })
  let up = 0.99 * 0.99 * 0.99 * 0.99
  #expect(
    row.spares >= SpareTable.spares(for: row.replicas, replicaAvailability: up, confidence: 0.999))
}

@Test("Chips already paid for are used before chips that would have to be rented")
func paidChipsComeFirst() throws {
  var problem = Fixture.twoSites(rate: 14)
  problem.fleet.pods[1].price = Fixture.committed(2)
  let plan = try Placer.plan(problem)
  // 7 replicas are needed; the committed pod holds 8.
  #expect(plan.deployments.map(\.pod) == ["near-gpu"])
}

@Test("Installed chips are used, free or stranded, and nothing else")
func chipsAddUp() throws {
  let plan = try Placer.plan(growing([10, 15, 25]))
  for row in plan.pods { #expect(row.installed == row.used + row.free + row.stranded) }
}

@Test("What runs out after the horizon is found by letting demand go on growing")
func nextShortfallIsFound() throws {
  // 6 blocks hold 12 replicas, 60 req/s; 25 req/s growing by 5/3 a month pass that in the second month after.
  let found = try NextShortfall.find(growing([9, 15, 25]), upTo: 12)
  let shortfall = try #require(found)
  #expect(shortfall.monthsAfterHorizon == 2)
  #expect(shortfall.cause.sentence.contains("chips in own"))
}

@Test("The greenest plan emits no more than the cheapest, and the cheapest costs no more than any")
func alternativesGiveSomethingUp() throws {
  var problem = Fixture.twoSites()
  problem.fleet.sites[1].carbon = GramsCO2PerJoule(20 / 3.6e6)
  let rows = try PlanAlternatives.compare(problem, month: 0)
  let cheapest = try #require(rows.first { $0.name == "cheapest" })
  let greenest = try #require(rows.first { $0.name == "greenest" })
  let safest = try #require(rows.first { $0.name == "safest" })
  #expect(rows.allSatisfy { $0.monthlyCost >= cheapest.monthlyCost - 1e-6 })
  #expect(greenest.carbonKilograms < cheapest.carbonKilograms)
  #expect(safest.chips > cheapest.chips)
  #expect(cheapest.givesUp.hasPrefix("surviving the loss of a site; "))
  #expect(cheapest.givesUp.contains("kg of CO2 a month that the greenest avoids"))
  #expect(cheapest.givesUp.hasSuffix("90 ms of round trip that the nearest saves"))
  #expect(greenest.givesUp.hasPrefix("$"))
  let front = try PlanAlternatives.costAgainstCarbon(problem, month: 0)
  #expect(front.count == 2)
  let nearer = try PlanAlternatives.costAgainstLatency(problem, month: 0)
  #expect(nearer.count == 2)
  #expect(nearer[0].monthlyCost < nearer[1].monthlyCost)
  #expect(nearer[0].meanRoundTrip > nearer[1].meanRoundTrip)
}

@Test("The integer program is never beaten by greedy placement or by local search", arguments: 0..<10)
func baselinesAreNoBetter(seed: Int) throws {
  var problem = SmallInstance(seed: UInt64(seed)).problem
  problem.survivesSiteLoss = false
  guard let plan = try? Placer.plan(problem) else { return }
  let baselines = try Baselines.compare(problem, month: 0)
  for baseline in baselines {
    if let objective = baseline.objective { #expect(objective >= plan.objective * (1 - 1e-9)) }
  }
  let greedy = baselines[0].objective ?? .infinity
  #expect(baselines[1].objective ?? .infinity <= greedy * (1 + 1e-9))
}
