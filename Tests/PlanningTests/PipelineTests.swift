import FleetData
@testable import Ingest
import Placement
import Quantities
import Testing

@testable import Planning

/// A study small enough to plan in a second: one 8B service on one pod, two months.
private struct SmallStudy {
  var peakRate = "2req/s"
  var power = "200kW"

  func plan() throws -> Plan {
    let scenario = """
      schema: scenario/1
      name: small
      fleet: fleet.yaml
      start: 2027-11
      horizon: 2months
      services:
        chat:
          model: llama-3.1-8b
          trace: t.csv
          peak_rate: \(peakRate)
          growth: 10%/month
          slo: {ttft: 2s, tpot: 60ms, percentile: 95%}
          regions: {americas: 100%}
      """
    let fleet = """
      schema: fleet/1
      regions: {americas: {latitude: 39, longitude: -77}}
      sites:
        iowa: {latitude: 41.3, longitude: -95.9, power_cap: \(power), pue: 1.1, electricity: $0.07/kWh, carbon: 400g/kWh}
      pods:
        v5e: {site: iowa, chip: tpu-v5e, topology: 4x4, count: 4, price: {on_demand: $1.20/chip.h}}
      """
    let documents = StudyDocuments(
      scenario: try ConfigNode.parse(scenario, file: "scenario.yaml"),
      fleet: try ConfigNode.parse(fleet, file: "fleet.yaml"), files: ["scenario.yaml", "fleet.yaml"])
    let study = try Study.decode(documents, catalog: .builtIn)
    return try PlanPipeline(
      study: study, traces: ["chat": try TraceReader.read(bytes: Array(trace.utf8))], sources: [],
      toolVersion: "test",
      options: PlanningOptions(maximumRounds: 4, capacityRequests: 200, judgedRequests: 300, explores: false)
    ).run()
  }

  /// Two hundred requests with seeded gaps and lengths.
  private var trace: String {
    var random = RandomStream(3, "small")
    var clock = 0.0
    let rows = (0..<200).map { _ in
      clock += 2 * random.uniform()
      return "\(clock),\(200 + Int(600 * random.uniform())),\(20 + Int(100 * random.uniform()))"
    }
    return "arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows.joined(separator: "\n") + "\n"
  }
}

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
  let (small, large) = (try SmallStudy().plan(), try SmallStudy(peakRate: "8req/s").plan())
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
}
