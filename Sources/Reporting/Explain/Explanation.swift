import FleetData

/// Where one number of a plan comes from: its formula, its operands, its source and its grade.
public struct Explanation: Codable, Sendable, Hashable {
  public struct Operand: Codable, Sendable, Hashable {
    /// The id that explains this operand in turn, or a name.
    public var id: String
    public var value: String
    public init(_ id: String, _ value: String) {
      self.id = id
      self.value = value
    }
  }

  public var schema = "explanation/1"
  public var id: String
  public var value: String
  public var unit: String
  /// Written with the operands' ids.
  public var formula: String
  public var operands: [Operand]
  public var grade: Grade?
  public var source: String?
  public var asOf: String?
  /// `scenario.yaml:9:13`, where the value was written.
  public var location: String?
  public var isDefault: Bool?

  init(
    id: String, value: String, unit: String, formula: String, operands: [Operand] = [], grade: Grade? = nil,
    source: String? = nil, asOf: String? = nil, location: String? = nil, isDefault: Bool? = nil
  ) {
    self.id = id
    self.value = value
    self.unit = unit
    self.formula = formula
    self.operands = operands
    self.grade = grade
    self.source = source
    self.asOf = asOf
    self.location = location
    self.isDefault = isDefault
  }

  /// For a terminal.
  public var text: String {
    var lines = ["\(id) = \(value)\(unit.isEmpty ? "" : " \(unit)")", "  \(formula)"]
    for operand in operands { lines.append("    \(operand.id) = \(operand.value)") }
    if let grade { lines.append("  grade: \(grade.rawValue)") }
    if let source {
      lines.append("  source: \(source)" + (asOf.map { $0.isEmpty ? "" : ", as of \($0)" } ?? ""))
    }
    if let location { lines.append("  written at: \(location)") }
    if let isDefault { lines.append(isDefault ? "  a default, not yours" : "  given by you") }
    return lines.map { SafeText.line($0, limit: 2000) }.joined(separator: "\n") + "\n"
  }
}

extension Explanation {
  /// Explains an id of a plan, or says which ids it has that are near.
  public static func explain(_ id: String, in plan: Plan) throws(Diagnostic) -> Explanation {
    let all = ExplanationIndex(plan)
    if let found = all.find(id) { return found }
    let near = nearest(to: id, among: all.ids)
    let kinds =
      "an input, months.MONTH.total_cost, services.NAME.cost.MONTH, services.NAME.price_per_million_tokens.MONTH, "
      + "pods.POD.price, pods.POD.chips_used.MONTH, sites.SITE.power.MONTH, gates.NAME, or the id of a cost line, "
      + "deployment or promise"
    throw Diagnostic("the plan has no '\(id)'", expected: kinds, help: near.map { "did you mean '\($0)'?" })
  }
}

/// The numbers of a plan by id.
struct ExplanationIndex {
  let plan: Plan
  let view: PlanView

  init(_ plan: Plan) {
    self.plan = plan
    view = PlanView(plan)
  }

  var ids: [String] {
    plan.inputs.map(\.id) + plan.months.map { "months.\($0.label).total_cost" }
      + plan.pods.map { "pods.\($0.id).price" }
      + plan.gates.map { "gates.\($0.gate.name)" } + plan.serviceLevels.map(\.id) + plan.deployments.map(\.id)
      + plan.costs.map(\.id) + sumIDs
  }

  func find(_ id: String) -> Explanation? {
    if let row = plan.inputs.first(where: { $0.id == id }) { return explain(row) }
    if let month = plan.months.first(where: { "months.\($0.label).total_cost" == id }) {
      return explain(month)
    }
    if let pod = plan.pods.first(where: { "pods.\($0.id).price" == id }) { return explain(pod) }
    if let gate = plan.gates.first(where: { "gates.\($0.gate.name)" == id }) { return explain(gate) }
    if let row = plan.serviceLevels.first(where: { $0.id == id }) { return explain(row) }
    if let row = plan.deployments.first(where: { $0.id == id }) { return explain(row) }
    if let row = plan.costs.first(where: { $0.id == id }) { return explain(row) }
    return findSum(id)
  }

  func show(_ x: Double) -> String { JSONNumber.text(JSONNumber.rounded(x)) }

  private func explain(_ row: Plan.InputRow) -> Explanation {
    let place = row.location.map { place in
      ([place.file] + [place.line, place.column].compactMap { $0.map(String.init) }).joined(separator: ":")
    }
    return Explanation(
      id: row.id, value: row.text ?? row.value.map(show) ?? "n/a", unit: row.text == nil ? row.unit : "",
      formula: "an input",
      grade: row.grade,
      source: row.source, asOf: row.asOf, location: place, isDefault: row.isDefault)
  }

  private func explain(_ month: Plan.Month) -> Explanation {
    let lines = (view.costs[month.index] ?? []).sorted { ($1.cost, $0.id) < ($0.cost, $1.id) }
    var operands = lines.prefix(20).map { Explanation.Operand($0.id, show($0.cost)) }
    let rest = lines.dropFirst(20)
    if !rest.isEmpty {
      operands.append(.init("\(rest.count) smaller lines", show(rest.reduce(0) { $0 + $1.cost })))
    }
    return Explanation(
      id: "months.\(month.label).total_cost", value: show(month.totalCost), unit: view.money,
      formula: "sum of the month's \(lines.count) cost lines", operands: operands, grade: .derived)
  }

  private func explain(_ pod: Plan.PodRow) -> Explanation {
    var operands: [Explanation.Operand] = []
    var formula = "the quoted rate (\(pod.term))"
    if let capital = pod.capitalUSDPerChip, let life = pod.depreciationMonths {
      formula =
        "capital × i / (1 − (1+i)^(−life/12 months)) / hours of a year; capital / life without interest"
      operands = [
        .init("capital per chip", show(capital)), .init("life, months", show(life)),
        .init("interest per year", show(pod.annualInterest ?? 0)),
      ]
    }
    return Explanation(
      id: "pods.\(pod.id).price", value: show(pod.usdPerChipHour), unit: "\(view.money)/chip-hour",
      formula: formula,
      operands: operands, grade: pod.grade, source: pod.source, asOf: pod.asOf)
  }

  private func explain(_ row: Plan.GateResult) -> Explanation {
    Explanation(
      id: "gates.\(row.gate.name)", value: row.status.rawValue, unit: "", formula: row.gate.expression,
      operands: [.init("value", view.gateValue(row)), .init("limit", view.amount(row.limit, row.unit))]
        + (row.detail.isEmpty ? [] : [.init("detail", row.detail)]),
      location: row.gate.location.map { "\($0.file):\($0.line ?? 1)" })
  }

  private func explain(_ row: Plan.ServiceLevelRow) -> Explanation {
    Explanation(
      id: row.id, value: show(row.result.value), unit: "s",
      formula: "\(PlanView.metricName(row)) of \(row.requests) simulated requests, with a 95% interval",
      operands: [
        .init("low", show(row.result.low)), .init("high", show(row.result.high)),
        .init("target", show(row.targetSeconds)),
        .init("verdict", row.verdict.rawValue),
      ], grade: .derived, source: row.note)
  }

  private func explain(_ row: Plan.Deployment) -> Explanation {
    let cap = plan.maxUtilization
    return Explanation(
      id: row.id, value: String(row.replicas), unit: "replicas of \(row.chipsPerReplica) chips",
      formula: "load / (capacity of a replica × utilisation cap), rounded up, and what the planner added",
      operands: [
        .init("load, requests/s", show(row.load)),
        .init("capacity of a replica, requests/s", show(row.capacityPerReplica)),
        .init("max_utilization", cap.map(show) ?? "not recorded"), .init("bound by", row.bound.rawValue),
        .init("sharding", CapacityModel.sharding(row.sharding)),
      ], grade: row.grade)
  }

  private func explain(_ row: Plan.CostLine) -> Explanation {
    var operands = [Explanation.Operand("quantity, \(row.quantityUnit)", show(row.quantity))]
    var formula = "quantity × unit price"
    switch row.category {
    case .compute: operands.append(.init("pods.\(row.pod).price", show(row.unitPrice)))
    case .energy:
      formula = "IT kWh × PUE × price of electricity (0 where the rent includes it)"
      if let it = row.itKWh { operands.insert(.init("IT kWh", show(it)), at: 0) }
      let site = plan.sites.first { $0.id == row.site }
      let isMean = site.map { abs($0.electricityUSDPerKWh - row.unitPrice) > 1e-12 } ?? false
      let name = "sites.\(row.site).electricity"
      operands.append(
        .init(isMean && row.unitPrice > 0 ? "\(name) in the hours it is drawn" : name, show(row.unitPrice)))
    case .facility, .network: operands.append(.init("unit price", show(row.unitPrice)))
    }
    let pod = plan.pods.first { $0.id == row.pod }
    return Explanation(
      id: row.id, value: show(row.cost), unit: view.money, formula: formula, operands: operands,
      grade: pod?.grade,
      source: pod?.source, asOf: pod?.asOf)
  }
}
