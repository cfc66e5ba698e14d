import FleetData

/// Cover and Summary: what the workbook is, and the numbers people ask for.
extension CapacityModel {
  var editStatus: LiveText {
    .choose(
      .isOver(simulatorEdits, .literal(0)),
      .word("RE-RUN NEEDED: growth or utilisation differs from the run; latency is stale"),
      .choose(
        .isOver(priceEdits, .literal(0)),
        .word("Prices or sites edited: costs follow, placement is the run's"),
        .word("As the planner ran it")))
  }

  func coverSheet(_ sheets: [Sheet]) -> Sheet {
    var sheet = Sheet(
      "Cover", title: "Capacity plan: \(SafeText.line(plan.name))",
      note: SafeText.line(plan.verdict.sentence, limit: 400),
      columns: [.init(""), .init(""), .init("")])
    sheet.showsKinds = false
    sheet.hasFilter = false
    sheet.frozenColumns = 0
    sheet.isOnePage = true
    func add(_ a: SheetCell, _ b: SheetCell = .empty, _ c: SheetCell = .empty) { sheet.append([a, b, c]) }
    add(
      .text("Checks"),
      .words(.choose(.equals(checkTotal, .literal(0)), .word("all pass"), .word("ERRORS: see Checks"))))
    add(.text("State"), .words(editStatus))
    add(
      .text("Plan"), .text(plan.id), .text("\(plan.schema), fleetplan \(plan.toolVersion), seed \(plan.seed)")
    )
    add(
      .text("Months"), .text("\(plan.months.first?.label ?? "none") to \(plan.months.last?.label ?? "none")"))
    add(.empty)
    add(
      .text("How to use"),
      .text("Edit yellow cells on Inputs, Prices, Sites and Latency; totals, charts and checks follow."))
    add(
      .empty,
      .text(
        "Latency and the capacity of a replica come from simulation: run the planner again after changing demand."
      ))
    add(.empty)
    for kind in CellKind.allCases where kind != .label {
      add(.text("Kind \(kind.rawValue)"), SheetCell(.text(kind.meaning), kind))
    }
    add(.empty)
    for other in sheets { add(.text("Sheet"), SheetCell(.jump(sheet: other.name)), .text(other.title)) }
    return sheet
  }

  mutating func summarySheet(
    _ forecast: Sheet, _ tokens: Sheet, _ levels: Sheet, _ power: Sheet, _ sensitivity: Sheet
  ) -> Sheet {
    var sheet = Sheet(
      "Summary", title: "Summary", note: SafeText.line(plan.verdict.sentence, limit: 400),
      columns: [
        .init("Result"), .init("Value", .link), .init("Unit"), .init("Run value", .simulator), .init("State"),
      ])
    sheet.hasFilter = false
    sheet.isOnePage = true
    appendMoney(&sheet, forecast)
    appendChips(&sheet, forecast)
    appendTokens(&sheet, tokens)
    sheet.append([
      .text("State of the workbook"), .words(editStatus), .text(""), .text("As the planner ran it"),
      .text(""),
    ])
    addSummaryCharts(&sheet, forecast, levels, power, sensitivity)
    return sheet
  }

  private mutating func appendResult(
    _ sheet: inout Sheet, _ name: String, _ key: String?, _ live: Live, _ format: NumberFormat, unit: String
  ) {
    let row = sheet.rows.count
    let now = sheet.live(row, 1, live.value)
    let run = sheet.live(row, 3, live.value)
    let tolerance = Live.literal(1e-9) * run.magnitude
    let state = LiveText.choose(.isAtMost((now - run).magnitude, tolerance), .word("as run"), .word("edited"))
    sheet.append([
      .text(name), .live(live, .link, format), .text(unit), .number(live.value, .simulator, format),
      .words(state),
    ])
    if let key { book.define(key, sheet, row: row, column: 1) }
  }

  private mutating func appendMoney(_ sheet: inout Sheet, _ forecast: Sheet) {
    let rows = 0..<plan.months.count
    guard let first = plan.months.first, let last = plan.months.last else { return }
    func total(_ m: Int, _ cost: Double) -> Live { forecast.live(m, F.total.rawValue, cost) }
    appendResult(
      &sheet, "Cost, \(first.label)", "out_first_month_cost", total(0, first.totalCost), .dollars,
      unit: "\(money) per month")
    appendResult(
      &sheet, "Cost, \(last.label)", "out_last_month_cost", total(rows.count - 1, last.totalCost), .dollars,
      unit: "\(money) per month")
    let sum = plan.months.reduce(0) { $0 + $1.totalCost }
    let present = plan.months.reduce(0) { $0 + $1.totalCost * $1.discountFactor }
    appendResult(
      &sheet, "Cost over \(rows.count) months", "out_total_cost", forecast.sum(F.total.rawValue, rows, sum),
      .dollars, unit: money)
    appendResult(
      &sheet, "Present value", "out_present_value", forecast.sum(F.present.rawValue, rows, present), .dollars,
      unit: money)
    let over = plan.months.count { month in month.budget.map { month.totalCost > $0 } ?? false }
    let column = forecast.range(F.over.rawValue, rows)
    appendResult(
      &sheet, "Months over budget", "out_months_over_budget",
      .closed("COUNTIF(\(column),\">0\")", Double(over)),
      .integer, unit: "months")
    appendEnergy(&sheet)
  }

  private mutating func appendEnergy(_ sheet: inout Sheet) {
    guard let first = plan.months.first, let sums = monthSums[first.index] else { return }
    appendResult(&sheet, "Energy at the meter, \(first.label)", nil, sums.energyKWh, .integer, unit: "kWh")
    appendResult(&sheet, "Carbon, \(first.label)", nil, sums.carbonKilograms, .integer, unit: "kg CO2")
  }

  private mutating func appendChips(_ sheet: inout Sheet, _ forecast: Sheet) {
    guard let first = plan.months.first, let last = plan.months.last else { return }
    let end = plan.months.count - 1
    func used(_ month: Plan.Month) -> Double {
      (view.inventory[month.index] ?? []).reduce(0.0) { $0 + Double($1.used) }
    }
    let installed = (view.inventory[last.index] ?? []).reduce(0.0) { $0 + Double($1.installed) }
    appendResult(
      &sheet, "Chips used, \(first.label)", "out_first_month_chips",
      forecast.live(0, F.used.rawValue, used(first)), .integer,
      unit: "chips")
    appendResult(
      &sheet, "Chips used, \(last.label)", "out_last_month_chips",
      forecast.live(end, F.used.rawValue, used(last)), .integer,
      unit: "chips")
    appendResult(
      &sheet, "Chips installed, \(last.label)", nil, forecast.live(end, F.installed.rawValue, installed),
      .integer, unit: "chips")
    let rows = 0..<plan.months.count
    let short = plan.months.count { month in
      (view.inventory[month.index] ?? []).contains { $0.used > $0.installed }
    }
    appendResult(
      &sheet, "Months short of chips", "out_months_short",
      .closed("COUNTIF(\(forecast.range(F.short.rawValue, rows)),\">0\")", Double(short)), .integer,
      unit: "months")
  }

  private mutating func appendTokens(_ sheet: inout Sheet, _ tokens: Sheet) {
    for (r, row) in plan.unitCosts.enumerated() where row.month == plan.months.first?.index && r < 12 {
      appendResult(
        &sheet, "Price of \(SafeText.line(row.service, limit: 60)), allocated", nil,
        tokens.live(r, 6, row.usdPerMillionTokens), .dollarsCents, unit: "\(money)/M tokens")
    }
  }

  private func addSummaryCharts(
    _ sheet: inout Sheet, _ forecast: Sheet, _ levels: Sheet, _ power: Sheet, _ sensitivity: Sheet
  ) {
    let months = 0..<plan.months.count
    let below = sheet.rows.count + 1
    let pods = forecast.columns.indices.filter { $0 >= F.firstPod.rawValue }.map {
      SheetChart.Series(column: $0)
    }
    var charts = [
      SheetChart(
        kind: .stackedColumns, title: "Chips by month and pod", xTitle: "Month", yTitle: "Chips",
        source: "Forecast",
        rows: months, categories: 0, series: pods, row: below, side: 0,
        altText: "Chips in use by month and pod"),
      SheetChart(
        kind: .stackedColumns, title: "Cost by month", xTitle: "Month", yTitle: "Cost (\(money) per month)",
        source: "Forecast", rows: months, categories: 0,
        series: [F.compute, .energy, .other].map { .init(column: $0.rawValue) }, row: below, side: 1,
        altText: "Cost by month: chips, energy, other", format: .dollars),
    ]
    charts += ([levelChart()] + forecast.charts.prefix(1) + sensitivity.charts).enumerated().map { i, chart in
      var chart = chart
      chart.row = below + 20 * (1 + i / 2)
      chart.side = i % 2
      return chart
    }
    let lastPower = plan.power.indices.filter { plan.power[$0].month == plan.months.last?.index }
    if let a = lastPower.first, let b = lastPower.last, b - a == lastPower.count - 1 {
      charts.append(
        SheetChart(
          kind: .columns, title: "Facility power and its cap, last month", xTitle: "Site",
          yTitle: "Power (kW)",
          source: "Power", rows: a..<Swift.min(b + 1, a + 16), categories: W.site.rawValue,
          series: [.init(column: W.facility.rawValue), .init(column: W.cap.rawValue, isReference: true)],
          row: below + 40, side: 1, altText: "Facility power beside its cap by site", format: .integer))
    }
    sheet.charts = charts.filter { !$0.rows.isEmpty && !$0.series.isEmpty }
  }
}
