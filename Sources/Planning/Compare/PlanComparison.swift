import FleetData

/// Compares two plans: a bridge that adds up, services, months, inputs, gates.
public struct PlanComparison {
  /// One named change, and the plan made with it alone on the baseline.
  public struct Marginal: Sendable {
    public var change: Comparison.ChangeRow
    /// `nil` when the change cannot stand alone; then its effect is part of the interaction.
    public var plan: Plan?
    public init(_ change: Comparison.ChangeRow, plan: Plan?) {
      self.change = change
      self.plan = plan
    }
  }

  let base: Plan
  let candidate: Plan
  let marginals: [Marginal]

  /// - Throws: `Diagnostics` when the two cannot be compared: another currency, another horizon, or other traces
  ///   (unless `allowDifferentTrace`).
  public init(
    base: Plan, candidate: Plan, marginals: [Marginal] = [], allowDifferentTrace: Bool = false
  ) throws(Diagnostics) {
    self.base = base
    self.candidate = candidate
    self.marginals = marginals
    let all = [candidate] + marginals.compactMap(\.plan)
    var wrong: [Diagnostic] = []
    for other in all {
      if other.currency != base.currency {
        wrong.append(
          Diagnostic(
            "the plans are in different currencies", found: other.currency, expected: base.currency,
            help: "plan both with the same currency"))
      }
      if other.months.map(\.label) != base.months.map(\.label) {
        wrong.append(
          Diagnostic(
            "the plans cover different months", found: Self.horizon(other), expected: Self.horizon(base),
            help: "plan both over the same months"))
      }
    }
    if !allowDifferentTrace, Self.traces(base) != Self.traces(candidate) {
      wrong.append(
        Diagnostic(
          "the plans were made from different traces",
          help: "give --allow-different-trace to compare them all the same"))
    }
    guard wrong.isEmpty else { throw Diagnostics(wrong) }
  }

  private static func horizon(_ plan: Plan) -> String {
    "\(plan.months.first?.label ?? "none") to \(plan.months.last?.label ?? "none")"
  }

  /// Hashes of the trace files of a plan, sorted.
  private static func traces(_ plan: Plan) -> [String] {
    let names = Set(plan.dataQuality.map { fileName($0.trace) })
    return plan.sources.filter { names.contains(fileName($0.path)) }.map(\.sha256).sorted()
  }

  private static func fileName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

  /// - Parameter gates: results on the candidate, with the baseline known to `delta(…)`.
  public func comparison(gates: [Plan.GateResult]) -> Comparison {
    let rows = serviceRows()
    let inputs = inputChanges()
    let (a, b) = (monthlyCost(base), monthlyCost(candidate))
    return Comparison(
      currency: base.currency, sentence: sentence(a, b, rows), baseline: side(base, a),
      candidate: side(candidate, b),
      bridge: bridge(a, b), rows: rows, levels: levelRows(), months: monthRows(), changes: changeRows(a),
      inputs: inputs, gates: gates, notes: notes())
  }

  /// The changes with what each does alone to the mean month and to the chips at the peak.
  private func changeRows(_ cost: Double) -> [Comparison.ChangeRow] {
    marginals.map { marginal in
      var row = marginal.change
      guard let plan = marginal.plan else { return row }
      row.marginalCost = monthlyCost(plan) - cost
      row.marginalChips = peak(plan) - peak(base)
      return row
    }
  }

  private func peak(_ plan: Plan) -> Int { plan.months.map(\.chipsUsed).max() ?? 0 }

  /// The mean month of the horizon.
  private func monthlyCost(_ plan: Plan) -> Double {
    plan.months.isEmpty ? 0 : plan.months.reduce(0) { $0 + $1.totalCost } / Double(plan.months.count)
  }

  private func side(_ plan: Plan, _ cost: Double) -> Comparison.Side {
    .init(
      id: plan.id, name: plan.name, toolVersion: plan.toolVersion, seed: plan.seed, monthlyCost: cost,
      peakChips: peak(plan), sources: plan.sources)
  }

  private func sentence(_ a: Double, _ b: Double, _ rows: [Comparison.Row]) -> String {
    let services = rows.filter { $0.service != Self.nobody }
    let changed = services.count { $0.status != .same }
    let scale = 1e-9 * max(abs(a), abs(b))
    if abs(b - a) <= scale, rows.allSatisfy({ $0.status == .same }) {
      return "No change in cost or capacity."
    }
    let direction = abs(b - a) <= scale ? "does not change" : b > a ? "rises" : "falls"
    return "The mean monthly cost \(direction); \(changed) of \(services.count) services change."
  }

  private func monthRows() -> [Comparison.MonthRow] {
    zip(base.months, candidate.months).map {
      .init(
        label: $0.label, baseCost: $0.totalCost, candidateCost: $1.totalCost, baseChips: $0.chipsUsed,
        candidateChips: $1.chipsUsed)
    }
  }

  private func notes() -> [String] {
    var notes: [String] = []
    if base.toolVersion != candidate.toolVersion {
      notes.append("Made by different versions: \(base.toolVersion) and \(candidate.toolVersion).")
    }
    if base.seed != candidate.seed {
      notes.append("Made with different seeds: \(base.seed) and \(candidate.seed).")
    }
    for (name, plan) in [("Baseline", base), ("Candidate", candidate)] {
      let rejected = plan.dataQuality.reduce(0) { $0 + $1.rejected }
      if rejected > 0 { notes.append("\(name): \(rejected) trace rows were rejected.") }
      if plan.verdict.status != .feasible { notes.append("\(name): \(plan.verdict.sentence)") }
    }
    return notes
  }
}

/// The bridge.
extension PlanComparison {
  /// baseline → price drift → each named change alone → interaction → candidate; without named changes the part that
  /// is not price is shown by service.
  ///
  ///     drift = Σ q_base·(p_cand − p_base) − Σ_changes Σ q_base·(p_change − p_base)
  ///     interaction = candidate − baseline − drift − Σ (change alone − baseline)
  private func bridge(_ a: Double, _ b: Double) -> [Comparison.Step] {
    var steps = [Comparison.Step(name: "baseline", kind: .baseline, amount: a)]
    let repriced = repricing(candidate)
    var drift = total(repriced)
    let alone = marginals.compactMap { marginal in marginal.plan.map { (marginal.change.name, $0) } }
    for (_, plan) in alone { drift -= total(repricing(plan)) }
    steps.append(.init(name: "price drift", kind: .priceDrift, amount: drift))
    if marginals.isEmpty {
      steps += usageSteps(total: b - a - drift, repriced)
    } else {
      let effects = alone.map { monthlyCost($0.1) - a }
      steps += zip(alone, effects).map { .init(name: $0.0, kind: .change, amount: $1) }
      steps.append(
        .init(name: "interaction", kind: .interaction, amount: b - a - drift - effects.reduce(0, +)))
    }
    steps.append(.init(name: "candidate", kind: .candidate, amount: b))
    return steps
  }

  private struct PriceKey: Hashable {
    /// `nil` = the first month that has such a line.
    var month: Int?
    var pod: String
    var category: Plan.CostLine.Category
    /// `*` = the first service of the pod.
    var service: String?
  }

  /// Where to look for the price of a line, the closest first: prices differ by month where commitments end, and by
  /// service where energy costs what its hours cost.
  private func priceKeys(_ line: Plan.CostLine) -> [PriceKey] {
    [line.month, nil].flatMap { month in
      [line.service, "*"].map { service in
        PriceKey(month: month, pod: line.pod, category: line.category, service: service)
      }
    }
  }

  private func priceTable(_ plan: Plan) -> [PriceKey: Double] {
    var prices: [PriceKey: Double] = [:]
    for line in plan.costs {
      for key in priceKeys(line) where prices[key] == nil { prices[key] = line.unitPrice }
    }
    return prices
  }

  /// What the baseline's quantities would cost more at another plan's prices, by service, in the mean month.
  private func repricing(_ other: Plan) -> [String: Double] {
    let prices = priceTable(other)
    var drift: [String: Double] = [:]
    for line in base.costs {
      let price = priceKeys(line).lazy.compactMap { prices[$0] }.first ?? line.unitPrice
      drift[line.service ?? Self.nobody, default: 0] += line.quantity * (price - line.unitPrice) / months
    }
    return drift
  }

  /// The sum over services in alphabetical order, so that it does not depend on a hash.
  private func total(_ sums: [String: Double]) -> Double {
    sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
  }

  /// The change by service at the candidate's prices, the largest seven by name; the steps sum to `total`.
  private func usageSteps(total: Double, _ drift: [String: Double]) -> [Comparison.Step] {
    let before = costByService(base)
    let after = costByService(candidate)
    let names = Set(before.keys).union(after.keys).sorted()
    var steps = names.map { name in
      Comparison.Step(
        name: name, kind: .usage, amount: (after[name] ?? 0) - (before[name] ?? 0) - (drift[name] ?? 0))
    }.filter { abs($0.amount) > 1e-9 * max(1, abs(total)) }
    steps.sort { (abs($1.amount), $0.name) < (abs($0.amount), $1.name) }
    let shown = Array(steps.prefix(7))
    let rest = total - shown.reduce(0) { $0 + $1.amount }
    guard steps.count > 7 || abs(rest) > 1e-6 else { return shown }
    return shown + [.init(name: "other services", kind: .usage, amount: rest)]
  }

  /// Whom chips that are paid for and unused are counted with.
  static var nobody: String { "unused chips" }

  var months: Double { Double(max(1, base.months.count)) }

  func costByService(_ plan: Plan) -> [String: Double] {
    var sums: [String: Double] = [:]
    for line in plan.costs { sums[line.service ?? Self.nobody, default: 0] += line.cost / months }
    return sums
  }
}
