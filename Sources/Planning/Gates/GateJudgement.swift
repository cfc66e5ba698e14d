import FleetData

/// From members to a verdict.
extension GateEvaluator {
  /// Every member must pass; a failing member outweighs an inconclusive one, and the worst of its kind is reported.
  func judge(
    _ members: [GateMember], _ expression: GateExpression, _ limit: GateQuantity, _ gate: Gate
  ) -> Plan.GateResult {
    var worst: (member: GateMember, status: Plan.GateResult.Status)?
    for member in members {
      let status = status(member, expression.comparison, limit.value)
      guard let current = worst else {
        worst = (member, status)
        continue
      }
      let (a, b) = (Self.rank(status), Self.rank(current.status))
      if a > b
        || a == b && isWorse(member.value, than: current.member.value, expression.comparison, limit.value)
      {
        worst = (member, status)
      }
    }
    guard let worst else {
      return Plan.GateResult(
        gate: gate, status: .inconclusive, value: 0, limit: limit.value, unit: limit.dimension.rawValue,
        detail: "the plan has nothing to judge")
    }
    return Plan.GateResult(
      gate: gate, status: worst.status, value: worst.member.value, low: worst.member.interval?.low,
      high: worst.member.interval?.high, limit: limit.value, unit: limit.dimension.rawValue,
      detail: detail(worst.member, worst.status, limit.value, members.count))
  }

  /// Simulated values pass when their whole 95 % interval does, and fail when none of it does.
  private func status(
    _ member: GateMember, _ comparison: GateExpression.Comparison, _ limit: Double
  ) -> Plan.GateResult.Status {
    if member.isUnsteady { return .inconclusive }
    guard let interval = member.interval, interval.high > interval.low else {
      return comparison.holds(member.value, limit) ? .pass : .fail
    }
    let ends = (comparison.holds(interval.low, limit), comparison.holds(interval.high, limit))
    return ends == (true, true) ? .pass : ends == (false, false) ? .fail : .inconclusive
  }

  private static func rank(_ status: Plan.GateResult.Status) -> Int {
    switch status {
    case .pass: 0
    case .inconclusive: 1
    case .fail: 2
    }
  }

  private func isWorse(
    _ a: Double, than b: Double, _ comparison: GateExpression.Comparison, _ limit: Double
  ) -> Bool {
    if comparison == .equal { return abs(a - limit) > abs(b - limit) }
    return comparison.wantsSmall ? a > b : a < b
  }

  private func detail(
    _ member: GateMember, _ status: Plan.GateResult.Status, _ limit: Double, _ count: Int
  ) -> String {
    var parts: [String] = []
    if !member.label.isEmpty { parts.append(count > 1 ? "worst of \(count): \(member.label)" : member.label) }
    if member.isUnsteady { parts.append("the simulated run was not steady") }
    if status == .inconclusive, let more = requestsNeeded(member, limit) {
      parts.append("about \(more) more requests would decide")
    }
    return parts.joined(separator: "; ")
  }

  /// Intervals shrink with the square root of the sample: n·(half width / distance to the limit)² − n more requests.
  private func requestsNeeded(_ member: GateMember, _ limit: Double) -> Int? {
    guard let interval = member.interval, member.requests > 0 else { return nil }
    let distance = abs(member.value - limit)
    let half = (interval.high - interval.low) / 2
    guard distance > half * 1e-3, half > distance else { return nil }
    let ratio = half / distance
    return Int((Double(member.requests) * (ratio * ratio - 1)).rounded(.up))
  }
}
