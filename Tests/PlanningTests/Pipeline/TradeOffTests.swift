import FleetData
import Placement
import Testing

@testable import Planning

private func tradeOffs(budget: String? = nil) throws -> TradeOffs {
  var study = SmallStudy.threeSites
  study.scenario = budget.map { ["budget: \($0)"] } ?? []
  let pipeline = try study.pipeline()
  let scenario = pipeline.study.scenario
  let workload = try ServiceWorkload(
    service: scenario.services[0], trace: try #require(pipeline.traces["chat"]).trace)
  let table = try OptionTable.build(
    workloads: [workload], scenario: scenario, catalog: pipeline.study.catalog, options: study.options)
  let question = PlacementQuestion(scenario: scenario, table: table, workloads: [workload])
  return TradeOffs(scenario: scenario, problem: question.problem(months: 0..<1, trust: PeriodTrust()))
}

@Test("No simpler method beats the integer program")
func baselinesAreNotCheaper() throws {
  let rows = try tradeOffs().baselines()
  #expect(rows.map(\.method) == ["integer program", "greedy", "local search"])
  let least = try #require(rows[0].objective)
  for row in rows { #expect(row.objective.map { $0 >= least * (1 - 1e-3) } ?? true) }
  let (greedy, local) = (try #require(rows[1].objective), try #require(rows[2].objective))
  #expect(local <= greedy)
}

@Test(
  "The greenest emits least, the fastest is nearest, the safest costs more, and each says what it gives up")
func alternativesAreWhatTheySay() throws {
  let rows = try tradeOffs().alternatives()
  #expect(rows.map(\.chosen) == [true, false, false, false])
  let carbon = rows.compactMap(\.carbonKilograms)
  let trips = rows.compactMap(\.meanRoundTripSeconds)
  #expect(carbon.count == 4 && carbon[2] == carbon.min() && trips[3] == trips.min())
  #expect(rows.allSatisfy { $0.monthlyCost! >= rows[0].monthlyCost! * (1 - 1e-3) })
  #expect(rows[1].monthlyCost! > rows[0].monthlyCost!)
  #expect(rows.allSatisfy { !$0.givesUp.isEmpty })
}

@Test("An alternative beyond the budget says by how much")
func budgetsAreNamed() throws {
  let cheapest = try #require(try tradeOffs().alternatives()[0].monthlyCost)
  let rows = try tradeOffs(budget: "$\(Int(cheapest) + 1)/month").alternatives()
  #expect(rows[1].givesUp.contains("beyond the budget by $"))
  #expect(!rows[0].givesUp.contains("budget"))
}

@Test("On a front, more money always buys less of the other")
func frontsAreNotDominated() throws {
  let rows = try tradeOffs().fronts()
  for (front, other) in [
    (Plan.TradeOffRow.Front.carbon, \Plan.TradeOffRow.carbonKilograms),
    (.latency, \Plan.TradeOffRow.meanRoundTripSeconds),
  ] {
    let own = rows.filter { $0.front == front }.sorted { $0.monthlyCost < $1.monthlyCost }
    #expect(own.count >= 2)
    for (a, b) in zip(own, own.dropFirst()) { #expect(b[keyPath: other] < a[keyPath: other]) }
  }
}
