import FleetData

/// One fact of a plan that a metric adds up: its keys and its share of the value.
struct GateFact {
  var month: Int?
  var keys: [String: String]
  /// Added up in sums; the part in use in headrooms.
  var amount: Double
  /// The whole in headrooms.
  var whole = 0.0
  var interval: Interval?
  var requests = 0
  var isUnsteady = false
}

/// A number that gates may name, how its facts combine, and which selectors it knows.
struct GateMetric {
  enum Combination {
    /// Added up over what is not selected, month by month.
    case sum
    /// Added up over the horizon too.
    case horizonSum
    /// 1 − used / whole of what is selected, month by month.
    case headroom
    /// Each fact by itself, with its interval.
    case each
  }
  var name: String
  var dimension: GateDimension
  var combination: Combination
  var keys: [String]
  /// Is nothing of it zero?
  var isSum: Bool {
    switch combination {
    case .sum, .horizonSum: true
    case .headroom, .each: false
    }
  }
  var facts: (Plan) -> [GateFact]

  /// Every name a gate may use, with the percentile metrics of this plan.
  static func all(in plan: Plan) -> [GateMetric] { fixed + latencies(plan) }

  static func named(_ name: String, in plan: Plan) -> GateMetric? {
    let spelled = name.replacing("gpus", with: "chips")
    return all(in: plan).first { $0.name == spelled }
  }
}

extension GateMetric {
  /// Metrics that every plan has.
  static var fixed: [GateMetric] { costs + capacities + laws }

  private static var costs: [GateMetric] {
    let keys = ["month", "site", "pod", "service", "category"]
    func lines(_ category: Plan.CostLine.Category?) -> (Plan) -> [GateFact] {
      { plan in
        plan.costs.filter { category == nil || $0.category == category }.map { fact($0, amount: $0.cost) }
      }
    }
    var metrics = [
      GateMetric(
        name: "cost.month.total", dimension: .money, combination: .sum, keys: keys, facts: lines(nil)),
      GateMetric(
        name: "cost.total", dimension: .money, combination: .horizonSum, keys: keys, facts: lines(nil)),
      GateMetric(name: "carbon.month", dimension: .kilograms, combination: .sum, keys: keys) { plan in
        plan.costs.compactMap { line in line.carbonKilograms.map { fact(line, amount: $0) } }
      },
    ]
    for category in [Plan.CostLine.Category.compute, .energy, .facility, .network] {
      metrics.append(
        GateMetric(
          name: "cost.month.\(category.rawValue)", dimension: .money, combination: .sum, keys: keys,
          facts: lines(category)))
    }
    metrics += tokenCosts
    return metrics
  }

  private static var tokenCosts: [GateMetric] {
    let kinds: [(String, (Plan.UnitCost) -> Double)] = [
      ("cost.per_million_tokens", \.usdPerMillionTokens),
      ("cost.per_million_input_tokens", \.usdPerMillionInputTokens),
      ("cost.per_million_output_tokens", \.usdPerMillionOutputTokens),
    ]
    return kinds.map { name, value in
      GateMetric(name: name, dimension: .money, combination: .each, keys: ["month", "service"]) { plan in
        plan.unitCosts.map { .init(month: $0.month, keys: ["service": $0.service], amount: value($0)) }
      }
    } + [
      GateMetric(
        name: "carbon.per_million_tokens", dimension: .grams, combination: .each, keys: ["month", "service"]
      ) { plan in
        plan.unitCosts.compactMap { row in
          row.gramsCO2PerMillionTokens.map {
            .init(month: row.month, keys: ["service": row.service], amount: $0)
          }
        }
      }
    ]
  }

  private static func fact(_ line: Plan.CostLine, amount: Double) -> GateFact {
    GateFact(
      month: line.month,
      keys: [
        "site": line.site, "pod": line.pod, "service": line.service ?? "idle",
        "category": line.category.rawValue,
      ],
      amount: amount)
  }

  private static var capacities: [GateMetric] {
    let keys = ["month", "site", "pod", "chip"]
    return [
      GateMetric(name: "headroom.chips", dimension: .share, combination: .headroom, keys: keys, facts: stock),
      GateMetric(name: "chips.used", dimension: .count, combination: .sum, keys: keys, facts: stock),
      GateMetric(name: "chips.installed", dimension: .count, combination: .sum, keys: keys) { plan in
        stock(plan).map { fact in
          var fact = fact
          fact.amount = fact.whole
          return fact
        }
      },
      GateMetric(
        name: "headroom.power", dimension: .share, combination: .headroom, keys: ["month", "site"],
        facts: power),
      GateMetric(
        name: "power.facility", dimension: .watts, combination: .sum, keys: ["month", "site"], facts: power),
      GateMetric(
        name: "headroom.requests", dimension: .share, combination: .headroom,
        keys: ["month", "site", "pod", "service"]
      ) { plan in
        plan.deployments.map {
          GateFact(
            month: $0.month, keys: ["site": $0.site, "pod": $0.pod, "service": $0.service], amount: $0.load,
            whole: Double($0.replicas) * $0.capacityPerReplica)
        }
      },
    ]
  }

  private static func stock(_ plan: Plan) -> [GateFact] {
    let pods = Dictionary(plan.pods.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return plan.inventory.map { row in
      GateFact(
        month: row.month,
        keys: ["pod": row.pod, "site": pods[row.pod]?.site ?? "", "chip": pods[row.pod]?.chip ?? ""],
        amount: Double(row.used), whole: Double(row.installed))
    }
  }

  private static func power(_ plan: Plan) -> [GateFact] {
    plan.power.map {
      GateFact(month: $0.month, keys: ["site": $0.site], amount: $0.facilityWatts, whole: $0.capWatts)
    }
  }

  private static var laws: [GateMetric] {
    [
      GateMetric(name: "checks.errors", dimension: .count, combination: .horizonSum, keys: []) { plan in
        [GateFact(month: nil, keys: [:], amount: Double(plan.checks.count { !$0.passed }))]
      },
      GateMetric(name: "shortfalls.count", dimension: .count, combination: .horizonSum, keys: ["site"]) {
        plan in
        [GateFact(month: nil, keys: ["site": ""], amount: 0)]
          + plan.shortfalls.map { GateFact(month: nil, keys: ["site": $0.site ?? ""], amount: 1) }
      },
    ]
  }

  /// `slo.ttft.p99` for every metric and percentile the plan promises.
  private static func latencies(_ plan: Plan) -> [GateMetric] {
    var names: [String] = []
    for row in plan.serviceLevels where !names.contains(name(row)) { names.append(name(row)) }
    return names.map { wanted in
      GateMetric(name: wanted, dimension: .seconds, combination: .each, keys: ["month", "service"]) { plan in
        plan.serviceLevels.filter { name($0) == wanted }.map { row in
          GateFact(
            month: row.month, keys: ["service": row.service], amount: row.result.value, interval: row.result,
            requests: row.requests, isUnsteady: row.verdict == .unsteady)
        }
      }
    }
  }

  private static func name(_ row: Plan.ServiceLevelRow) -> String {
    latencyName(row.metric, percentile: row.percentile)
  }

  /// `slo.ttft.p99`.
  static func latencyName(_ metric: String, percentile: Double) -> String {
    let percent = percentile * 100
    let digits = percent == percent.rounded() ? String(Int(percent)) : "\((percent * 100).rounded() / 100)"
    return "slo.\(metric).p\(digits)"
  }
}
