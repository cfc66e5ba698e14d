import Economics
import FleetData
import Ingest
import Performance
import Placement
import Quantities

/// Turns what the stages found into the rows of one `Plan`. Computes nothing but layout and the laws it can check.
struct PlanAssembler {
  let pipeline: PlanPipeline
  let workloads: [ServiceWorkload]
  let table: OptionTable
  let settled: Settlement.Result
  let outlook: Outlook.Result

  var scenario: Scenario { pipeline.study.scenario }
  var calendar: PlanCalendar { PlanCalendar(start: scenario.startMonth) }

  func plan() throws -> Plan {
    let placed = placedRows()
    let deployments = placed.map(\.row)
    let inventory = inventoryRows()
    let money = try MonthMoney(
      scenario: scenario, catalog: pipeline.study.catalog, workloads: workloads, table: table,
      outcomes: settled.outcomes
    ).price(placed, inventory: inventory, months: settled.plan.costs.count)
    let book = try PriceBook(pods: scenario.fleet.pods, sites: scenario.fleet.sites)
    let levels = MonthJudgement(table: table, scenario: scenario, options: pipeline.options).rows(
      settled.outcomes)
    var plan = Plan(
      id: identity, toolVersion: pipeline.toolVersion, name: scenario.name, currency: scenario.fleet.currency,
      startMonth: scenario.startMonth, horizonMonths: scenario.horizonMonths, seed: scenario.seed,
      verdict: Plan.Verdict(status: .feasible, sentence: ""),
      months: monthRows(money.totals, inventory: inventory), services: scenario.services.map(\.row),
      sites: scenario.fleet.sites.map { Plan.SiteRow($0) }.sorted { $0.id < $1.id }, pods: try book.podRows(),
      deployments: deployments, demand: demandRows(), inventory: inventory, power: powerRows(),
      costs: money.lines, unitCosts: money.unitCosts, serviceLevels: levels, rounds: settled.rounds,
      shortfalls: shortfalls(), alternatives: outlook.alternatives, sensitivity: outlook.sensitivity,
      inputs: inputRows(), sources: pipeline.sources,
      dataQuality: dataQuality(), solver: solverReport(), studies: outlook.studies + pipeline.evidence)
    plan.maxUtilization = scenario.maxUtilization
    plan.annualDiscountRate = scenario.discountRate
    addProofs(to: &plan)
    plan.checks = Checks(plan: plan, settled: settled, workloads: workloads).all()
    if settled.infeasibility == nil { plan.gates = try GateEvaluator(plan).results(scenario.gates) }
    plan.verdict = Verdict(
      plan: plan, settled: settled, outlook: outlook, obstacles: obstacles()
    ).verdict()
    return plan
  }

  /// Why nobody hosts a service, or nobody but the one site whose loss is to be survived.
  private func obstacles() -> [HostObstacle] {
    var others = table
    let id: String
    switch settled.infeasibility?.binding {
    case .noHost(let service): id = service
    case .siteLoss(let site, let service, _) where settled.infeasibility?.relaxations.first?.unit == "site":
      id = service
      others.entries.removeAll { $0.pod.site == site }
    default: return []
    }
    guard let service = workloads.first(where: { $0.service.id == id })?.service else { return [] }
    return others.whyNobodyHosts(service, scenario: scenario, options: pipeline.options)
  }

  /// The same inputs, seed and version give the same id.
  private var identity: String {
    let text =
      pipeline.sources.map { "\($0.path) \($0.sha256)" } + [
        pipeline.toolVersion, "\(scenario.seed)", pipeline.study.digest,
      ]
    return String(SHA256.hexDigest(of: Array(text.joined(separator: "\n").utf8)).prefix(16))
  }

  // MARK: Rows

  /// By id; with the ranges that the sensitivity analysis tried, when there is one.
  private func inputRows() -> [Plan.InputRow] {
    let rows = pipeline.study.inputs.sorted { $0.id < $1.id }
    return outlook.sensitivity.isEmpty ? rows : SensitivityRange.added(to: rows)
  }

  private func placedRows() -> [MonthMoney.Placed] {
    settled.plan.deployments.filter { $0.replicas + $0.spares > 0 }.map { row in
      guard let entry = table.option(row.option) else {
        preconditionFailure("a deployment's option comes from the table: \(row.option)")
      }
      let day = DeploymentDay(
        row, routes: settled.plan.routes, pod: entry.pod.priced(inMonth: row.month),
        loadFactor: entry.workload.service.loadFactor)
      return MonthMoney.Placed(day: day, row: deploymentRow(row, entry, day))
    }
    .sorted { $0.row.id < $1.row.id }
  }

  private func deploymentRow(
    _ row: PlacementPlan.Deployment, _ entry: OptionTable.Entry, _ day: DeploymentDay
  ) -> Plan.Deployment {
    let replicas = row.replicas + row.spares
    return Plan.Deployment(
      id: "\(calendar.label(row.month))/\(row.option)", month: row.month, service: row.service,
      site: row.site, pod: row.pod, chip: row.chip, slice: row.slice.description, sharding: row.sharding,
      chipsPerReplica: row.chipsPerReplica, replicas: replicas,
      capacityPerReplica: row.capacityPerReplica.first ?? 0, load: row.load,
      wattsPerReplica: day.wattsByHour.reduce(0, +) / 24 / Double(replicas), bound: entry.bound,
      grade: entry.profile.grade, model: entry.model, spares: row.spares, peakHour: row.peakHour,
      mfu: mfu(entry, load: row.load, chips: row.chipsPerReplica * replicas))
  }

  /// Model FLOPs utilisation at the month's peak: requests per second × FLOPs of one ÷ (chips × peak of one).
  private func mfu(_ entry: OptionTable.Entry, load: Double, chips: Int) -> Double? {
    let catalog = pipeline.study.catalog
    guard let model = catalog.models.first(where: { $0.id == entry.model }),
      let chip = catalog.chips.first(where: { $0.id == entry.pod.chip }),
      let peak = chip.peak[entry.profile.weights == .int4 ? .bf16 : entry.profile.weights]?.value
    else { return nil }
    let workload = entry.workload
    let perToken = ModelCounts(model).decodeFLOPs(context: Int(workload.meanContext)).value
    let perRequest = perToken * (workload.meanInput + workload.meanOutput)
    return load * perRequest / (Double(chips) * peak.value)
  }

  private func inventoryRows() -> [Plan.InventoryRow] {
    settled.plan.pods.map {
      Plan.InventoryRow(
        month: $0.month, pod: $0.pod, installed: $0.installed, used: $0.used, free: $0.free,
        stranded: $0.stranded)
    }
  }

  private func powerRows() -> [Plan.PowerRow] {
    settled.plan.power.map {
      Plan.PowerRow(
        month: $0.month, site: $0.site, itWatts: $0.itWatts, facilityWatts: $0.facilityWatts,
        capWatts: $0.capWatts)
    }
  }

  private func demandRows() -> [Plan.DemandRow] {
    (0..<scenario.horizonMonths).flatMap { month in workloads.map { $0.demandRow(month: month) } }
  }

  private func monthRows(_ totals: [Double], inventory: [Plan.InventoryRow]) -> [Plan.Month] {
    totals.enumerated().map { month, total in
      let pods = inventory.filter { $0.month == month }
      return Plan.Month(
        index: month, label: calendar.label(month), hours: PlanCalendar.hoursPerMonth, totalCost: total,
        budget: scenario.monthlyBudget?.value, chipsUsed: pods.reduce(0) { $0 + $1.used },
        chipsInstalled: pods.reduce(0) { $0 + $1.installed },
        discountFactor: (try? discountFactor(months: month, annualRate: scenario.discountRate)) ?? 1)
    }
  }

  private func dataQuality() -> [Plan.DataQualityRow] {
    workloads.compactMap { workload in
      pipeline.traces[workload.service.id].map { reading in
        Plan.DataQualityRow(
          trace: workload.service.trace ?? workload.service.id, format: reading.format.rawValue,
          accepted: reading.accepted, rejected: reading.rejected,
          firstRejections: reading.rejections.prefix(5).map { "line \($0.line): \($0.reason)" },
          notes: reading.notes)
      }
    }
  }

  private func solverReport() -> Plan.SolverReport {
    Plan.SolverReport(
      solver: settled.plan.solver, objective: settled.plan.objective, bound: settled.plan.bound,
      relativeGap: settled.plan.relativeGap, bindingConstraints: outlook.worth,
      gapLimit: SearchLimits().relativeGap, nodeLimit: SearchLimits().nodes, proven: settled.plan.proven)
  }

  /// What was proved, forecast and compared beyond the plan itself; absent where it was not asked for.
  private func addProofs(to plan: inout Plan) {
    if scenario.survivesSiteLoss {
      plan.siteLosses = SiteLossJudgement(
        table: table, scenario: scenario, options: pipeline.options
      ).rows(settled.losses)
    }
    let forecasts = workloads.compactMap { workload in
      workload.forecast.map { (service: workload.service.id, forecast: $0) }
    }
    if !forecasts.isEmpty {
      plan.forecastFits = forecasts.map { $0.forecast.fitRow(service: $0.service) }
      plan.forecasts = forecasts.flatMap { entry in
        (0..<scenario.horizonMonths).map { entry.forecast.row(service: entry.service, month: $0) }
      }
    }
    let stranded = settled.plan.strandedCapacity.map { calendar.dated($0.sentence) }
    if !stranded.isEmpty { plan.stranded = stranded }
    if !purchases.isEmpty { plan.purchases = purchases }
    guard outlook.explored else { return }
    plan.baselines = outlook.baselines
    plan.tradeOffs = outlook.tradeOffs
  }

  private var purchases: [Plan.PurchaseRow] {
    settled.plan.purchases.filter { $0.blocks > 0 }.map { bought in
      let pod = scenario.fleet.pods.first { $0.id == bought.pod }
      return Plan.PurchaseRow(
        pod: bought.pod, site: pod?.site ?? "", chip: pod?.chip ?? "", blocks: bought.blocks,
        chips: bought.chips, orderMonth: bought.orderMonth, deliveryMonth: bought.deliveryMonth)
    }
    .sorted { ($0.orderMonth, $0.deliveryMonth, $0.pod) < ($1.orderMonth, $1.deliveryMonth, $1.pod) }
  }

  private func shortfalls() -> [Plan.Shortfall] {
    guard let infeasibility = settled.infeasibility else { return outlook.shortfalls }
    return [
      Outlook.shortfall(
        infeasibility, month: infeasibility.firstMonth, calendar: calendar, fleet: scenario.fleet)
    ]
  }
}

extension Service {
  var row: Plan.ServiceRow {
    Plan.ServiceRow(
      id: id, model: model, weights: weights, kv: kv, slo: slo, monthlyGrowth: monthlyGrowth,
      thinkingMultiplier: thinkingMultiplier)
  }
}
