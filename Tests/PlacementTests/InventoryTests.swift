import FleetData
import Quantities
import Testing

@testable import Placement

/// Replicas at the cheap far site and at the dear near one; 10 req/s need five of 4 chips and 4 kW each.
private func split(_ problem: PlacementProblem, month: Int = 0) throws -> [Int] {
  let plan = try Placer.plan(problem)
  return ["far", "near"].map { site in
    plan.deployments(inMonth: month).filter { $0.site == site }.reduce(0) { $0 + $1.replicas }
  }
}

/// Half a day of work, from midnight to noon.
private let morning = [Double](repeating: 1, count: 12) + [Double](repeating: 0, count: 12)
private let evening = [Double](morning.reversed())

private func twoMonths() -> PlacementProblem {
  var problem = Fixture.twoSites()
  problem.months = 2
  problem.services = [Fixture.demand("chat", [("users", 10)], months: 2)]
  return problem
}

@Test("Work goes where power is cheap in the hours of the work")
func tariffsCountByTheHour() throws {
  func problem(_ load: [Double]) -> PlacementProblem {
    var problem = Fixture.twoSites()
    for index in problem.fleet.pods.indices {
      problem.fleet.pods[index].price = Fixture.price(
        .owned(capital: 10_000, depreciation: 5 * .year, annualInterest: 0))
    }
    let cheap = morning.map { USDPerJoule(($0 == 1 ? 0.02 : 0.10) / 3.6e6) }
    problem.fleet.sites[0].electricityByHour = cheap
    problem.fleet.sites[1].electricityByHour = cheap.reversed()
    problem.services[0].flows[0].hourlyLoad = load
    return problem
  }
  #expect(try split(problem(morning)) == [5, 0])
  #expect(try split(problem(evening)) == [0, 5])
  // Idle: 64 chips × 300 W × PUE 1.1 × 730.5 h at the mean of $0.06 = $925.69. Busy over idle: 20 chips × 700 W for
  // half of the hours at $0.02 = $112.50.
  let energy = try Placer.plan(problem(morning)).costs[0].energy
  #expect(abs(energy - 19.2 * 1.1 * 730.5 * 0.06 - 14 * 1.1 * 730.5 * 0.5 * 0.02) < 1e-6)
}

@Test("Carbon counts by the hour too")
func carbonCountsByTheHour() throws {
  var problem = Fixture.twoSites()
  problem.fleet.sites[0].carbonByHour = morning.map { GramsCO2PerJoule($0 * 600 / 3.6e6) }
  problem.services[0].flows[0].hourlyLoad = evening
  let clean = try Placer.plan(problem).costs[0].carbonKilograms
  problem.services[0].flows[0].hourlyLoad = morning
  let dirty = try Placer.plan(problem).costs[0].carbonKilograms
  // Idle draw of the 20 allocated chips emits the same; busy over idle is 14 kW × 1.1 for half of 730.5 h at 600 g.
  #expect(abs(dirty - clean - 14 * 1.1 * 730.5 / 2 * 0.6) < 1e-6)
}

@Test("A cap that falls in one hour limits the work of that hour")
func hourlyCapsBind() throws {
  var problem = Fixture.twoSites()
  problem.fleet.sites[0].powerCap = 22_000
  problem.fleet.sites[0].powerShareByHour = (0..<24).map { $0 == 12 ? 0.5 : 1 }
  // 10 kW of IT at noon carry two busy replicas of 4 kW.
  #expect(try split(problem) == [2, 3])
  // At 40 % of the peak load a replica draws 1.2 kW idle and 1.12 kW of work: four fit.
  problem.services[0].flows[0].hourlyLoad = (0..<24).map { $0 == 12 ? 0.4 : 1 }
  #expect(try split(problem) == [4, 1])
}

@Test("A grid that allows slow ramps alone keeps work that starts at once away")
func hourlyRampsBind() throws {
  var problem = Fixture.twoSites()
  problem.services[0].flows[0].hourlyLoad = morning
  // Two replicas add 2 × 2.8 kW over idling, times PUE 1.1.
  problem.fleet.sites[0].hourlyRamp = Watts(2 * 2800 * 1.1 + 1)
  #expect(try split(problem) == [2, 3])
}

@Test("Power that arrives later is used later")
func powerRampsByMonth() throws {
  var problem = twoMonths()
  problem.fleet.sites[0].powerCap = 4400
  problem.fleet.sites[0].powerRamp = [Site.PowerStep(fromMonth: 1, cap: 1e6)]
  #expect(try split(problem, month: 0) == [1, 4])
  #expect(try split(problem, month: 1) == [5, 0])
  #expect(try split(problem.only(month: 1)) == [5, 0])
}

@Test("A site runs what it can cool, and what cooling is worth is said")
func coolingBinds() throws {
  var problem = Fixture.twoSites()
  problem.fleet.sites[0].cooling = 12_000
  #expect(try split(problem) == [3, 2])
  let worth = try WorthStudy.find(problem)
  #expect(worth.contains { $0.step == "cooling for another 1 MW at far" })
}

@Test("A quota at a site moves demand; a quota over all names what is missing")
func quotasBind() throws {
  var problem = Fixture.twoSites()
  problem.fleet.quotas = [ChipQuota(chip: "gpu", site: "far", chips: 8)]
  #expect(try split(problem) == [2, 3])
  problem.fleet.quotas = [ChipQuota(chip: "gpu", chips: 16)]
  let why = try #require(Fixture.refusal(problem))
  #expect(why.binding == .quota(chip: "gpu", site: nil, month: 0))
  #expect(why.sentence.contains("a quota of 4 more gpu chips at all sites"))
}

@Test("Blocks that find no rack cannot be bought")
func spaceBinds() throws {
  var pod = Fixture.pod("own", at: "home", count: 1, price: Fixture.committed(1), purchasable: 5)
  pod.racksPerBlock = 1
  var site = Fixture.site("home")
  site.racks = 2
  let problem = PlacementProblem(
    fleet: Fleet(
      name: "full", sites: [site], pods: [pod], links: [Fixture.link("users", "home", milliseconds: 5)],
      regions: [UserRegion(id: "users")]), months: 1, services: [Fixture.demand("chat", [("users", 25)])],
    options: [Fixture.option("chat", on: "own", slice: [4], capacity: 5)], maxUtilization: 1)
  // 25 req/s need five replicas of half a block: three blocks in two racks.
  let why = try #require(Fixture.refusal(problem))
  #expect(why.relaxations.contains { $0.sentence == "1 more rack at home in month 0" })
}

@Test(
  "A commitment's price holds in its months; outside them the chips cost what they cost on demand, or are gone"
)
func commitmentsEnd() throws {
  var problem = twoMonths()
  problem.fleet.pods[0].price = Fixture.committed(1)
  problem.fleet.pods[0].commitment = Pod.Commitment(
    fromMonth: 0, untilMonth: 1, otherwise: USDPerSecond(3 / Fixture.hour))
  #expect(try split(problem, month: 0) == [5, 0])
  #expect(try split(problem, month: 1) == [0, 5])
  let costs = try Placer.plan(problem).costs
  #expect(abs(costs[0].total - Fixture.month(chips: 32, at: 1)) < 1e-6)
  #expect(abs(costs[1].total - Fixture.month(chips: 20, at: 2)) < 1e-6)
  problem.fleet.pods[0].commitment?.otherwise = nil
  #expect(try Placer.plan(problem).pods.filter { $0.pod == "far-gpu" }.map(\.installed) == [32, 0])
}

@Test("Blocks drain in part")
func retirementsArePartial() throws {
  var problem = twoMonths()
  problem.fleet.pods[0].retirements = [Pod.Retirement(fromMonth: 1, blocks: 3)]
  #expect(try split(problem, month: 0) == [5, 0])
  #expect(try split(problem, month: 1) == [2, 3])
}

@Test("Interrupted chips count for the time they are up")
func spotCapacityIsDerated() throws {
  var problem = Fixture.twoSites()
  // Four chips, each stopped once in 20 minutes for 5: as often down as up.
  let rate = 1.0 / (4 * 300)
  problem.fleet.pods[0].price = Fixture.price(
    .spot(USDPerSecond(1 / Fixture.hour), interruptionsPerSecond: rate))
  problem.fleet.pods[1].price = Fixture.onDemand(1.5)
  #expect(try split(problem) == [0, 5])
  problem.fleet.pods[0].restart = 30
  let plan = try Placer.plan(problem)
  // A tenth of the restart leaves 1 / 1.1 of 2 req/s: 10 req/s need six replicas, 24 chips at $1.
  #expect(plan.deployments.map(\.replicas) == [6])
  #expect(abs(plan.deployments[0].capacityPerReplica[0] - 2 / 1.1) < 1e-12)
}

@Test("Bytes between users and a site are paid for and move demand when they are dear")
func egressIsPaid() throws {
  func problem(_ dollarsPerGigabyte: Double) -> PlacementProblem {
    var problem = Fixture.twoSites()
    problem.fleet.links[0].egressPrice = USDPerByte(dollarsPerGigabyte * 1e-9)
    problem.services[0].answerBytes = 1e6
    return problem
  }
  // 10 MB/s for a month are 26,298 GB; the near site costs $14,610 more.
  let cheap = try Placer.plan(problem(0.5))
  #expect(cheap.deployments.map(\.site) == ["far"])
  #expect(abs(cheap.costs[0].egress - 13_149) < 1e-6)
  #expect(try split(problem(0.6)) == [0, 5])
}

@Test("A link carries no more than its bandwidth")
func bandwidthBinds() throws {
  var problem = Fixture.twoSites()
  problem.fleet.links[0].bandwidth = 4e6
  problem.services[0].bytesPerRequest = 1e6
  #expect(try split(problem) == [2, 3])
}

@Test("With one replica to spare in every deployment, each site stands one more than it needs")
func standbyReplicasStand() throws {
  var problem = Fixture.twoSites()
  problem.standbyReplicas = 1
  problem.utilizationAfterLoss = 1
  #expect(try split(problem) == [6, 0])
  problem.fleet.quotas = [ChipQuota(chip: "gpu", site: "far", chips: 16)]
  // Four at the far site carry three; two more and their standby stand near.
  #expect(try split(problem) == [4, 3])
}

@Test("A building is written off with the chips that fill it")
func buildingsArePaid() {
  // $10,000 over 5 years and 1,000 W at $10 over 15 years, without interest.
  let price = Fixture.price(.owned(capital: 10_000, depreciation: 5 * .year, annualInterest: 0))
  let terms = PodTerms(price, facilityPerChip: 10_000)
  #expect(abs(terms.price * Seconds.year.value - 2000 - 10_000 / 15) < 1e-9)
}

@Test("Chips that no slice in use can take are counted and named")
func strandedChipsAreNamed() throws {
  var problem = Fixture.twoSites(rate: 6)
  problem.options = [Fixture.option("chat", on: "far-gpu", slice: [6], capacity: 2)]
  let stranded = try Placer.plan(problem).strandedCapacity
  // Slices of 6 leave 2 chips of each of the four blocks of 8, used or free.
  #expect(stranded.map(\.chips) == [8])
  #expect(stranded[0].sentence.hasPrefix("8 of 32 chips of far-gpu are stranded in month 0"))
}
