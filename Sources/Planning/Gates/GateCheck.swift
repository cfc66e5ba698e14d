import FleetData

/// Checks gates against a scenario before anything is planned: their spelling, metrics, units and what they select.
public struct GateCheck: Sendable {
  public let scenario: Scenario

  public init(_ scenario: Scenario) { self.scenario = scenario }

  /// - Throws: every gate's `Diagnostic` at once, when any of them could not be judged on a plan of this scenario.
  public func check() throws(Diagnostics) {
    guard !scenario.gates.isEmpty else { return }
    _ = try GateEvaluator(outline).results(scenario.gates)
  }

  /// A plan with everything that a plan of this scenario may have a value for, all of it zero.
  private var outline: Plan {
    let calendar = PlanCalendar(start: scenario.startMonth)
    let months = 0..<scenario.horizonMonths
    var plan = Plan(
      id: "", toolVersion: "", name: scenario.name, currency: scenario.fleet.currency,
      startMonth: scenario.startMonth, horizonMonths: scenario.horizonMonths, seed: scenario.seed,
      verdict: Plan.Verdict(status: .feasible, sentence: ""),
      solver: Plan.SolverReport(
        solver: "", objective: 0, bound: 0, relativeGap: 0, bindingConstraints: []))
    plan.months = months.map {
      Plan.Month(
        index: $0, label: calendar.label($0), hours: PlanCalendar.hoursPerMonth, totalCost: 0, budget: nil,
        chipsUsed: 0, chipsInstalled: 0, discountFactor: 1)
    }
    plan.pods = scenario.fleet.pods.map {
      Plan.PodRow(
        id: $0.id, site: $0.site, chip: $0.chip, topology: "", blocks: 1, chips: 1, term: "",
        usdPerChipHour: 0,
        capitalUSDPerChip: nil, depreciationMonths: nil, annualInterest: nil, wattsPerChip: 0,
        idlePowerShare: 0, source: "", asOf: "", grade: .assumed)
    }
    for month in months { add(month, to: &plan) }
    return plan
  }

  private func add(_ month: Int, to plan: inout Plan) {
    let services = scenario.services
    plan.power += scenario.fleet.sites.map {
      Plan.PowerRow(month: month, site: $0.id, itWatts: 0, facilityWatts: 0, capWatts: 1)
    }
    plan.inventory += scenario.fleet.pods.map {
      Plan.InventoryRow(month: month, pod: $0.id, installed: 1, used: 0, free: 1, stranded: 0)
    }
    for pod in scenario.fleet.pods {
      for service in services.map({ Optional($0.id) }) + [nil] {
        plan.costs += [Plan.CostLine.Category.compute, .energy, .facility, .network].map {
          Plan.CostLine(
            id: "", month: month, site: pod.site, pod: pod.id, service: service, category: $0, quantity: 0,
            quantityUnit: "", unitPrice: 0, cost: 0, carbonKilograms: 0)
        }
      }
      plan.deployments += services.map { deployment($0, pod, month) }
    }
    plan.unitCosts += services.map { unitCost($0, month) }
    plan.serviceLevels += services.flatMap { levels($0, month) }
  }

  private func deployment(_ service: Service, _ pod: Pod, _ month: Int) -> Plan.Deployment {
    Plan.Deployment(
      id: "", month: month, service: service.id, site: pod.site, pod: pod.id, chip: pod.chip, slice: "",
      sharding: Sharding(), chipsPerReplica: 1, replicas: 1, capacityPerReplica: 1, load: 0,
      wattsPerReplica: 0, bound: .hbm, grade: .assumed)
  }

  private func unitCost(_ service: Service, _ month: Int) -> Plan.UnitCost {
    Plan.UnitCost(
      service: service.id, month: month, usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0,
      usdPerMillionTokens: 0, usedUSDPerMillionTokens: 0, usdPerFLOP: 0, tokensPerUSD: 0,
      gramsCO2PerMillionTokens: 0, joulesPerToken: 0)
  }

  private func levels(_ service: Service, _ month: Int) -> [Plan.ServiceLevelRow] {
    let slo = service.slo
    return [("ttft", slo.ttft), ("tpot", slo.tpot), ("e2e", slo.endToEnd)].compactMap { name, target in
      target.map {
        Plan.ServiceLevelRow(
          id: "", month: month, service: service.id, metric: name, percentile: slo.percentile,
          targetSeconds: $0.value, result: Interval(value: 0, low: 0, high: 0), requests: 0, verdict: .pass)
      }
    }
  }
}
