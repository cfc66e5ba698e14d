import FleetData
import Quantities
import Testing

@testable import Placement

/// Two services of 20 req/s on room for 32; chat ranks above batch.
private func crowded() -> PlacementProblem {
  var problem = Fixture.twoSites(rate: 20)
  problem.services[0].priority = 2
  problem.services.append(Fixture.demand("batch", [("users", 20)]))
  problem.options += ["far-gpu", "near-gpu"].map {
    Fixture.option("batch", on: $0, slice: [4], capacity: 2, ttft: 0.2)
  }
  return problem
}

@Test("When not everything fits, the lower priority goes short and it is said")
func lowerPriorityIsShedFirst() throws {
  let (plan, shed) = try Placer.planShedding(crowded())
  #expect(shed.map(\.service) == ["batch"])
  #expect(abs(shed[0].requestsPerSecond - 8) < 1e-3)
  #expect(shed[0].sentence == "batch (priority 0) goes 8 of 20 req/s short in month 0")
  let chat = plan.routes.filter { $0.service == "chat" }.reduce(0) { $0 + $1.requestsPerSecond }
  let batch = plan.routes.filter { $0.service == "batch" }.reduce(0) { $0 + $1.requestsPerSecond }
  #expect(abs(chat - 20) < 1e-9)
  #expect(abs(batch - 12) < 1e-3)
}

@Test("A plan that cannot be had says who would go short without the change")
func shortageNamesWhoGoesShort() throws {
  let why = try #require(Fixture.refusal(crowded()))
  #expect(why.shed.map(\.service) == ["batch"])
  #expect(why.sentence.contains("without it batch (priority 0) goes 8 of 20 req/s short"))
}

@Test("The other priority sheds the other service", arguments: [1, 5])
func prioritiesDecide(priority: Int) throws {
  var problem = crowded()
  problem.services[0].priority = 0
  problem.services[1].priority = priority
  #expect(try Placer.planShedding(problem).shed.map(\.service) == ["chat"])
}

@Test("With a site loss to survive, what is left after it is what can be served")
func sheddingKeepsTheSiteLoss() throws {
  var problem = crowded()
  problem.survivesSiteLoss = true
  problem.utilizationAfterLoss = 1
  // Each site alone holds 8 replicas, 16 req/s: all for chat, which is 4 short, and none for batch.
  let (plan, shed) = try Placer.planShedding(problem)
  #expect(shed.map(\.service) == ["batch", "chat"])
  #expect(abs(shed[1].requestsPerSecond - 4) < 1e-3)
  #expect(plan.deployments.allSatisfy { $0.service == "chat" })
}

@Test("Where everything fits nothing is shed, and what nobody may host is not a shortage")
func nothingIsShedInVain() throws {
  #expect(try Placer.planShedding(Fixture.twoSites()).shed.isEmpty)
  var homeless = crowded()
  homeless.services[0].residency = "eu"
  let why = try #require(
    Fixture.refusal(homeless) { problem throws(PlacementError) in
      _ = try Placer.planShedding(problem)
    })
  #expect(why.binding == .residency(service: "chat"))
  #expect(why.relaxations.first?.sentence == "a pod in eu that can host chat")
}
