/// Why nothing fits, and the smallest change that would help.
///
/// Each limit in turn is made elastic alone (chips of one pod, power of one site, the budget, survival of a site
/// loss) and the least excess that admits a plan is found by the same integer program; the smallest, relative to
/// what stands there, is named as binding. When no single limit suffices, all are stretched together.
struct InfeasibilityStudy {
  let problem: ResolvedProblem

  init(_ problem: ResolvedProblem) { self.problem = problem }

  /// Explains one month that has no plan by itself.
  func explain(month: Int, until plan: PlacementPlan?) -> Infeasibility {
    explain(months: [month], firstMonth: month, until: plan)
  }

  /// Explains a horizon that has no plan: the shortest run of months from the first that has none.
  func explainHorizon() -> Infeasibility {
    var months: [Int] = []
    for month in 0..<problem.months {
      months.append(month)
      if hasPlan([month]), hasPlan(months) { continue }
      let alone = hasPlan([month]) ? months : [month]
      return explain(months: alone, firstMonth: month, until: planOfMonths(before: month))
    }
    return explain(months: months, firstMonth: problem.months - 1, until: nil)
  }

  private func planOfMonths(before month: Int) -> PlacementPlan? {
    guard month > 0 else { return nil }
    var shorter = problem.problem
    shorter.months = month
    for index in shorter.services.indices {
      for flow in shorter.services[index].flows.indices {
        shorter.services[index].flows[flow].peakRates = Array(
          shorter.services[index].flows[flow].peakRates.prefix(month))
      }
    }
    return try? Placer.plan(shorter)
  }

  private var limits: SearchLimits { SearchLimits(relativeGap: 1e-3, nodes: 2000) }

  func hasPlan(_ months: [Int]) -> Bool {
    let model = PlacementModel(problem, months: months)
    var program = model.program
    for column in 0..<program.columns { program.setCost(0, of: column) }
    if case .infeasible = IntegerSolver.solve(program, limits: limits) { return false }
    return true
  }

  private func explain(months: [Int], firstMonth: Int, until plan: PlacementPlan?) -> Infeasibility {
    var relaxations = singleRelaxations(months)
    if relaxations.isEmpty { relaxations = together(excess(.everything, months) ?? []).map { [$0] } ?? [] }
    relaxations.sort { ($0.relative, $0.constraint.name) < ($1.relative, $1.constraint.name) }
    let shed = shedding(firstMonth)
    let unmet = shed.isEmpty ? unmetDemand(months) : shed.reduce(0) { $0 + $1.requestsPerSecond }
    let binding =
      relaxations.first?.constraint
      ?? .demand(service: problem.services.first?.service ?? "", region: "", month: firstMonth)
    return Infeasibility(
      firstMonth: firstMonth, binding: binding,
      sentence: sentence(firstMonth, unmet: unmet, shed, relaxations), relaxations: relaxations,
      unmetRequestsPerSecond: unmet, shed: shed, planUntilThen: plan)
  }

  /// Who goes short, where services rank differently.
  private func shedding(_ month: Int) -> [Shed] {
    guard Set(problem.services.map(\.priority)).count > 1 else { return [] }
    let study = SheddingStudy(problem)
    return study.unmet(month: month).map { study.rows($0, month: month) } ?? []
  }

  private func singleRelaxations(_ months: [Int]) -> [Infeasibility.Relaxation] {
    var families: [PlacementModel.Elastic] = problem.pods.indices.map { .chips(pod: $0) }
    families += problem.sites.indices.map { .power(site: $0) }
    for site in problem.sites.indices {
      if problem.sites[site].cooling != nil { families.append(.cooling(site: site)) }
      if problem.sites[site].racks != nil { families.append(.space(site: site)) }
    }
    families += problem.problem.fleet.quotas.indices.map { .quota($0) }
    if problem.problem.monthlyBudget != nil { families.append(.budget) }
    var found = families.compactMap { family -> Infeasibility.Relaxation? in
      guard let parts = excess(family, months), let worst = parts.max(by: { $0.relative < $1.relative })
      else {
        return nil
      }
      return worst
    }
    if let without = withoutSiteLoss(months) { found.append(without) }
    return found
  }

  /// The least excess of one family of limits, or `nil` when stretching it does not help.
  private func excess(_ family: PlacementModel.Elastic, _ months: [Int]) -> [Infeasibility.Relaxation]? {
    let model = PlacementModel(problem, months: months, elastic: family)
    guard case .solved(let point, _, _, _) = IntegerSolver.solve(model.program, limits: limits) else {
      return nil
    }
    let parts = model.slacks.filter { point[$0.column] > 1e-6 }
    return parts.isEmpty ? nil : parts.map { relaxation($0, point[$0.column]) }
  }

  /// Changes that only all of them make a plan possible, as one: the smallest first, those beyond a few counted.
  private func together(_ parts: [Infeasibility.Relaxation]) -> Infeasibility.Relaxation? {
    let ordered = parts.sorted { ($0.relative, $0.constraint.name) < ($1.relative, $1.constraint.name) }
    guard var whole = ordered.last, ordered.count > 1 else { return ordered.last }
    let shown = ordered.suffix(3).reversed().map(\.sentence)
    let more = ordered.count - shown.count
    let rest = more > 0 ? ["\(more) smaller change\(more == 1 ? "" : "s")"] : []
    let words = shown + rest
    whole.sentence = "\(words.dropLast().joined(separator: ", ")) and \(words[words.count - 1]), all together"
    return whole
  }

  private func unmetDemand(_ months: [Int]) -> Double {
    let model = PlacementModel(problem, months: months, elastic: .demand)
    guard case .solved(let point, _, _, _) = IntegerSolver.solve(model.program, limits: limits) else {
      return months.reduce(0) { sum, month in
        sum + problem.services.indices.reduce(0) { $0 + problem.demand(ofService: $1, month: month) }
      }
    }
    return model.slacks.reduce(0) { $0 + point[$1.column] }
  }

  /// Would the plan be possible if no site loss had to be survived?
  private func withoutSiteLoss(_ months: [Int]) -> Infeasibility.Relaxation? {
    guard problem.problem.survivesSiteLoss else { return nil }
    var relaxed = problem.problem
    relaxed.survivesSiteLoss = false
    guard InfeasibilityStudy(problem.replacing(relaxed)).hasPlan(months) else { return nil }
    return Infeasibility.Relaxation(
      constraint: .siteLoss(site: "any", service: "all", month: months.last ?? 0), amount: 1, unit: "promise",
      relative: 1, sentence: "give up surviving the loss of a site")
  }

  private func relaxation(_ slack: PlacementModel.Slack, _ amount: Double) -> Infeasibility.Relaxation {
    let relative = amount / slack.base
    let sentence: String
    var shown = amount
    switch slack.constraint {
    case .chips(let pod, let month):
      shown = (amount - 1e-6).rounded(.up)
      let entry = problem.pods.first { $0.pod.id == pod }
      let site = entry.map { problem.sites[$0.site].id } ?? ""
      sentence = "\(Int(shown)) more \(entry?.pod.chip ?? "") chips in \(pod) at \(site) in month \(month)"
    case .power(let site, let month):
      sentence = "\(Words.watts(amount)) more power at \(site) in month \(month)"
    case .cooling(let site, let month):
      sentence = "\(Words.watts(amount)) more cooling at \(site) in month \(month)"
    case .space(let site, let month):
      let racks = amount == 1 ? "rack" : "racks"
      sentence = "\(Words.number(amount)) more \(racks) at \(site) in month \(month)"
    case .quota(let chip, let site, let month):
      shown = (amount - 1e-6).rounded(.up)
      sentence = "a quota of \(Int(shown)) more \(chip) chips at \(site ?? "all sites") in month \(month)"
    case .demand(let service, let region, let month):
      sentence = "\(Words.number(amount)) req/s less of \(service) from \(region) in month \(month)"
    case .budget(let month):
      sentence = "\(Words.dollars(amount)) more budget in month \(month)"
    default:
      sentence = "\(Words.number(amount)) \(slack.unit) less \(slack.constraint.name)"
    }
    return Infeasibility.Relaxation(
      constraint: slack.constraint, amount: shown, unit: slack.unit, relative: relative, sentence: sentence)
  }

  /// What cannot be served: by priority where services rank differently, else in all.
  private func sentence(
    _ month: Int, unmet: Double, _ shed: [Shed], _ relaxations: [Infeasibility.Relaxation]
  ) -> String {
    var missing = unmet > 1e-6 ? ": \(Words.number(unmet)) req/s cannot be served" : ""
    if !shed.isEmpty {
      missing = ": serving the highest priority first, " + shed.map(\.sentence).joined(separator: " and ")
    }
    guard let first = relaxations.first else { return "month \(month) has no plan\(missing)" }
    return "month \(month) has no plan\(missing); it would have one with \(first.sentence)"
  }
}
