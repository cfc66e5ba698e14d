import FleetData
import Placement
import Simulation

/// Placement and simulation brought to agreement, one epoch at a time.
///
/// An epoch is planned as one problem: a single month, or the whole horizon where purchases tie its months together.
/// Where a simulated deployment misses its SLO, its option is trusted less in that epoch and only that epoch is
/// planned and simulated again.
struct Settlement {
  var question: PlacementQuestion
  let options: PlanningOptions
  private var epochs: [Epoch]

  private struct Epoch {
    var months: Range<Int>
    var trust: [String: Trust] = [:]
    var plan = PlacementPlan.nothing
    var outcomes: [MonthJudgement.Outcome] = []
    var failing: [MonthJudgement.Outcome] = []
    var infeasibility: Infeasibility?
    var isSettled = false
  }

  /// What the loop ended with.
  struct Result {
    var plan: PlacementPlan
    var outcomes: [MonthJudgement.Outcome]
    var rounds: [Plan.PlanningRound]
    /// Its months are those of the scenario.
    var infeasibility: Infeasibility?
    /// Options that still miss their SLO when the rounds are used up.
    var unsettled: [String]
    /// What binds, in words that name months.
    var bindings: [String]
  }

  /// A missed SLO that the size of the pool does not explain takes a tenth of an option's capacity.
  static let tightening = 0.9

  init(question: PlacementQuestion, options: PlanningOptions) {
    self.question = question
    self.options = options
    let horizon = 0..<question.scenario.horizonMonths
    epochs =
      question.monthsAreCoupled ? [Epoch(months: horizon)] : horizon.map { Epoch(months: $0..<($0 + 1)) }
  }

  /// How far options are trusted at the end of the horizon: what lies beyond it is planned with this.
  var lastTrust: [String: Trust] { epochs.last?.trust ?? [:] }

  mutating func settle() throws -> Result {
    var rounds: [Plan.PlanningRound] = []
    for round in 1...options.maximumRounds {
      let open = epochs.indices.filter { !epochs[$0].isSettled }
      guard !open.isEmpty else { break }
      options.onProgress("round \(round): placing and simulating \(open.count) of \(epochs.count) periods")
      for index in open {
        try plan(index)
        rounds += try judge(index, round: round)
      }
    }
    return result(rounds)
  }

  /// Solves one epoch with the capacities as far as they are trusted.
  private mutating func plan(_ index: Int) throws {
    let problem = question.problem(months: epochs[index].months, trust: epochs[index].trust)
    do throws(PlacementError) {
      epochs[index].plan = try Placer.plan(problem).shifted(byMonths: epochs[index].months.lowerBound)
    } catch {
      guard case .infeasible(let why) = error else {
        throw Diagnostics([Diagnostic("the placement cannot be solved: \(error)")])
      }
      epochs[index].infeasibility = why
      epochs[index].plan = why.planUntilThen ?? .nothing
    }
  }

  /// Simulates one epoch, and trusts the options less that miss their SLO.
  private mutating func judge(_ index: Int, round: Int) throws -> [Plan.PlanningRound] {
    let judgement = MonthJudgement(table: question.table, scenario: question.scenario, options: options)
    let outcomes = try judgement.outcomes(of: epochs[index].plan)
    let failing = outcomes.filter { !$0.levels.meets(slo($0)) }
    epochs[index].outcomes = outcomes
    epochs[index].failing = failing
    epochs[index].isSettled = failing.isEmpty
    guard !failing.isEmpty else { return outcomes.map { row($0, round: round, action: "holds") } }
    epochs[index].infeasibility = nil
    var rows: [Plan.PlanningRound] = []
    for option in Set(failing.map(\.deployment.option)).sorted() {
      let own = failing.filter { $0.deployment.option == option }
      let action = try tighten(option, smallest: own.map(\.deployment.replicas).min() ?? 1, in: index)
      rows += own.map { row($0, round: round, action: action) }
    }
    return rows
  }

  /// First by measuring the option as small as it failed, then by a tenth a round.
  private mutating func tighten(_ option: String, smallest: Int, in index: Int) throws -> String {
    var trust = epochs[index].trust[option] ?? Trust()
    defer { epochs[index].trust[option] = trust }
    if smallest < trust.poolSize {
      trust.poolSize = smallest
      try question.table.measure(option, poolSize: smallest, seed: question.scenario.seed, options: options)
      return "measured again as a pool of \(smallest)"
    }
    trust.share *= Self.tightening
    return "capacity lowered by a tenth"
  }

  // MARK: Results

  /// The epochs put together, up to the first that has no plan.
  private func result(_ rounds: [Plan.PlanningRound]) -> Result {
    let calendar = PlanCalendar(start: question.scenario.startMonth)
    var result = Result(
      plan: .nothing, outcomes: [], rounds: rounds, infeasibility: nil, unsettled: [], bindings: [])
    for epoch in epochs {
      let first = epoch.months.lowerBound
      result.plan.append(epoch.plan)
      result.outcomes += epoch.outcomes
      result.unsettled += epoch.failing.map(\.deployment.option)
      result.bindings += epoch.plan.bindings.map { calendar.dated($0.sentence, first: first) }
      if var why = epoch.infeasibility {
        why.sentence = calendar.dated(why.sentence, first: first)
        why.relaxations = why.relaxations.map { relaxation in
          var dated = relaxation
          dated.sentence = calendar.dated(relaxation.sentence, first: first)
          return dated
        }
        why.firstMonth += first
        result.infeasibility = why
        break
      }
    }
    result.unsettled = Array(Set(result.unsettled)).sorted()
    return result
  }

  private func slo(_ outcome: MonthJudgement.Outcome) -> ServiceLevelObjective {
    guard let service = question.scenario.services.first(where: { $0.id == outcome.deployment.service })
    else {
      preconditionFailure("a deployment serves a service of the scenario")
    }
    return service.slo
  }

  private func row(_ outcome: MonthJudgement.Outcome, round: Int, action: String) -> Plan.PlanningRound {
    let levels = outcome.levels
    return Plan.PlanningRound(
      round: round, month: outcome.deployment.month, service: outcome.deployment.service,
      replicas: outcome.deployment.replicas,
      verdict: !levels.steady ? .unsteady : levels.meets(slo(outcome)) ? .pass : .fail,
      action: "\(outcome.deployment.option): \(action)")
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

  /// Adds the months of another plan after these.
  mutating func append(_ later: PlacementPlan) {
    deployments += later.deployments
    routes += later.routes
    purchases += later.purchases
    pods += later.pods
    power += later.power
    costs += later.costs
    bindings += later.bindings
    objective += later.objective
    bound += later.bound
    proven = proven && later.proven
  }
}
