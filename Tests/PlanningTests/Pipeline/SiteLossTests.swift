import FleetData
import Testing

@testable import Placement
@testable import Planning

@Test("When any site may be lost, every site is killed at every month's peak, and every promise is kept")
func siteLossIsSurvived() throws {
  var study = SmallStudy.threeSites
  study.scenario = ["survive_site_loss: true"]
  let plan = try study.plan()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  let rows = try #require(plan.siteLosses)
  for month in plan.months {
    let serving = Set(plan.deployments.filter { $0.month == month.index && $0.replicas > 0 }.map(\.site))
    #expect(serving.count >= 2)
    #expect(Set(rows.filter { $0.month == month.index }.map(\.site)) == serving)
  }
  for row in rows {
    #expect(row.verdict == .pass && row.result.value <= row.targetSeconds, "\(row.id)")
    #expect(row.replicasLost >= 1 && row.replicasLeft >= 1 && row.attainment >= row.percentile)
  }
  #expect(plan.verdict.sentence.contains("Any one site may be lost"))
  #expect(plan.rounds.contains { $0.siteLost != nil && $0.verdict == .pass })
}

@Test("A plan that does not ask for it pays less, and breaks its promise when its busiest site dies")
func siteLossIsNotFree() throws {
  var study = SmallStudy.threeSites
  let plain = try study.plan()
  #expect(plain.siteLosses == nil)
  study.scenario = ["survive_site_loss: true"]
  let safe = try study.plan()
  #expect(safe.months[0].totalCost > plain.months[0].totalCost)

  // All demand on 1 of 2 replicas: what the other half of a fleet sees when its twin dies.
  let pipeline = try study.pipeline()
  let scenario = pipeline.study.scenario
  let workload = try ServiceWorkload(
    service: scenario.services[0], trace: try #require(pipeline.traces["chat"]).trace)
  let table = try OptionTable.build(
    workloads: [workload], scenario: scenario, catalog: pipeline.study.catalog, options: study.options)
  let (here, there) = (
    try #require(table.entries.first { $0.pod.id == "v5e" }),
    try #require(table.entries.first { $0.pod.id == "v5e-paris" })
  )
  let capacity = try #require(here.capacity[1])
  let trial = SiteLossTrial(table: table, scenario: scenario, options: study.options)
  func outcome(load: Double) throws -> SiteLossTrial.Outcome {
    try trial.outcome(
      service: workload.service, month: 0, site: "iowa",
      deployments: [deployment(here, load: load), deployment(there, load: load)], sojourn: 5)
  }
  let spared = try outcome(load: 0.2 * capacity)
  #expect(spared.holds)
  let broken = try outcome(load: 1.2 * capacity)
  #expect(!broken.holds && broken.lost == 1 && broken.left == 1 && broken.laws.allSatisfy { $0.holds })
}

@Test("Users out of reach of a site are not sent there; their requests are dealt out of the same trace")
func regionsKeepToTheirSites() throws {
  let study = SmallStudy.threeSites
  let pipeline = try study.pipeline()
  let workload = try ServiceWorkload(
    service: pipeline.study.scenario.services[0], trace: try #require(pipeline.traces["chat"]).trace)
  let all = RegionClasses(workload, sites: ["iowa", "paris"], seed: 1) { _, _ in true }
  #expect(all.groups.count == 1 && all.groups[0].trace == workload.trace)
  let split = RegionClasses(workload, sites: ["iowa", "paris"], seed: 1) { region, site in
    region == "americas" || site == "paris"
  }
  #expect(split.groups.map(\.sites) == [["iowa", "paris"], ["paris"]])
  #expect(split.groups.reduce(0) { $0 + $1.trace.count } == workload.trace.count)
  let dealt = Double(split.groups[0].trace.count) / Double(workload.trace.count)
  // 200 draws at 60 %: three standard deviations are 10 points.
  #expect(abs(dealt - 0.6) < 0.1)
}

private func deployment(_ entry: OptionTable.Entry, load: Double) -> PlacementPlan.Deployment {
  PlacementPlan.Deployment(
    month: 0, option: entry.id, service: "chat", site: entry.pod.site, pod: entry.pod.id,
    chip: entry.pod.chip, slice: entry.profile.slice, sharding: entry.profile.sharding,
    chipsPerReplica: entry.profile.chips, replicas: 1, spares: 0, capacityPerReplica: [1], load: load,
    utilization: 0.5, peakHour: nil, chipsOccupied: entry.profile.chips)
}
