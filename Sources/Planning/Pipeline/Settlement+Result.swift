import Economics
import FleetData
import Placement

extension Settlement {
  /// What the loop ended with.
  struct Result {
    var plan: PlacementPlan
    var outcomes: [MonthJudgement.Outcome]
    var losses: [SiteLossTrial.Outcome]
    var rounds: [Plan.PlanningRound]
    /// Its months are those of the scenario.
    var infeasibility: Infeasibility?
    /// What still misses its SLO when the rounds are used up.
    var unsettled: [String]
    /// The limits that bind in each month, with the relaxation's dual values.
    var bindings: [Int: [PlacementPlan.Binding]] = [:]
  }

  /// The periods put together, up to the first that has no plan.
  func result(_ rounds: [Plan.PlanningRound]) -> Result {
    let calendar = PlanCalendar(start: question.scenario.startMonth)
    var result = Result(
      plan: .nothing, outcomes: [], losses: [], rounds: rounds, infeasibility: nil, unsettled: [])
    for period in periods {
      let first = period.months.lowerBound
      let weight = (try? discountFactor(months: first, annualRate: question.scenario.discountRate)) ?? 1
      result.plan.append(period.plan, weight: weight)
      result.outcomes += period.outcomes
      result.losses += period.losses
      result.unsettled += period.failing
      for binding in period.plan.bindings {
        guard let month = binding.constraint.month else { continue }
        result.bindings[first + month, default: []].append(binding)
      }
      if let why = period.infeasibility {
        result.infeasibility = dated(why, calendar, first: first)
        break
      }
    }
    result.unsettled = Array(Set(result.unsettled)).sorted()
    return result
  }

  private func dated(_ why: Infeasibility, _ calendar: PlanCalendar, first: Int) -> Infeasibility {
    var dated = why
    dated.sentence = calendar.dated(why.sentence, first: first)
    for index in dated.relaxations.indices {
      dated.relaxations[index].sentence = calendar.dated(why.relaxations[index].sentence, first: first)
    }
    dated.firstMonth += first
    return dated
  }
}

extension PlacementPlan {
  /// The plan of months counted from 0 as the plan of months counted from `first`.
  func shifted(byMonths first: Int) -> PlacementPlan {
    var plan = self
    for index in plan.deployments.indices { plan.deployments[index].month += first }
    for index in plan.routes.indices { plan.routes[index].month += first }
    for index in plan.pods.indices { plan.pods[index].month += first }
    for index in plan.power.indices { plan.power[index].month += first }
    for index in plan.costs.indices { plan.costs[index].month += first }
    return plan
  }
}
