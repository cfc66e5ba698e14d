import FleetData
import Testing

@testable import Planning

@Test("A plan serves its demand, keeps its laws and labels its months across a year's end")
func planKeepsItsLaws() throws {
  let plan = try SmallStudy().plan()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  #expect(plan.checks.allSatisfy { $0.passed })
  #expect(plan.months.map(\.label) == ["2027-11", "2027-12"])
  #expect(plan.serviceLevels.allSatisfy { $0.result.value <= $0.targetSeconds })
}

@Test("The same study gives the same plan")
func planIsDeterministic() throws {
  #expect(try SmallStudy().plan() == SmallStudy().plan())
}

@Test("Four times the demand never costs less, and never takes fewer chips")
func demandIsMonotone() throws {
  let (small, large) = (
    try SmallStudy().plan(),
    try SmallStudy(service: ["peak_rate: 8req/s", "growth: 10%/month", "regions: {americas: 100%}"]).plan()
  )
  #expect(large.months[0].totalCost >= small.months[0].totalCost)
  #expect(large.months[0].chipsUsed >= small.months[0].chipsUsed)
}

@Test("A site without the power for one replica makes the plan infeasible, and power is named")
func powerBinds() throws {
  let plan = try SmallStudy(power: "100W").plan()
  #expect(plan.verdict.status == .infeasible)
  #expect(plan.verdict.bindingConstraint == "power(iowa, 2027-11)")
}

@Test(
  "A sweep's cells are every combination, the last axis fastest, and no feasible row that is beaten is Pareto"
)
func sweepCells() throws {
  let matrix = SweepMatrix(axes: [
    .init(path: "a", values: ["1", "2"]), .init(path: "b", values: ["x", "y"]),
  ])
  let cells = matrix.cells.map { $0.assignments.map { $0.values[0] }.joined() }
  #expect(cells == ["1x", "1y", "2x", "2y"])
}

@Test("Month numbers in a sentence read as labels")
func datedSentence() {
  let calendar = PlanCalendar(start: "2027-12")
  #expect(calendar.dated("short in month 1, not in month 0") == "short in 2028-01, not in 2027-12")
  #expect(calendar.dated("budget(month 0), a month 12x") == "budget(2027-12), a 2028-12x")
}
