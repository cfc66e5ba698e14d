import FleetData
import Ingest
import Performance
import Placement
import Quantities
import Simulation

/// The main job, from a study and its traces to a plan. The stages, in order:
///
/// 1. **Demand** — each service's trace becomes lengths and an arrival process; growth, or a forecast of its history,
///    gives a peak rate per month (`ServiceWorkload`, `ServiceForecast`);
/// 2. **Options** — every service × pod × slice × sharding is profiled by `Performance`, and simulation finds what
///    one replica carries within the SLO (`OptionTable`, `CapacitySearch`);
/// 3. **Placement** — the least-cost replicas, routes and purchases of all months (`Placement`);
/// 4. **Judgement** — every deployment of every month replays the real arrival process at the month's peak, and again
///    with each site killed when any one may be lost; where an SLO is missed, less is trusted and stage 3 runs again,
///    to a fixed point (`Settlement`, `MonthJudgement`, `SiteLossJudgement`);
/// 5. **Money** — the months' use becomes a ledger, and `Economics` prices it (`MonthMoney`);
/// 6. **Outlook** — what runs out first, the alternatives and trade-offs, simpler methods for comparison, the
///    sensitivities, the studies (`Outlook`, `TradeOffs`);
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
    try GateCheck(scenario).check()
    let workloads = try scenario.services.map { service in
      guard let reading = traces[service.id] else {
        throw Diagnostics([Diagnostic("service '\(service.id)' has no trace")])
      }
      return try ServiceWorkload(
        service: service, trace: reading.trace, regions: scenario.fleet.regions)
    }
    let table = try OptionTable.build(
      workloads: workloads, scenario: scenario, catalog: study.catalog, options: options)
    var settlement = Settlement(
      question: PlacementQuestion(scenario: scenario, table: table, workloads: workloads), options: options)
    let settled = try settlement.settle()
    let outlook =
      options.explores && settled.infeasibility == nil
      ? try Outlook(
        question: settlement.question, trust: settlement.lastTrust, plan: settled.plan,
        bindings: settled.bindings, options: options, catalog: study.catalog
      ).explore()
      : .none
    return try PlanAssembler(
      pipeline: self, workloads: workloads, table: settlement.question.table, settled: settled,
      outlook: outlook
    ).plan()
  }
}
