import FleetData
import Foundation
import Placement
import Quantities
import Simulation

/// Simulates every deployment of every month on the real arrival process and judges the SLO.
///
/// Replicas and routes stay the same all day, so that the critical hour of a deployment is the one in which it is
/// busiest: with load curves in several time zones another hour at every site. Of its replicas those are up that are
/// promised to be: spares stand in for what is down, and standby replicas are what is lost.
struct MonthJudgement {
  /// One deployment of one month, simulated.
  struct Outcome: Sendable {
    var deployment: PlacementPlan.Deployment
    var levels: ServiceLevels
    var laws: [LawCheck]
    var utilization: Double
    /// Sequences decoded together, on average.
    var meanBatch: Double
  }

  let table: OptionTable
  let scenario: Scenario
  let options: PlanningOptions

  /// Deployments are independent given their routed load, so they run side by side; results keep their order.
  func outcomes(of plan: PlacementPlan) throws -> [Outcome] {
    let loaded = plan.deployments.filter { $0.load > 0 && $0.replicas > 0 }
    let results = Slots<Result<Outcome, any Error>>(count: loaded.count)
    DispatchQueue.concurrentPerform(iterations: loaded.count) { index in
      results[index] = Result { try outcome(of: loaded[index], routes: plan.routes) }
    }
    return try results.values.map { try $0.get() }
  }

  private func outcome(
    of deployment: PlacementPlan.Deployment, routes: [PlacementPlan.Route]
  ) throws -> Outcome {
    guard let entry = table.option(deployment.option) else {
      preconditionFailure("a deployment's option comes from the table: \(deployment.option)")
    }
    let here = routes.filter { $0.month == deployment.month && $0.option == deployment.option }
    let total = here.reduce(0) { $0 + $1.rate(inHour: deployment.peakHour) }
    let shares = here.filter { $0.rate(inHour: deployment.peakHour) > 0 }
      .map { Service.RegionShare(region: $0.region, share: $0.rate(inHour: deployment.peakHour) / total) }
    let trial = ReplicaTrial(
      workload: entry.workload, profile: entry.profile,
      replicas: max(1, deployment.replicas - scenario.standbyReplicas),
      regionShares: shares,
      roundTrips: here.map { RoundTrip(region: $0.region, site: $0.site, time: $0.roundTrip) },
      site: deployment.site, seed: scenario.seed)
    let result = try trial.run(rate: deployment.load, requests: options.judgedRequests)
    return Outcome(
      deployment: deployment, levels: result.services[0], laws: result.laws, utilization: result.utilization,
      meanBatch: result.groups[0].meanBatch)
  }

  /// One row per service, month and promised latency: the worst of its deployments, since every user was promised it.
  func rows(_ outcomes: [Outcome]) -> [Plan.ServiceLevelRow] {
    var rows: [Plan.ServiceLevelRow] = []
    for month in 0..<scenario.horizonMonths {
      for service in scenario.services {
        let own = outcomes.filter { $0.deployment.month == month && $0.deployment.service == service.id }
        rows += service.slo.promises.compactMap { row($0, month, service, own) }
      }
    }
    return rows
  }

  private func row(
    _ promise: Promise, _ month: Int, _ service: Service, _ outcomes: [Outcome]
  ) -> Plan.ServiceLevelRow? {
    let judged = outcomes.compactMap { outcome in promise.measured(outcome.levels).map { (outcome, $0) } }
    guard let worst = judged.max(by: { $0.1.value < $1.1.value }) else { return nil }
    let unsteady = outcomes.first { !$0.levels.steady }
    return Plan.ServiceLevelRow(
      id: "\(service.id)/\(promise.metric)/\(PlanCalendar(start: scenario.startMonth).label(month))",
      month: month,
      service: service.id, metric: promise.metric, percentile: service.slo.percentile,
      targetSeconds: promise.target.value, result: worst.1,
      requests: outcomes.reduce(0) { $0 + $1.levels.completed },
      verdict: unsteady == nil ? verdict(worst.1, promise.target) : .unsteady,
      note: unsteady?.levels.unsteadyReason ?? Self.place(worst.0.deployment))
  }

  private static func place(_ worst: PlacementPlan.Deployment) -> String {
    "worst at \(worst.option)" + (worst.peakHour.map { ", busiest at \($0):00 UTC" } ?? "")
  }

  private func verdict(_ result: Interval, _ target: Seconds) -> Plan.ServiceLevelRow.Verdict {
    if result.high <= target.value { return .pass }
    return result.low > target.value ? .fail : .inconclusive
  }
}

/// A fixed number of places that concurrent work fills, each index by one worker.
final class Slots<Value>: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<Value?>

  init(count: Int) {
    storage = .allocate(capacity: count)
    storage.initialize(repeating: nil)
  }

  deinit {
    storage.deinitialize()
    storage.deallocate()
  }

  subscript(index: Int) -> Value? {
    get { storage[index] }
    set { storage[index] = newValue }
  }

  /// All places, once every worker is done.
  var values: [Value] { storage.map { $0! } }
}
