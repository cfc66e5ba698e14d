import FleetData

/// Judges gates on a plan, on unrounded values and on intervals where values were simulated.
///
/// A selector `[site=*]` asks every member and the worst is reported; keys that are not selected are added up;
/// every month must pass. What a gate names must exist: an unknown metric, key, member or unit is an error.
public struct GateEvaluator {
  let plan: Plan
  let baseline: Plan?

  /// - Parameter baseline: what `delta(…)` compares with; without it such gates are inconclusive.
  public init(_ plan: Plan, baseline: Plan? = nil) {
    self.plan = plan
    self.baseline = baseline
  }

  /// All gates in their order.
  ///
  /// - Throws: every gate's `Diagnostic` at once, when any of them cannot be judged.
  public func results(_ gates: [Gate]) throws(Diagnostics) -> [Plan.GateResult] {
    var results: [Plan.GateResult] = []
    var wrong: [Diagnostic] = []
    for gate in gates {
      do { results.append(try result(gate)) } catch { wrong.append(error) }
    }
    guard wrong.isEmpty else { throw Diagnostics(wrong) }
    return results
  }

  public func result(_ gate: Gate) throws(Diagnostic) -> Plan.GateResult {
    let expression = try GateExpression(gate)
    let metric = try metric(expression, gate)
    let limit = try limit(expression, metric, gate)
    let members = try members(metric, expression, of: plan, gate)
    guard expression.isDelta else { return judge(members, expression, limit, gate) }
    guard let baseline else {
      return Plan.GateResult(
        gate: gate, status: .inconclusive, value: 0, limit: limit.value, unit: limit.dimension.rawValue,
        detail: "there is no baseline to compare with: give --baseline")
    }
    let before = try self.members(metric, expression, of: baseline, gate)
    return judge(changes(from: before, to: members, limit.dimension), expression, limit, gate)
  }

  private func metric(_ expression: GateExpression, _ gate: Gate) throws(Diagnostic) -> GateMetric {
    if let metric = GateMetric.named(expression.metric, in: plan) { return metric }
    throw GateMetric.unknown(expression.metric, gate, among: GateMetric.all(in: plan).map(\.name))
  }

  private func limit(
    _ expression: GateExpression, _ metric: GateMetric, _ gate: Gate
  ) throws(Diagnostic) -> GateQuantity {
    let parsed = GateQuantity(expression.limit, currency: plan.currency)
    if let parsed, metric.accepts(parsed, isDelta: expression.isDelta) { return parsed }
    throw metric.wrongLimit(expression, gate, currency: plan.currency)
  }
}

/// One member that a gate judges: `us-east in 2027-03`.
struct GateMember {
  var label: String
  var value: Double
  var interval: Interval?
  var requests = 0
  var isUnsteady = false
}

extension GateEvaluator {
  /// The selected facts, added up by month and by the keys that are selected.
  private func members(
    _ metric: GateMetric, _ expression: GateExpression, of plan: Plan, _ gate: Gate
  ) throws(Diagnostic) -> [GateMember] {
    var facts = metric.facts(plan)
    let labels = Dictionary(plan.months.map { ($0.index, $0.label) }, uniquingKeysWith: { first, _ in first })
    var groupKeys: [String] = []
    for selector in expression.selectors {
      let key = selector.key == "pool" ? "service" : selector.key
      guard metric.keys.contains(key) else { throw metric.unknownKey(selector, gate) }
      if key != "month" { groupKeys.append(key) }
      guard !selector.isEvery else { continue }
      func name(_ fact: GateFact) -> String {
        key == "month" ? label(fact.month, labels) : fact.keys[key] ?? ""
      }
      let wanted = key == "month" ? monthName(selector.value, plan) : selector.value
      let all = facts
      facts = all.filter { name($0) == wanted }
      if facts.isEmpty, !isKnown(wanted, key, in: plan) {
        throw GateMetric.nothingSelected(selector, all.map(name), gate)
      }
    }
    if facts.isEmpty, !expression.selectors.isEmpty {
      // What exists but was not used costs nothing; a ratio or a latency of nothing cannot be judged.
      return metric.isSum
        ? [GateMember(label: expression.selectors.map(\.value).joined(separator: " in "), value: 0)] : []
    }
    guard !facts.isEmpty else {
      throw Diagnostic(
        "gate '\(gate.name)': the plan has no value for this metric", at: gate.location,
        found: expression.metric)
    }
    return combine(facts, metric, groupKeys, labels)
  }

  private func combine(
    _ facts: [GateFact], _ metric: GateMetric, _ keys: [String], _ labels: [Int: String]
  ) -> [GateMember] {
    if case .each = metric.combination {
      return facts.map { fact in
        let names = [fact.keys["service"], fact.month.map { label($0, labels) }].compactMap { $0 }
        return GateMember(
          label: names.joined(separator: " in "), value: fact.amount, interval: fact.interval,
          requests: fact.requests,
          isUnsteady: fact.isUnsteady)
      }
    }
    var places: [String: Int] = [:]
    var groups: [(label: String, amount: Double, whole: Double)] = []
    let sumsMonths = if case .horizonSum = metric.combination { true } else { false }
    for fact in facts {
      let names = keys.map { fact.keys[$0] ?? "" }
      let month = sumsMonths || fact.month == nil ? [] : [label(fact.month, labels)]
      let key = (names + month).joined(separator: "\u{1F}")
      let place = places[key] ?? groups.count
      if place == groups.count {
        places[key] = place
        groups.append(((names + month).joined(separator: " in "), 0, 0))
      }
      groups[place].amount += fact.amount
      groups[place].whole += fact.whole
    }
    return groups.compactMap { group in
      guard case .headroom = metric.combination else {
        return GateMember(label: group.label, value: group.amount)
      }
      return group.whole > 0
        ? GateMember(label: group.label, value: (group.whole - group.amount) / group.whole) : nil
    }
  }

  /// Relative changes for limits in per cent, differences for all others; members without a counterpart are new.
  private func changes(
    from before: [GateMember], to after: [GateMember], _ dimension: GateDimension
  ) -> [GateMember] {
    let old = Dictionary(before.map { ($0.label, $0.value) }, uniquingKeysWith: { first, _ in first })
    return after.map { member in
      let base = old[member.label] ?? 0
      var change = member
      change.interval = nil
      if dimension == .share {
        change.value =
          base == 0 ? (member.value == 0 ? 0 : .greatestFiniteMagnitude) : (member.value - base) / abs(base)
      } else {
        change.value = member.value - base
      }
      return change
    }
  }

  /// Is there such a thing in the plan, though it has no value for the metric?
  private func isKnown(_ name: String, _ key: String, in plan: Plan) -> Bool {
    switch key {
    case "service": name == "idle" || plan.services.contains { $0.id == name }
    case "site": plan.sites.contains { $0.id == name }
    case "pod": plan.pods.contains { $0.id == name }
    case "chip": plan.pods.contains { $0.chip == name }
    case "month": plan.months.contains { $0.label == name }
    case "category": Plan.CostLine.Category(rawValue: name) != nil
    default: false
    }
  }

  private func label(_ month: Int?, _ labels: [Int: String]) -> String {
    month.map { labels[$0] ?? "month \($0)" } ?? ""
  }

  /// `first` and `last` stand for the ends of the horizon.
  private func monthName(_ name: String, _ plan: Plan) -> String {
    name == "first"
      ? plan.months.first?.label ?? name : name == "last" ? plan.months.last?.label ?? name : name
  }
}
