import FleetData

/// Forecast and Tokens: months, and what a token costs.
extension CapacityModel {
  enum F: Int {
    case month, hours, requests, used, installed, short, compute, energy, other, total, factor, present,
      budget, over
    case verdict, runTotal, firstPod
  }

  mutating func forecastSheet(_ costs: Sheet, _ inventory: Sheet) -> Sheet {
    let pods = shownPods()
    let hasOther = plan.pods.count > pods.count
    var sheet = Sheet(
      "Forecast", title: "Forecast by month",
      note: "One row for each month; the budget may be edited month by month or on Inputs.",
      columns: forecastColumns(pods, hasOther))
    sheet.alarmColumns = [F.short.rawValue, F.over.rawValue]
    for month in plan.months { sheet.append(forecastCells(month, sheet, costs, pods, hasOther)) }
    addForecastCharts(&sheet, pods.count + (hasOther ? 1 : 0))
    return sheet
  }

  /// The pods with most chips in use over the horizon; eight fit a chart.
  private func shownPods() -> [String] {
    let ranked = PlanView.ranked(plan.inventory, by: \.pod) { Double($0.used) }.map(\.name)
    return Array(ranked.prefix(8))
  }

  private func forecastColumns(_ pods: [String], _ hasOther: Bool) -> [SheetColumn] {
    var columns: [SheetColumn] = [
      .init("Month"), .init("Length", .simulator, .decimal1, unit: "hours"),
      .init("Requests", .link, .decimal2, unit: "per second"), .init("Chips used", .link, .integer),
      .init("Chips installed", .link, .integer), .init("Short by", .link, .integer, unit: "chips"),
      .init("Chips", .link, .dollars, unit: money), .init("Energy", .link, .dollars, unit: money),
      .init("Other", .link, .dollars, unit: money), .init("Total", .link, .dollars, unit: money),
      .init("Discount factor", .calculation, .decimal3),
      .init("Present value", .calculation, .dollars, unit: money),
      .init("Budget", .link, .dollars, unit: money),
      .init("Over budget by", .calculation, .dollars, unit: money),
      .init("Verdict", .calculation), .init("Run total", .simulator, .dollars, unit: money),
    ]
    columns += pods.map { .init("Chips in \(SafeText.line($0, limit: 40))", .link, .integer) }
    if hasOther { columns.append(.init("Chips in other pods", .calculation, .integer)) }
    return columns
  }

  private func forecastCells(
    _ month: Plan.Month, _ sheet: Sheet, _ costs: Sheet, _ pods: [String], _ hasOther: Bool
  ) -> [SheetCell] {
    let r = sheet.rows.count
    func at(_ column: F, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let rows = monthRows[month.index] ?? 0..<0
    let total = monthSums[month.index]?.total ?? .literal(0)
    let compute = categorySum("compute", .compute, month, costs, rows)
    let energy = categorySum("energy", .energy, month, costs, rows)
    let other =
      categorySum("facility", .facility, month, costs, rows)
      + categorySum("network", .network, month, costs, rows)
    let used = stockSum(month, V.used) { Double($0.used) }
    let installed = stockSum(month, V.installed) { Double($0.installed) }
    let short = stockSum(month, V.short) { Double(max(0, $0.used - $0.installed)) }
    let factor = discountRate.map {
      Live.power(.literal(1) + $0, .literal(-Double(month.index)) / .literal(12))
    }.flatMap { $0.reproducing(month.discountFactor) }
    let present = at(.total, total.value) * at(.factor, factor?.value ?? month.discountFactor)
    var cells: [SheetCell] = [
      .text(month.label), .number(month.hours), .live(requests(month)), .live(used), .live(installed),
      .live(short),
      .live(compute), .live(energy), .live(other), .live(total),
      factor.map { .live($0) } ?? .number(month.discountFactor, .simulator), .live(present),
    ]
    cells += budgetCells(month, at(.total, total.value), at(.budget, month.budget ?? 0), at(.over, 0))
    cells.append(.number(month.totalCost))
    cells += podCells(month, sheet, pods, hasOther, used: at(.used, used.value))
    return cells
  }

  private func budgetCells(_ month: Plan.Month, _ total: Live, _ limit: Live, _ over: Live) -> [SheetCell] {
    guard let amount = month.budget else { return [.text("none"), .empty, .text("")] }
    let excess = Live.max(.literal(0), total - limit)
    let verdict = LiveText.choose(
      .isOver(Live.closed(over.formula, excess.value), .literal(0)), .word("OVER"), .word("within"))
    return [budget.map { .live($0) } ?? .number(amount, .input), .live(excess), .words(verdict)]
  }

  private func podCells(
    _ month: Plan.Month, _ sheet: Sheet, _ pods: [String], _ hasOther: Bool, used: Live
  ) -> [SheetCell] {
    let shown = pods.map { stock[MonthKey(month: month.index, name: $0)]?.used ?? .literal(0) }
    var cells = shown.map { SheetCell.live($0) }
    if hasOther {
      let first = Sheet.a1(Sheet.firstRow + sheet.rows.count, F.firstPod.rawValue)
      let last = Sheet.a1(Sheet.firstRow + sheet.rows.count, F.firstPod.rawValue + pods.count - 1)
      let sum = Live.closed("SUM(Forecast!\(first):\(last))", shown.reduce(0) { $0 + $1.value })
      cells.append(.live(used - sum))
    }
    return cells
  }

  private func categorySum(
    _ name: StaticString, _ category: Plan.CostLine.Category, _ month: Plan.Month, _ costs: Sheet,
    _ rows: Range<Int>
  ) -> Live {
    guard !rows.isEmpty else { return .literal(0) }
    let sum = view.cost(month.index) { $0.category == category }
    let amounts = costs.range(K.cost.rawValue, rows)
    return .closed("SUMIFS(\(amounts),\(costs.range(K.category.rawValue, rows)),\"\(name)\")", sum)
  }

  /// Rows of one month are one run on Demand and Inventory when the plan is sorted by month, else summed one by one.
  private func requests(_ month: Plan.Month) -> Live {
    let rows = plan.demand.indices.filter { plan.demand[$0].month == month.index }
    let sum = rows.reduce(0.0) { $0 + plan.demand[$1].requestsPerSecond }
    return Self.total("Demand", D.now.rawValue, rows, sum)
  }

  private func stockSum(_ month: Plan.Month, _ column: V, _ value: (Plan.InventoryRow) -> Double) -> Live {
    let rows = plan.inventory.indices.filter { plan.inventory[$0].month == month.index }
    return Self.total("Inventory", column.rawValue, rows, rows.reduce(0.0) { $0 + value(plan.inventory[$1]) })
  }

  static func total(_ sheet: String, _ column: Int, _ rows: [Int], _ sum: Double) -> Live {
    guard let first = rows.first, let last = rows.last else { return .literal(0) }
    func cell(_ row: Int) -> String { Sheet.a1(Sheet.firstRow + row, column) }
    if last - first == rows.count - 1 { return .closed("SUM(\(sheet)!\(cell(first)):\(cell(last)))", sum) }
    let months = "\(sheet)!\(Sheet.a1(Sheet.firstRow + first, 0)):\(Sheet.a1(Sheet.firstRow + last, 0))"
    let month = "\(sheet)!\(Sheet.a1(Sheet.firstRow + first, 0))"
    return .closed("SUMIFS(\(sheet)!\(cell(first)):\(cell(last)),\(months),\(month))", sum)
  }

  private func addForecastCharts(_ sheet: inout Sheet, _ pods: Int) {
    let rows = 0..<plan.months.count
    let below = rows.count + 2
    sheet.charts = [
      SheetChart(
        kind: .line, title: "Cost against budget", xTitle: "Month", yTitle: "Cost (\(money) per month)",
        source: "Forecast", rows: rows, categories: 0,
        series: [.init(column: F.total.rawValue)]
          + (plan.months.contains { $0.budget != nil }
            ? [.init(column: F.budget.rawValue, isReference: true)] : []),
        row: below, side: 0, altText: "Monthly cost against the budget", format: .dollars),
      SheetChart(
        kind: .line, title: "Chips used and installed", xTitle: "Month", yTitle: "Chips", source: "Forecast",
        rows: rows,
        categories: 0,
        series: [.init(column: F.used.rawValue), .init(column: F.installed.rawValue, isReference: true)],
        row: below, side: 1, altText: "Chips used against chips installed"),
    ]
  }

  mutating func tokensSheet(_ costs: Sheet) -> Sheet {
    var sheet = Sheet(
      "Tokens", title: "What a token costs",
      note:
        "Run values scaled by the service's cost now and its demand now; used counts busy chip time only.",
      columns: [
        .init("Month"), .init("Service"), .init("Run cost", .simulator, .dollars, unit: money),
        .init("Cost", .link, .dollars, unit: money), .init("Scale", .calculation, .decimal3),
        .init("Run, allocated", .simulator, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Allocated", .calculation, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Run, used", .simulator, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Used", .calculation, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Input", .simulator, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Output", .simulator, .dollarsCents, unit: "\(money)/M tokens"),
        .init("Compute", .simulator, .scientific, unit: "\(money)/FLOP"),
        .init("Energy", .simulator, .decimal3, unit: "J/token"),
      ])
    sheet.frozenColumns = 2
    for line in plan.costs {
      guard let service = line.service else { continue }
      serviceCosts[MonthKey(month: line.month, name: service), default: 0] += line.cost
    }
    for row in plan.unitCosts { sheet.append(tokenCells(row, sheet, costs)) }
    return sheet
  }

  private func tokenCells(_ row: Plan.UnitCost, _ sheet: Sheet, _ costs: Sheet) -> [SheetCell] {
    let r = sheet.rows.count
    let run = serviceCosts[MonthKey(month: row.month, name: row.service)] ?? 0
    let rows = monthRows[row.month] ?? 0..<0
    var cost = Live.closed(sheet.reference(r, 2), run)
    if !rows.isEmpty, rows.count <= 400 {
      let isService = "EXACT(\(costs.range(K.service.rawValue, rows)),\(sheet.reference(r, 1)))"
      cost = .closed("SUMPRODUCT(\(isService)*\(costs.range(K.cost.rawValue, rows)))", run)
    }
    var scale = Live.share(sheet.live(r, 3, run), of: sheet.live(r, 2, run))
    if let demand = demand[MonthKey(month: row.month, name: row.service)], demand.run.value > 0 {
      scale = scale / (demand.now / demand.run)
    }
    let ratio = sheet.live(r, 4, scale.value)
    return [
      .text(view.label(row.month)), .text(row.service), .number(run), .live(cost), .live(scale),
      .number(row.usdPerMillionTokens), .live(sheet.live(r, 5, row.usdPerMillionTokens) * ratio),
      .number(row.usedUSDPerMillionTokens), .live(sheet.live(r, 7, row.usedUSDPerMillionTokens) * ratio),
      .number(row.usdPerMillionInputTokens), .number(row.usdPerMillionOutputTokens), .number(row.usdPerFLOP),
      .number(row.joulesPerToken),
    ]
  }
}
