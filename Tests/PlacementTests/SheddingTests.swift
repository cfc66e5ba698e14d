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
  let why = try #require(Fixture.refusal(crowded()))
  #expect(why.shed.map(\.service) == ["batch"])
  #expect(
    abs(why.shed[0].requestsPerSecond - 8) < 1e-3
      && why.unmetRequestsPerSecond == why.shed[0].requestsPerSecond)
  #expect(abs(why.shed[0].share - 0.4) < 1e-4)
  #expect(
    why.sentence.hasPrefix(
      "month 0 has no plan: serving the highest priority first, batch (priority 0) goes 8 of 20 req/s short; "
        + "it would have one with "))
}

@Test("The other priority sheds the other service", arguments: [1, 5])
func prioritiesDecide(priority: Int) throws {
  var problem = crowded()
  problem.services[0].priority = 0
  problem.services[1].priority = priority
  #expect(try #require(Fixture.refusal(problem)).shed.map(\.service) == ["chat"])
}

@Test("Services of one rank are not told apart: what is short is said in all")
func equalsAreNotRanked() throws {
  var problem = crowded()
  problem.services[0].priority = 0
  let why = try #require(Fixture.refusal(problem))
  #expect(why.shed.isEmpty && why.sentence.contains(": 8 req/s cannot be served; "))
}

@Test("With a site loss to survive, what is left after it is what can be served")
func sheddingKeepsTheSiteLoss() throws {
  var problem = crowded()
  problem.survivesSiteLoss = true
  problem.utilizationAfterLoss = 1
  // Each site alone holds 8 replicas, 16 req/s: all for chat, which is 4 short, and none for batch.
  let shed = try #require(Fixture.refusal(problem)).shed
  #expect(shed.map(\.service) == ["batch", "chat"])
  #expect(abs(shed[0].requestsPerSecond - 20) < 1e-3 && abs(shed[1].requestsPerSecond - 4) < 1e-3)
}

@Test("What nobody may host is not a shortage")
func nothingIsShedInVain() throws {
  var homeless = crowded()
  homeless.services[0].residency = "eu"
  let why = try #require(Fixture.refusal(homeless))
  #expect(why.binding == .residency(service: "chat") && why.shed.isEmpty)
  #expect(why.relaxations.first?.sentence == "a pod in eu that can host chat")
}
