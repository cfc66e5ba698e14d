import FleetData

/// Services and inputs side by side.
extension PlanComparison {
  func serviceRows() -> [Comparison.Row] {
    let (costA, costB) = (costByService(base), costByService(candidate))
    let (chipsA, chipsB) = (peakChips(base), peakChips(candidate))
    let (latencyA, latencyB) = (latencyShares(base), latencyShares(candidate))
    let names = Set(costA.keys).union(costB.keys).union(chipsA.keys).union(chipsB.keys).sorted()
    let rows = names.map { name in
      var row = Comparison.Row(
        service: name, status: .same, baseCost: costA[name] ?? 0, candidateCost: costB[name] ?? 0,
        baseChips: chipsA[name] ?? 0, candidateChips: chipsB[name] ?? 0, baseLatencyShare: latencyA[name],
        candidateLatencyShare: latencyB[name])
      let (inA, inB) = (costA[name] != nil || chipsA[name] != nil, costB[name] != nil || chipsB[name] != nil)
      let isSame =
        abs(row.delta) <= 1e-9 * max(1, abs(row.baseCost)) && row.baseChips == row.candidateChips
        && row.baseLatencyShare == row.candidateLatencyShare
      row.status = !inA ? .added : !inB ? .removed : isSame ? .same : .changed
      return row
    }
    return rows.sorted { (abs($1.delta), $0.service) < (abs($0.delta), $1.service) }
  }

  /// The most chips each service holds in any month.
  private func peakChips(_ plan: Plan) -> [String: Int] {
    var byMonth: [String: [Int: Int]] = [:]
    for row in plan.deployments {
      byMonth[row.service, default: [:]][row.month, default: 0] += row.replicas * row.chipsPerReplica
    }
    return byMonth.mapValues { $0.values.max() ?? 0 }
  }

  /// The promise of each service that comes closest to being broken.
  private func latencyShares(_ plan: Plan) -> [String: Double] {
    var worst: [String: Double] = [:]
    for row in plan.serviceLevels where row.targetSeconds > 0 {
      worst[row.service] = max(worst[row.service] ?? 0, row.result.value / row.targetSeconds)
    }
    return worst
  }

  /// Promises of both sides, those that come closest to being broken first.
  func levelRows() -> [Comparison.LevelRow] {
    let (before, after) = (worstLevels(base), worstLevels(candidate))
    func stress(_ row: Plan.ServiceLevelRow?) -> Double {
      row.map { $0.targetSeconds > 0 ? $0.result.value / $0.targetSeconds : 0 } ?? 0
    }
    return Set(before.keys).union(after.keys).sorted { (stress(after[$1]), $0) < (stress(after[$0]), $1) }
      .map { key in
        Comparison.LevelRow(
          service: (after[key] ?? before[key])!.service, promise: promise((after[key] ?? before[key])!),
          base: before[key], candidate: after[key])
      }
  }

  private func promise(_ row: Plan.ServiceLevelRow) -> String {
    let percent = row.percentile * 100
    return "\(row.metric) p" + (percent == percent.rounded() ? String(Int(percent)) : "\(percent)")
  }

  private func worstLevels(_ plan: Plan) -> [String: Plan.ServiceLevelRow] {
    var worst: [String: Plan.ServiceLevelRow] = [:]
    for row in plan.serviceLevels {
      let key = "\(row.service) \(promise(row))"
      let share = row.result.value * (worst[key]?.targetSeconds ?? 0)
      if let other = worst[key], other.result.value * row.targetSeconds >= share { continue }
      worst[key] = row
    }
    return worst
  }

  /// Inputs, prices and sites that differ, by id.
  func inputChanges() -> [Comparison.InputChange] {
    let (before, after) = (facts(base), facts(candidate))
    return Set(before.keys).union(after.keys).sorted().compactMap { id in
      let (a, b) = (before[id], after[id])
      guard a?.text != b?.text else { return nil }
      return Comparison.InputChange(
        id: id, status: a == nil ? .added : b == nil ? .removed : .changed, before: a?.text ?? "-",
        after: b?.text ?? "-",
        unit: b?.unit ?? a?.unit ?? "")
    }
  }

  private struct Fact {
    var text: String
    var unit: String
  }

  private func facts(_ plan: Plan) -> [String: Fact] {
    var facts: [String: Fact] = [:]
    for row in plan.inputs {
      // A text carries its own unit: `$2.10/chip.h`.
      facts[row.id] = Fact(
        text: row.text ?? row.value.map { "\($0)" } ?? "n/a", unit: row.text == nil ? row.unit : "")
    }
    for pod in plan.pods {
      facts["pods.\(pod.id).price"] = Fact(text: "\(pod.usdPerChipHour)", unit: "\(plan.currency)/chip-hour")
      facts["pods.\(pod.id).chips"] = Fact(text: "\(pod.chips)", unit: "chips")
      facts["pods.\(pod.id).chip"] = Fact(text: pod.chip, unit: "")
    }
    for site in plan.sites {
      facts["sites.\(site.id).electricity"] = Fact(
        text: "\(site.electricityUSDPerKWh)", unit: "\(plan.currency)/kWh")
      facts["sites.\(site.id).pue"] = Fact(text: "\(site.pue)", unit: "")
      facts["sites.\(site.id).power_cap"] = Fact(text: "\(site.powerCapWatts)", unit: "W")
    }
    for service in plan.services {
      facts["services.\(service.id).model"] = Fact(text: service.model, unit: "")
      facts["services.\(service.id).weights"] = Fact(text: service.weights.rawValue, unit: "")
      facts["services.\(service.id).kv"] = Fact(text: service.kv.rawValue, unit: "")
      facts["services.\(service.id).growth"] = Fact(text: "\(service.monthlyGrowth)", unit: "per month")
      facts["services.\(service.id).thinking"] = Fact(text: "\(service.thinkingMultiplier)", unit: "×")
    }
    return facts
  }
}
