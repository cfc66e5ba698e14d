import FleetData
import Ingest
import Performance
import Placement
import Quantities
import Simulation

/// The main job, from a study and its traces to a plan. The stages, in order:
///
/// 1. **Demand** — each service's trace becomes lengths, an arrival process and a peak rate per month
///    (`ServiceWorkload`);
/// 2. **Options** — every service × pod × slice × sharding is profiled by `Performance`, and simulation finds what
///    one replica carries within the SLO (`OptionTable`, `CapacitySearch`);
/// 3. **Placement** — the least-cost replicas, routes and purchases of all months (`Placement`);
/// 4. **Judgement** — every deployment of every month replays the real arrival process; where an SLO is missed, that
///    option's capacity is lowered and stage 3 runs again, a bounded number of times (`MonthJudgement`);
/// 5. **Money** — the months' use becomes a ledger, and `Economics` prices it (`MonthMoney`);
/// 6. **Outlook** — what runs out first, the alternatives, the sensitivities, the studies (`Outlook`);
/// 7. **Document** — everything becomes the rows of one `Plan` (`PlanAssembler`).
public struct PlanPipeline {
  public let study: Study
  /// Each service's trace, by service id.
  public let traces: [String: TraceReading]
  public let sources: [Plan.SourceFile]
  public let toolVersion: String
  /// Sections that come from outside the plan: how well the model predicts what was measured.
  public let evidence: [Report.Section]
  public let options: PlanningOptions

  public init(
    study: Study, traces: [String: TraceReading], sources: [Plan.SourceFile], toolVersion: String,
    evidence: [Report.Section] = [], options: PlanningOptions = PlanningOptions()
  ) {
    self.study = study
    self.evidence = evidence
    self.traces = traces
    self.sources = sources
    self.toolVersion = toolVersion
    self.options = options
  }

  /// - Throws: `Diagnostics` when the study contradicts itself. What cannot be met is a plan with an infeasible verdict.
  public func run() throws -> Plan {
    let scenario = study.scenario
    let workloads = try scenario.services.map { service in
      guard let reading = traces[service.id] else {
        throw Diagnostics([Diagnostic("service '\(service.id)' has no trace")])
      }
      return ServiceWorkload(service: service, trace: reading.trace)
    }
    var settlement = Settlement(
      scenario: scenario,
      table: try OptionTable.build(
        workloads: workloads, scenario: scenario, catalog: study.catalog, options: options),
      workloads: workloads, options: options)
    let settled = try settlement.settle()
    let table = settlement.table
    let outlook =
      options.explores && settled.infeasibility == nil
      ? try Outlook(
        scenario: scenario, table: table, workloads: workloads, reductions: settled.reductions,
        options: options,
        catalog: study.catalog, plan: settled.plan
      ).explore()
      : .none
    return try PlanAssembler(
      pipeline: self, workloads: workloads, table: table, settled: settled, outlook: outlook
    ).plan()
  }
}

/// Placement and simulation brought to agreement.
struct Settlement {
  let scenario: Scenario
  var table: OptionTable
  let workloads: [ServiceWorkload]
  let options: PlanningOptions

  /// What the loop ended with.
  struct Result {
    var plan: PlacementPlan
    var outcomes: [MonthJudgement.Outcome]
    var reductions: [String: Double]
    var rounds: [Plan.PlanningRound]
    var infeasibility: Infeasibility?
    /// Options that still miss their SLO when the rounds are used up.
    var unsettled: [String]
  }

  /// A missed SLO takes a tenth of an option's capacity each round.
  static let tightening = 0.9

  mutating func settle() throws -> Result {
    var result = Result(
      plan: .nothing, outcomes: [], reductions: [:], rounds: [],
      infeasibility: nil, unsettled: [])
    for round in 1...options.maximumRounds {
      try place(round, into: &result)
      options.onProgress("round \(round): simulating \(result.plan.deployments.count) deployments")
      result.outcomes = try MonthJudgement(table: table, scenario: scenario, options: options)
        .outcomes(of: result.plan)
      let failing = result.outcomes.filter { !$0.levels.meets(service($0).slo) }
      result.unsettled = Array(Set(failing.map(\.deployment.option))).sorted()
      if failing.isEmpty {
        result.rounds += result.outcomes.map { row($0, round: round, action: "holds") }
        break
      }
      for option in result.unsettled {
        let own = failing.filter { $0.deployment.option == option }
        let action = try tighten(
          option, smallest: own.map(\.deployment.replicas).min() ?? 1, &result.reductions)
        result.rounds += own.map { row($0, round: round, action: action) }
      }
    }
    return result
  }

  /// Solves the placement with the capacities as they now are.
  private func place(_ round: Int, into result: inout Result) throws {
    options.onProgress("round \(round): placing replicas")
    result.infeasibility = nil
    do throws(PlacementError) {
      result.plan = try Placer.plan(problem(reductions: result.reductions))
    } catch {
      guard case .infeasible(let infeasibility) = error else {
        throw Diagnostics([Diagnostic("the placement cannot be solved: \(error)")])
      }
      result.infeasibility = infeasibility
      result.plan = infeasibility.planUntilThen ?? .nothing
    }
  }

  /// Lowers what an option is trusted with: first by measuring it as small as it failed, then by a tenth a round.
  private mutating func tighten(
    _ option: String, smallest: Int, _ reductions: inout [String: Double]
  ) throws -> String {
    if let entry = table.option(option), smallest < entry.poolSize {
      try table.remeasure(option, poolSize: smallest, seed: scenario.seed, options: options)
      return "measured again as a pool of \(smallest)"
    }
    reductions[option] = (reductions[option] ?? 1) * Self.tightening
    return "capacity lowered by a tenth"
  }

  /// The placement question of this scenario, with the capacities that simulation left.
  func problem(reductions: [String: Double]) -> PlacementProblem {
    PlacementProblem(
      fleet: scenario.fleet, months: scenario.horizonMonths, services: workloads.map { demand($0) },
      options: table.replicaOptions(reductions: reductions), maxUtilization: scenario.maxUtilization,
      survivesSiteLoss: scenario.survivesSiteLoss, monthlyBudget: scenario.monthlyBudget,
      discountRate: scenario.discountRate)
  }

  func demand(_ workload: ServiceWorkload, months: Range<Int>? = nil) -> ServiceDemand {
    let service = workload.service
    let rates = (months ?? 0..<scenario.horizonMonths).map { workload.peakRate(month: $0) }
    return ServiceDemand(
      service: service.id,
      flows: service.regionShares.filter { $0.share > 0 }.map { share in
        ServiceDemand.Flow(region: share.region, peakRates: rates.map { $0 * share.share })
      },
      timeToFirstToken: service.slo.ttft, residency: service.residency, loadFactor: service.loadFactor,
      priority: service.priority)
  }

  private func service(_ outcome: MonthJudgement.Outcome) -> Service {
    guard let found = scenario.services.first(where: { $0.id == outcome.deployment.service }) else {
      preconditionFailure("a deployment serves a service of the scenario")
    }
    return found
  }

  private func row(_ outcome: MonthJudgement.Outcome, round: Int, action: String) -> Plan.PlanningRound {
    let levels = outcome.levels
    return Plan.PlanningRound(
      round: round, month: outcome.deployment.month, service: outcome.deployment.service,
      replicas: outcome.deployment.replicas,
      verdict: !levels.steady ? .unsteady : levels.meets(service(outcome).slo) ? .pass : .fail,
      action: "\(outcome.deployment.option): \(action)")
  }
}
