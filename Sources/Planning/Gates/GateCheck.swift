import FleetData

/// Checks gates against a scenario before anything is planned: their spelling, metrics, units and what they select.
public struct GateCheck {
  private let scenario: Scenario
  private let members: [String: [String]]
  private let metrics: [GateMetric]

  public init(_ scenario: Scenario) {
    self.scenario = scenario
    let calendar = PlanCalendar(start: scenario.startMonth)
    let months = (0..<max(1, scenario.horizonMonths)).map(calendar.label)
    members = [
      "month": ["first", "last"] + months, "site": scenario.fleet.sites.map(\.id),
      "pod": scenario.fleet.pods.map(\.id), "chip": Self.unique(scenario.fleet.pods.map(\.chip)),
      "service": scenario.services.map(\.id) + ["idle"],
      "category": ["compute", "energy", "facility", "network"],
    ]
    metrics = GateMetric.fixed + Self.latencies(scenario)
  }

  /// - Throws: every gate's `Diagnostic` at once, when any of them could not be judged on a plan of this scenario.
  public func check() throws(Diagnostics) {
    let problems = problems()
    guard problems.isEmpty else { throw Diagnostics(problems) }
  }

  /// Everything that is wrong with the gates of the scenario, at the places where they are written.
  public func problems() -> [Diagnostic] {
    scenario.gates.compactMap { gate in
      do throws(Diagnostic) {
        try check(gate)
        return nil
      } catch { return error }
    }
  }

  private func check(_ gate: Gate) throws(Diagnostic) {
    let expression = try GateExpression(gate)
    let spelled = expression.metric.replacing("gpus", with: "chips")
    guard let metric = metrics.first(where: { $0.name == spelled }) else {
      throw GateMetric.unknown(expression.metric, gate, among: metrics.map(\.name))
    }
    let limit = GateQuantity(expression.limit, currency: scenario.fleet.currency)
    guard limit.map({ metric.accepts($0, isDelta: expression.isDelta) }) == true else {
      throw metric.wrongLimit(expression, gate, currency: scenario.fleet.currency)
    }
    for selector in expression.selectors {
      let key = selector.key == "pool" ? "service" : selector.key
      guard metric.keys.contains(key) else { throw metric.unknownKey(selector, gate) }
      let known = members[key] ?? []
      guard selector.isEvery || known.contains(selector.value) else {
        throw GateMetric.nothingSelected(selector, known, gate)
      }
    }
    try checkTogether(expression.selectors, gate)
  }

  /// Site, pod and chip that are selected together must belong to one pod.
  private func checkTogether(_ selectors: [GateExpression.Selector], _ gate: Gate) throws(Diagnostic) {
    var pods = scenario.fleet.pods
    for selector in selectors where !selector.isEvery {
      let left = pods.filter { pod in
        switch selector.key {
        case "site": pod.site == selector.value
        case "pod": pod.id == selector.value
        case "chip": pod.chip == selector.value
        default: true
        }
      }
      // A site without pods draws power all the same.
      guard !left.isEmpty || selector.key == "site" && selectors.count == 1 else {
        throw GateMetric.nothingSelected(selector, pods.map(\.id), gate)
      }
      pods = left
    }
  }

  /// `slo.ttft.p99` for every percentile and metric that a service promises.
  private static func latencies(_ scenario: Scenario) -> [GateMetric] {
    let names = scenario.services.flatMap { service in
      let slo = service.slo
      let promised = [("ttft", slo.ttft), ("tpot", slo.tpot), ("e2e", slo.endToEnd)].filter { $0.1 != nil }
      return promised.map { GateMetric.latencyName($0.0, percentile: slo.percentile) }
    }
    return unique(names).map {
      GateMetric(name: $0, dimension: .seconds, combination: .each, keys: ["month", "service"]) { _ in [] }
    }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
