import FleetData
import Ingest
import Testing

@testable import Planning

struct SweepMatrixTests {
  private func matrix(_ sweep: String) throws -> SweepMatrix {
    let documents = try SmallDocuments.make("sweep:\n" + sweep)
    return try SweepMatrix(documents.scenario["sweep"], documents: documents)
  }

  private func labels(_ sweep: String) throws -> [String] { try matrix(sweep).cells.map(\.label) }

  @Test("Cells are every combination, the last axis varying fastest")
  func product() throws {
    #expect(
      try labels("  services.chat.growth: [1%/month, 2%/month]\n  max_utilization: [60%, 70%]") == [
        "services.chat.growth=1%/month, max_utilization=60%",
        "services.chat.growth=1%/month, max_utilization=70%",
        "services.chat.growth=2%/month, max_utilization=60%",
        "services.chat.growth=2%/month, max_utilization=70%",
      ])
  }

  @Test("Seeds are an axis that starts at the scenario's own")
  func seeds() throws {
    #expect(try labels("  seeds: 3") == ["seed=1", "seed=2", "seed=3"])
  }

  @Test("Excluded combinations are left out, included ones added, none twice")
  func includeAndExclude() throws {
    let sweep = """
        a: [1, 2]
        b: [x, y]
        exclude: [{a: 2, b: y}]
        include: [{a: 3, b: x}, {a: 1, b: x}]
        max_runs: 9
      """
    #expect(try labels(sweep) == ["a=1, b=x", "a=1, b=y", "a=2, b=x", "a=3, b=x"])
    #expect(try matrix(sweep).maximumRuns == 9)
  }

  @Test(
    "A combination that no cell can have is an error, never ignored",
    arguments: [
      "  a: [1, 2]\n  exclude: [{a: 3}]", "  a: [1, 2]\n  exclude: [{aa: 1}]",
      "  a: [1]\n  b: [1]\n  include: [{a: 1}]",
      "  a: 1", "  seeds: none", "  a: []",
    ])
  func mistakes(_ sweep: String) { #expect(throws: Diagnostics.self) { try labels(sweep) } }

  @Test("An axis of the command line takes the place of the scenario's")
  func vary() throws {
    var matrix = try matrix("  a: [1, 2]")
    matrix.vary(.init(path: "a", values: ["7"]))
    matrix.vary(.init(path: "b", values: ["8", "9"]))
    #expect(matrix.cells.map(\.label) == ["a=7, b=8", "a=7, b=9"])
  }

  @Test("A row is on the frontier when no other is as good in everything and better in something")
  func pareto() {
    func row(_ id: String, _ cost: Double, _ latency: Double) -> SweepRow {
      var plan = SmallPlan.make()
      plan.costs = []
      plan.serviceLevels = []
      var row = SweepRow(id: id, values: [id], plan: plan)
      (row.totalCost, row.worstLatencyShare) = (cost, latency)
      return row
    }
    let result = SweepResult(
      axes: ["x"], rows: [row("cheap", 1, 0.9), row("fast", 3, 0.2), row("bad", 4, 0.9), row("same", 1, 0.9)])
    #expect(result.pareto == ["cheap", "fast", "same"])
    #expect(result.chart.series.map(\.points.count) == [1, 3])
  }
}
