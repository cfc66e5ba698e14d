import FleetData

/// Explanations of what is added up: a service's month, a token's price, a site's power, a pod's chips.
extension ExplanationIndex {
  /// Ids by kind and month: `services.chat.cost.2027-01`.
  var sumIDs: [String] {
    plan.unitCosts.flatMap { row in
      ["cost", "price_per_million_tokens"].map { "services.\(row.service).\($0).\(view.label(row.month))" }
    } + plan.power.map { "sites.\($0.site).power.\(view.label($0.month))" }
      + plan.inventory.map { "pods.\($0.pod).chips_used.\(view.label($0.month))" }
  }

  func findSum(_ id: String) -> Explanation? {
    if let row = plan.unitCosts.first(where: { "services.\($0.service).cost.\(view.label($0.month))" == id })
    {
      return explainCost(row, id)
    }
    if let row = plan.unitCosts.first(where: {
      "services.\($0.service).price_per_million_tokens.\(view.label($0.month))" == id
    }) {
      return explainPrice(row, id)
    }
    if let row = plan.power.first(where: { "sites.\($0.site).power.\(view.label($0.month))" == id }) {
      return explain(row, id)
    }
    if let row = plan.inventory.first(where: { "pods.\($0.pod).chips_used.\(view.label($0.month))" == id }) {
      return explain(row, id)
    }
    return nil
  }

  private func lines(_ service: String, _ month: Int) -> [Plan.CostLine] {
    (view.costs[month] ?? []).filter { $0.service == service }
      .sorted { ($1.cost, $0.id) < ($0.cost, $1.id) }
  }

  private func explainCost(_ row: Plan.UnitCost, _ id: String) -> Explanation {
    let lines = lines(row.service, row.month)
    return Explanation(
      id: id, value: show(lines.reduce(0) { $0 + $1.cost }), unit: view.money,
      formula: "sum of the service's \(lines.count) cost lines of the month",
      operands: lines.prefix(20).map { .init($0.id, show($0.cost)) }, grade: .derived)
  }

  private func explainPrice(_ row: Plan.UnitCost, _ id: String) -> Explanation {
    let month = view.label(row.month)
    let cost = lines(row.service, row.month).reduce(0) { $0 + $1.cost }
    return Explanation(
      id: id, value: show(row.usdPerMillionTokens), unit: "\(view.money)/M tokens",
      formula: "the service's cost of the month / its tokens of the month, input and output, × 1e6",
      operands: [
        .init("services.\(row.service).cost.\(month)", show(cost)),
        .init("tokens of the month", show(cost > 0 ? cost / row.usdPerMillionTokens * 1e6 : 0)),
        .init("of busy chip time only", show(row.usedUSDPerMillionTokens)),
      ], grade: .derived)
  }

  private func explain(_ row: Plan.PowerRow, _ id: String) -> Explanation {
    let site = plan.sites.first { $0.id == row.site }
    return Explanation(
      id: id, value: show(row.facilityWatts), unit: "W", formula: "IT power × PUE, against the site's cap",
      operands: [
        .init("IT power, W", show(row.itWatts)), .init("sites.\(row.site).pue", show(site?.pue ?? 1)),
        .init("sites.\(row.site).power_cap", show(row.capWatts)),
      ], grade: site?.grade, source: site?.source)
  }

  private func explain(_ row: Plan.InventoryRow, _ id: String) -> Explanation {
    let placed = (view.deployments[row.month] ?? []).filter { $0.pod == row.pod && $0.replicas > 0 }
    return Explanation(
      id: id, value: String(row.used), unit: "chips of \(row.installed)",
      formula: "sum of replicas × chips of a replica over the pod's deployments",
      operands: placed.prefix(20).map { .init($0.id, "\($0.replicas) × \($0.chipsPerReplica)") } + [
        .init("free", String(row.free)), .init("stranded, where no slice fits", String(row.stranded)),
      ], grade: .derived)
  }
}
