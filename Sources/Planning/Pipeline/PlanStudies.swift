import Economics
import FleetData
import Placement
import Quantities

/// The two comparisons a plan carries: up against out, and training against inference.
struct PlanStudies {
  let scenario: Scenario
  let catalog: Catalog
  let workloads: [ServiceWorkload]
  let plan: PlacementPlan

  func sections() throws -> [Report.Section] {
    try [scale()].compactMap { $0?.section }
  }

  /// The service with the most chips, on the chip it mostly runs on: where the next doubling would be paid for.
  private func scale() throws -> StudyResult? {
    guard let main = mainDeployment, let workload = workloads.first(where: { $0.service.id == main.service })
    else { return nil }
    let book = try PriceBook(pods: scenario.fleet.pods, sites: scenario.fleet.sites)
    let price = try book.allInUSDPerChipHour(ofPod: main.pod)
    let service = workload.service
    return try scaleStudy(
      ScaleQuestion(
        model: try catalog.model(service.model), chip: try catalog.chip(main.chip), weights: service.weights,
        kv: service.kv, shape: RequestShape(input: workload.meanInput, output: workload.meanOutput),
        usdPerChipHour: InputRange(price), secondsPerToken: service.slo.tpot?.value,
        requestsPerSecond: workload.peakRate(month: scenario.horizonMonths - 1), seed: scenario.seed))
  }

  /// The last month's deployment with the most chips.
  private var mainDeployment: PlacementPlan.Deployment? {
    plan.deployments(inMonth: scenario.horizonMonths - 1)
      .max { ($0.chipsPerReplica * $0.replicas, $1.option) < ($1.chipsPerReplica * $1.replicas, $0.option) }
  }
}
