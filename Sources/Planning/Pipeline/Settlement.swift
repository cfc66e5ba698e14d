import FleetData
import Foundation
import Placement
import Simulation

/// Placement and simulation brought to agreement, one period at a time.
///
/// A period is planned as one problem: a single month, or the whole horizon where purchases tie its months together.
/// Where a simulated deployment misses its SLO, its option is trusted less in that period; where users see a promise
/// broken with a site killed at the peak, less use is planned for what is left after a loss. Only that period is then
/// planned and simulated again, until all holds: a fixed point.
struct Settlement {
  var question: PlacementQuestion
  let options: PlanningOptions
  private(set) var periods: [Period]

  struct Period {
    var months: Range<Int>
    var trust = PeriodTrust()
    var plan = PlacementPlan.nothing
    var outcomes: [MonthJudgement.Outcome] = []
    var losses: [SiteLossTrial.Outcome] = []
    var infeasibility: Infeasibility?
    /// In how many rounds the loss of a site broke a promise.
    var lossesBroken = 0
    /// What still misses its SLO: options, or sites whose loss is not survived.
    var failing: [String] = []
    var isSettled = false
  }

  /// A missed SLO takes a tenth of an option's capacity.
  static let tightening = 0.9
  /// The nth time that a period's losses break a promise, this to the nth power of what may be used after one is left:
  /// small steps where one suffices, and a third of it after six.
  static let tighteningAfterLoss = 0.95

  init(question: PlacementQuestion, options: PlanningOptions) {
    self.question = question
    self.options = options
    let horizon = 0..<question.scenario.horizonMonths
    let spans = question.monthsAreCoupled ? [horizon] : horizon.map { $0..<($0 + 1) }
    periods = spans.map { Period(months: $0) }
  }

  /// How far options are trusted at the end of the horizon: what lies beyond it is planned with this.
  var lastTrust: PeriodTrust { periods.last?.trust ?? PeriodTrust() }

  mutating func settle() throws -> Result {
    var rounds: [Plan.PlanningRound] = []
    for round in 1...options.maximumRounds {
      let open = periods.indices.filter { !periods[$0].isSettled }
      guard !open.isEmpty else { break }
      options.onProgress(.settling(round: round, open: open.count, total: periods.count))
      for index in open {
        try plan(index)
        rounds += try judge(index, round: round)
      }
    }
    return result(rounds)
  }

  /// Solves one period with the capacities as far as they are trusted.
  private mutating func plan(_ index: Int) throws {
    let problem = question.problem(months: periods[index].months, trust: periods[index].trust)
    periods[index].infeasibility = nil
    do throws(PlacementError) {
      periods[index].plan = try Placer.plan(problem).shifted(byMonths: periods[index].months.lowerBound)
    } catch {
      switch error {
      case .infeasible(let why):
        periods[index].infeasibility = periods[index].withSimulation(why, scenario: question.scenario)
        periods[index].plan = why.planUntilThen ?? .nothing
      case .malformed(let what): throw Diagnostics([Diagnostic("the study contradicts itself: \(what)")])
      case .undecided(let month, _):
        let label = PlanCalendar(start: question.scenario.startMonth).label(
          month + periods[index].months.lowerBound)
        throw Diagnostics([
          Diagnostic(
            "no plan was found for \(label) before the search ended, and none was ruled out",
            help: "fewer options to choose from (`chips`), or a looser budget or power cap")
        ])
      }
    }
  }

  /// Simulates one period, and trusts less what misses its SLO.
  private mutating func judge(_ index: Int, round: Int) throws -> [Plan.PlanningRound] {
    let scenario = question.scenario
    let judgement = MonthJudgement(table: question.table, scenario: scenario, options: options)
    let outcomes = try judgement.outcomes(of: periods[index].plan)
    periods[index].outcomes = outcomes
    periods[index].losses = []
    let missed = outcomes.filter { !$0.levels.meets(slo($0.deployment.service)) }
    periods[index].failing = Array(Set(missed.map(\.deployment.option))).sorted()
    if missed.isEmpty {
      let held = outcomes.map { row($0, round: round, action: "holds") }
      return held + (scenario.survivesSiteLoss ? try judgeLosses(index, round: round) : settled(index))
    }
    var rows: [Plan.PlanningRound] = []
    for option in periods[index].failing {
      let own = missed.filter { $0.deployment.option == option }
      periods[index].trust.share[option, default: 1] *= Self.tightening
      rows += own.map { row($0, round: round, action: "capacity lowered by a tenth") }
    }
    return rows
  }

  /// Kills every site at the peak of every month; a broken promise leaves more room after a loss.
  private mutating func judgeLosses(_ index: Int, round: Int) throws -> [Plan.PlanningRound] {
    let judgement = SiteLossJudgement(table: question.table, scenario: question.scenario, options: options)
    let losses = try judgement.outcomes(of: periods[index].plan, undisturbed: periods[index].outcomes)
    periods[index].losses = losses
    let broken = losses.filter { !$0.holds }
    periods[index].failing = broken.map { "\($0.service.id) with \($0.site) lost" }
    if broken.isEmpty { return losses.map { row($0, round: round, action: "holds") } + settled(index) }
    periods[index].lossesBroken += 1
    let lowered = pow(Self.tighteningAfterLoss, Double(periods[index].lossesBroken))
    periods[index].trust.afterLoss *= lowered
    let percent = Int((100 * (1 - lowered)).rounded())
    return broken.map { row($0, round: round, action: "use after a loss lowered by \(percent) %") }
  }

  private mutating func settled(_ index: Int) -> [Plan.PlanningRound] {
    periods[index].isSettled = true
    return []
  }

  // MARK: Rows of the plan

  private func slo(_ service: String) -> ServiceLevelObjective {
    guard let service = question.scenario.services.first(where: { $0.id == service }) else {
      preconditionFailure("a deployment serves a service of the scenario")
    }
    return service.slo
  }

  private func row(_ outcome: MonthJudgement.Outcome, round: Int, action: String) -> Plan.PlanningRound {
    let (levels, slo) = (outcome.levels, slo(outcome.deployment.service))
    return Plan.PlanningRound(
      round: round, month: outcome.deployment.month, service: outcome.deployment.service,
      replicas: outcome.deployment.replicas,
      verdict: !levels.steady ? .unsteady : levels.meets(slo) ? .pass : .fail,
      action: "\(outcome.deployment.option): \(action)",
      worstLatencyShare: levels.worstShare(of: slo))
  }

  private func row(_ loss: SiteLossTrial.Outcome, round: Int, action: String) -> Plan.PlanningRound {
    Plan.PlanningRound(
      round: round, month: loss.month, service: loss.service.id, replicas: loss.left,
      verdict: !loss.levels.steady ? .unsteady : loss.holds ? .pass : .fail,
      action: "\(loss.site) lost: \(action)",
      worstLatencyShare: loss.levels.worstShare(of: loss.service.slo),
      siteLost: loss.site)
  }
}
