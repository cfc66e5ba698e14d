import FleetData
import Testing

@testable import Planning

@Test("A pod that a plan leaves unused costs nothing, and headroom of nothing is not judged")
func unusedThingsAreJudged() throws {
  var plan = try SmallStudy().plan()
  plan.costs.removeAll { $0.category == .energy }
  let cost = try GateEvaluator(plan).result(
    Gate(name: "energy", expression: "cost.month.total[category=energy] <= $5"))
  #expect(cost.status == .pass && cost.value == 0)
  plan.deployments = []
  let room = try GateEvaluator(plan).result(
    Gate(name: "room", expression: "headroom.requests[service=chat] >= 5%"))
  #expect(room.status == .inconclusive)
}
