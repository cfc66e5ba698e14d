import FleetData

/// Latency, Options, Sensitivity, Gates and Provenance.
extension CapacityModel {
  enum L: Int {
    case id, month, service, metric, percentile, target, result, low, high, requests, share, lowShare,
      highShare
    case verdict, runTarget, runVerdict, stale, note
  }

  mutating func latencySheet() -> Sheet {
    var sheet = Sheet(
      "Latency", title: "Latency against its promise",
      note:
        "Results are simulated, with 95% intervals. Targets may be edited; a result is stale once demand or the cap is.",
      columns: [
        .init("Promise"), .init("Month"), .init("Service"), .init("Metric"),
        .init("Percentile", .simulator, .percent),
        .init("Target", .input, .decimal3, unit: "s"), .init("Result", .simulator, .decimal3, unit: "s"),
        .init("Low 95%", .simulator, .decimal3, unit: "s"),
        .init("High 95%", .simulator, .decimal3, unit: "s"),
        .init("Requests", .simulator, .integer), .init("Share of target", .calculation, .percent),
        .init("Low share", .calculation, .percent), .init("High share", .calculation, .percent),
        .init("Verdict", .calculation), .init("Run target", .simulator, .decimal3, unit: "s"),
        .init("Run verdict", .simulator), .init("Stale", .calculation), .init("Note"),
      ])
    let worst = view.worstLevels
    let first = Set(worst.map(\.id))
    let rest = plan.serviceLevels.filter { !first.contains($0.id) }
    for row in (worst + rest).prefix(Self.lineLimit) { sheet.append(levelCells(row, sheet)) }
    return sheet
  }

  /// Shown on Summary, for the sheet itself is long.
  func levelChart() -> SheetChart {
    SheetChart(
      kind: .interval, title: "Worst month of each promise, 95% interval", xTitle: "Service and promise",
      yTitle: "Share of the promised latency (100% = promise)", source: "Latency",
      rows: 0..<Swift.min(view.worstLevels.count, 16),
      categories: L.id.rawValue,
      series: [
        .init(column: L.lowShare.rawValue), .init(column: L.share.rawValue),
        .init(column: L.highShare.rawValue),
      ],
      row: 0, side: 0, altText: "Latency as a share of its promise with its 95% interval", format: .percent)
  }

  private func levelCells(_ row: Plan.ServiceLevelRow, _ sheet: Sheet) -> [SheetCell] {
    let r = sheet.rows.count
    func at(_ column: L, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let target = at(.target, row.targetSeconds)
    let judged = LiveText.choose(
      .isAtMost(at(.high, row.result.high), target), .word("pass"),
      .choose(.isOver(at(.low, row.result.low), target), .word("fail"), .word("inconclusive")))
    let runVerdict = LiveText.cell(sheet.reference(r, L.runVerdict.rawValue), row.verdict.rawValue)
    let verdict = LiveText.choose(.equals(target, at(.runTarget, row.targetSeconds)), runVerdict, judged)
    let stale = LiveText.choose(.isOver(simulatorEdits, .literal(0)), .word("RE-RUN NEEDED"), .word(""))
    return [
      .text("\(row.service) \(PlanView.metricName(row))"), .text(view.label(row.month)), .text(row.service),
      .text(row.metric), .number(row.percentile), .number(row.targetSeconds), .number(row.result.value),
      .number(row.result.low), .number(row.result.high), .count(row.requests),
      .live(at(.result, row.result.value) / target), .live(at(.low, row.result.low) / target),
      .live(at(.high, row.result.high) / target), .words(verdict), .number(row.targetSeconds),
      .text(row.verdict.rawValue), .words(stale), .text(row.note ?? ""),
    ]
  }

  func optionsSheet() -> Sheet {
    var sheet = Sheet(
      "Options", title: "Options compared", note: "Other plans that were possible, and what each gives up.",
      columns: [
        .init("Option"), .init("Cost", .simulator, .dollars, unit: "\(money)/month"),
        .init("Chips", .simulator, .integer),
        .init("Carbon", .simulator, .decimal1, unit: "t CO2/month"), .init("Gives up"), .init("Chosen"),
      ])
    for row in plan.alternatives {
      sheet.append([
        .text(row.name), .optional(row.monthlyCost), .optional(row.chips.map(Double.init)),
        .optional(row.carbonKilograms.map { $0 / 1000 }),
        .text(row.givesUp), .text(row.chosen ? "yes" : ""),
      ])
    }
    return sheet
  }

  func sensitivitySheet() -> Sheet {
    var sheet = Sheet(
      "Sensitivity", title: "What moves the monthly cost",
      note: "Each row is a run of its own with one driver changed.",
      columns: [
        .init("Driver"), .init("Low"), .init("High"), .init("Cost at low", .simulator, .dollars, unit: money),
        .init("Base", .simulator, .dollars, unit: money),
        .init("Cost at high", .simulator, .dollars, unit: money),
        .init("Swing", .calculation, .dollars, unit: money),
        .init("Foot", .calculation, .dollars, unit: money),
        .init("Below base", .calculation, .dollars, unit: money),
        .init("Above base", .calculation, .dollars, unit: money),
      ])
    for row in plan.sensitivity.sorted(by: { PlanView.swing($0) > PlanView.swing($1) }) {
      let r = sheet.rows.count
      func at(_ column: Int, _ value: Double) -> Live { sheet.live(r, column, value) }
      let (low, base, high) = (at(3, row.costAtLow), at(4, row.baseCost), at(5, row.costAtHigh))
      let least = Live.min(.min(low, base), high)
      sheet.append([
        .text(row.driver), .text(row.low), .text(row.high), .number(row.costAtLow), .number(row.baseCost),
        .number(row.costAtHigh), .live((high - low).magnitude), .live(least),
        .live(base - at(7, least.value)),
        .live(Live.max(.max(low, base), high) - base),
      ])
    }
    let least = plan.sensitivity.map { Swift.min($0.costAtLow, $0.baseCost, $0.costAtHigh) }.min() ?? 0
    let most = plan.sensitivity.map { Swift.max($0.costAtLow, $0.baseCost, $0.costAtHigh) }.max() ?? 1
    let ticks = Ticks.linear(least, most)
    sheet.charts = [
      SheetChart(
        kind: .stackedBars, title: "What moves the monthly cost: blue below, orange above the base",
        xTitle: "Driver",
        yTitle: "Cost (\(money) per month), axis starts at \(Ticks.short(ticks.low))", source: "Sensitivity",
        rows: 0..<Swift.min(sheet.rows.count, 14), categories: 0,
        series: [.init(column: 7, isFoot: true), .init(column: 8), .init(column: 9)],
        row: sheet.rows.count + 2, side: 0,
        altText: "Cost at the low and high of each driver, around the base", format: .dollars,
        axisMinimum: Swift.max(0, ticks.low))
    ]
    return sheet
  }

  func gatesSheet() -> Sheet {
    var sheet = Sheet(
      "Gates", title: "Gates",
      note: "Judged on the run's unrounded values; run the planner again after edits.",
      columns: [
        .init("Gate"), .init("Condition"), .init("Status", .simulator),
        .init("Value", .simulator, .significant3),
        .init("Low 95%", .simulator, .significant3), .init("High 95%", .simulator, .significant3),
        .init("Limit", .simulator, .significant3), .init("Unit"), .init("Severity"), .init("Owner"),
        .init("Why"),
        .init("Detail"),
      ])
    for row in plan.gates {
      sheet.append([
        .text(row.gate.name), .text(row.gate.expression), .text(row.status.rawValue), .number(row.value),
        .optional(row.low), .optional(row.high), .number(row.limit), .text(row.unit),
        .text(row.gate.severity.rawValue),
        .text(row.gate.owner ?? ""), .text(row.gate.why ?? ""), .text(row.detail),
      ])
    }
    return sheet
  }

  func provenanceSheet() -> Sheet {
    var sheet = Sheet(
      "Provenance", title: "Where this came from",
      note: "The same files, seed and version give the same plan id.",
      columns: [.init("What"), .init("Value"), .init("Detail")])
    sheet.showsKinds = false
    sheet.hasFilter = false
    let facts = [
      ("plan id", plan.id, ""), ("schema", plan.schema, ""), ("fleetplan", plan.toolVersion, ""),
      ("seed", String(plan.seed), ""), ("currency", plan.currency, ""),
      ("solver", plan.solver.solver, "relative gap \(view.number.text(plan.solver.relativeGap, .percent))"),
    ]
    for fact in facts { sheet.append([.text(fact.0), .text(fact.1), .text(fact.2)]) }
    for source in plan.sources {
      sheet.append([.text("input, SHA-256"), .text(source.path), .text(source.sha256)])
    }
    for row in plan.dataQuality {
      let reasons = (row.firstRejections + row.notes).joined(separator: "; ")
      sheet.append([
        .text("trace"), .text(row.trace),
        .text("\(row.format): \(row.accepted) rows read, \(row.rejected) rejected. \(reasons)"),
      ])
    }
    for check in plan.checks {
      sheet.append([
        .text("law checked"), .text(check.name),
        .text("\(check.passed ? "holds" : "BROKEN"): \(check.detail)"),
      ])
    }
    return sheet
  }
}
