import FleetData
import Foundation
import Placement
import Simulation

/// Kills every site in turn at the peak of every month, and judges what its users then see.
struct SiteLossJudgement {
  let table: OptionTable
  let scenario: Scenario
  let options: PlanningOptions

  /// One outcome per month, service and site that serves it, in that order.
  ///
  /// - Parameter outcomes: the same plan with nothing lost.
  func outcomes(of plan: PlacementPlan, undisturbed outcomes: [MonthJudgement.Outcome]) throws
    -> [SiteLossTrial.Outcome]
  {
    let cases = cases(plan, outcomes)
    let trial = SiteLossTrial(table: table, scenario: scenario, options: options)
    let results = Slots<Result<SiteLossTrial.Outcome, any Error>>(count: cases.count)
    DispatchQueue.concurrentPerform(iterations: cases.count) { index in
      let one = cases[index]
      results[index] = Result {
        try trial.outcome(
          service: one.service, month: one.month, site: one.site, deployments: one.deployments,
          sojourn: one.sojourn)
      }
    }
    return try results.values.map { try $0.get() }
  }

  private struct Case {
    var month: Int
    var service: Service
    var site: String
    var deployments: [PlacementPlan.Deployment]
    var sojourn: Double
  }

  private func cases(_ plan: PlacementPlan, _ outcomes: [MonthJudgement.Outcome]) -> [Case] {
    Set(plan.deployments.map(\.month)).sorted().flatMap { month in
      scenario.services.flatMap { service -> [Case] in
        let own = plan.deployments.filter {
          $0.month == month && $0.service == service.id && $0.replicas > 0
        }
        let sojourn =
          outcomes.filter { $0.deployment.month == month && $0.deployment.service == service.id }
          .compactMap { $0.levels.endToEnd?.mean }.max() ?? 0
        return Set(own.map(\.site)).sorted().map {
          Case(month: month, service: service, site: $0, deployments: own, sojourn: sojourn)
        }
      }
    }
  }

  /// Rows of the plan, in the order of their ids.
  func rows(_ outcomes: [SiteLossTrial.Outcome]) -> [Plan.SiteLossRow] {
    let calendar = PlanCalendar(start: scenario.startMonth)
    return outcomes.compactMap { outcome in
      let slo = outcome.service.slo
      guard let closest = outcome.levels.closest(to: slo) else { return nil }
      return Plan.SiteLossRow(
        id: "\(calendar.label(outcome.month))/\(outcome.service.id)/\(outcome.site)", month: outcome.month,
        service: outcome.service.id, site: outcome.site, requestsPerSecond: outcome.rate,
        replicasLost: outcome.lost, replicasLeft: outcome.left, restarted: outcome.restarted,
        arrived: outcome.levels.arrived, metric: closest.metric, percentile: slo.percentile,
        targetSeconds: closest.target.value, result: closest.result,
        attainment: outcome.levels.attainment ?? 0,
        verdict: !outcome.levels.steady ? .unsteady : outcome.holds ? .pass : .fail,
        note: outcome.levels.unsteadyReason)
    }
    .sorted { $0.id < $1.id }
  }
}
