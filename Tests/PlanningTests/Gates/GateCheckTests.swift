import FleetData
import Ingest
import Testing

@testable import Planning

/// Gates are read before anything is planned.
struct GateCheckTests {
  private func problems(_ expressions: String...) throws -> [Diagnostic] {
    var scenario = try Study.decode(SmallDocuments.make(), catalog: .builtIn).scenario
    scenario.gates = expressions.enumerated().map {
      Gate(
        name: "g\($0.offset)", expression: $0.element, location: .init(file: "s.yaml", line: $0.offset + 1))
    }
    return GateCheck(scenario).problems()
  }

  @Test("A gate that a plan of the scenario can answer is fine")
  func sound() throws {
    #expect(
      try problems(
        "cost.month.total <= $2.6M", "delta(cost.month.total) <= +5%", "slo.ttft.p95[service=chat] <= 800ms",
        "headroom.chips[site=east, month=last] >= 10%", "headroom.gpus[site=*] >= 10%", "checks.errors == 0",
        "cost.month.total[month=2027-02] <= $1", "slo.tpot.p95[pool=chat] <= 80ms",
        "power.facility[site=east] <= 5MW"
      ).isEmpty)
  }

  @Test(
    "What no plan can answer is an error at the gate's line, with the nearest name",
    arguments: [
      ("cost.month.totl <= $1", "did you mean 'cost.month.total'?"),
      ("slo.ttft.p99 <= 800ms", "did you mean 'slo.ttft.p95'?"),
      ("cost.month.total[site=est] <= $1", "did you mean 'east'?"),
      ("cost.month.total[sit=east] <= $1", "did you mean 'site'?"),
      ("headroom.chips[site=east, pod=b] >= 1%", "did you mean 'a'?"),
      ("headroom.chips[month=2029-01] >= 1%", "did you mean '2027-01'?"),
    ])
  func misspelled(_ example: (String, String)) throws {
    let found = try problems(example.0)
    #expect(found.count == 1 && found[0].help == example.1, "\(found)")
    #expect(found.first?.location?.line == 1)
  }

  @Test("A limit of another unit, and a gate that is no condition, are errors; all are shown at once")
  func wrongUnits() throws {
    let found = try problems("cost.month.total <= 800ms", "slo.ttft.p95", "headroom.power >= $3")
    #expect(found.map(\.location?.line) == [1, 2, 3])
    #expect(found[0].expected == "a limit like $2.6M")
  }
}

private func scenario(_ gates: [String]) throws -> Scenario {
  var scenario = try SmallStudy().study().scenario
  scenario.gates = gates.enumerated().map { Gate(name: "g\($0)", expression: $1) }
  return scenario
}

@Test("Gates on whatever a plan of the scenario may hold are let through")
func knownGatesPass() throws {
  try GateCheck(
    scenario([
      "cost.month.total[site=iowa] <= $1M", "cost.month.compute[pod=v5e,service=chat] <= $1M",
      "cost.month.total[service=idle] <= $5", "slo.ttft.p95[service=chat] <= 2s", "slo.tpot.p95 <= 60ms",
      "headroom.chips[chip=tpu-v5e,month=2027-12] >= 1%", "headroom.power[site=*] >= 0%",
      "carbon.per_million_tokens[service=*] <= 40g", "checks.errors == 0", "delta(cost.total) <= +5%",
    ])
  ).check()
}
