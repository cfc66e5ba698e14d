import FleetData

/// The what-if workbook: both sides beside each other, with live differences, bridge and verdict.
public enum WhatIfWorkbook {
  /// - Throws: `WorkbookError` when a number is not finite or the file cannot be written.
  public static func write(_ comparison: Comparison, to path: String) throws(WorkbookError) {
    try XLSXWriter.write(workbook(comparison), to: path)
  }

  static func workbook(_ comparison: Comparison) -> Workbook {
    var book = Workbook(
      title: "What changes: \(comparison.baseline.name) to \(comparison.candidate.name)",
      subject: "\(comparison.baseline.id) to \(comparison.candidate.id)", currency: comparison.currency)
    let bridge = bridgeSheet(comparison)
    let months = monthsSheet(comparison)
    let deltas = deltasSheet(comparison)
    let gates = gatesSheet(comparison)
    let checks = checksSheet(comparison, bridge, months, deltas)
    let verdict = verdictSheet(comparison, months, gates, checks)
    book.sheets = [verdict]
    if !comparison.changes.isEmpty { book.sheets.append(changesSheet(comparison)) }
    book.sheets += [bridge, deltas, gates, months]
    if !comparison.levels.isEmpty { book.sheets.append(levelsSheet(comparison)) }
    book.sheets += [inputsSheet(comparison), checks, provenanceSheet(comparison)]
    book.define("out_base_cost", verdict, row: 0, column: 1)
    book.define("out_candidate_cost", verdict, row: 0, column: 2)
    book.define("out_change", verdict, row: 0, column: 3)
    book.define("chk_total", checks, row: checks.rows.count - 1, column: 4)
    return book
  }

  private static func verdictSheet(_ comparison: Comparison, _ months: Sheet, _ gates: Sheet, _ checks: Sheet)
    -> Sheet
  {
    let money = ComparisonDocument.money(comparison)
    var sheet = Sheet(
      "Verdict",
      title:
        "What changes: \(SafeText.line(comparison.baseline.name)) to \(SafeText.line(comparison.candidate.name))",
      note: comparison.sentence,
      columns: [
        .init("Result"), .init("Before", .link, .dollars), .init("After", .link, .dollars),
        .init("Change", .calculation, .dollars), .init("Share", .calculation, .percent), .init("Unit"),
        .init("Direction", .calculation),
      ])
    sheet.hasFilter = false
    let rows = 0..<comparison.months.count
    let count = Double(max(1, comparison.months.count))
    let sums = [1, 2].map { column in
      months.sum(
        column, rows, comparison.months.reduce(0) { $0 + (column == 1 ? $1.baseCost : $1.candidateCost) })
    }
    appendDelta(
      &sheet, "Mean monthly cost", sums[0] / .literal(count), sums[1] / .literal(count), .dollars,
      "\(money) per month")
    appendDelta(&sheet, "Cost over the horizon", sums[0], sums[1], .dollars, money)
    let peaks = [4, 5].map { column in
      Live.closed(
        "MAX(\(months.range(column, rows.isEmpty ? 0..<1 : rows)))",
        Double(comparison.months.map { column == 4 ? $0.baseChips : $0.candidateChips }.max() ?? 0))
    }
    appendDelta(&sheet, "Chips at the peak", peaks[0], peaks[1], .integer, "chips")
    let failed = comparison.gates.count { $0.status == .fail }
    sheet.append([
      .text("Gates that fail"), .empty,
      comparison.gates.isEmpty
        ? .number(0, .simulator, .integer)
        : .live(
          .closed("COUNTIF(\(gates.range(2, 0..<comparison.gates.count)),\"fail\")", Double(failed)), .link,
          .integer), .empty, .empty,
      .text("gates"), .text(""),
    ])
    sheet.append([
      .text("Errors on Checks"), .empty, .live(checks.live(checks.rows.count - 1, 4, 0), .link, .integer),
      .empty, .empty,
      .text("errors"), .text(""),
    ])
    for note in comparison.notes { sheet.append([.text(note)] + Array(repeating: .empty, count: 6)) }
    sheet.charts = [
      bridgeChart(comparison, row: sheet.rows.count + 1, side: 0),
      monthChart(comparison, row: sheet.rows.count + 1),
    ]
    return sheet
  }

  private static func appendDelta(
    _ sheet: inout Sheet, _ name: String, _ before: Live, _ after: Live, _ format: NumberFormat,
    _ unit: String
  ) {
    let r = sheet.rows.count
    let (a, b) = (sheet.live(r, 1, before.value), sheet.live(r, 2, after.value))
    let change = b - a
    let delta = sheet.live(r, 3, change.value)
    let direction = LiveText.choose(
      .isOver(delta, .literal(0)), .word("more"),
      .choose(.isOver(.literal(0), delta), .word("less"), .word("same")))
    sheet.append([
      .text(name), .live(before, .link, format), .live(after, .link, format),
      .live(change, .calculation, format),
      .live(.share(delta, of: a)), .text(unit), .words(direction),
    ])
  }

  private static func bridgeSheet(_ comparison: Comparison) -> Sheet {
    let money = ComparisonDocument.money(comparison)
    var sheet = Sheet(
      "Bridge", title: "From the baseline to the candidate",
      note:
        "Mean month: the baseline, price drift, each change, what remains, the candidate. The steps add up; see Checks.",
      columns: [
        .init("Step"), .init("Kind"), .init("Amount", .simulator, .dollars, unit: money),
        .init("Running total", .calculation, .dollars, unit: money),
        .init("Foot", .calculation, .dollars, unit: money),
        .init("Total", .calculation, .dollars, unit: money),
        .init("More", .calculation, .dollars, unit: money),
        .init("Less", .calculation, .dollars, unit: money),
        .init("More, below zero", .calculation, .dollars, unit: money),
        .init("Less, below zero", .calculation, .dollars, unit: money),
      ])
    sheet.hasFilter = false
    var running = 0.0
    for step in comparison.bridge {
      let r = sheet.rows.count
      let isTotal = step.kind == .baseline || step.kind == .candidate
      let amount = sheet.live(r, 2, step.amount)
      let previous = sheet.live(max(0, r - 1), 3, running)
      let total = r == 0 || isTotal ? amount : previous + amount
      let now = sheet.live(r, 3, total.value)
      let zero = Live.literal(0)
      // Between the two totals: the foot is what both have on the same side of zero, and a bar that crosses zero has
      // a part on each side.
      let (low, high) = (Live.min(previous, now), Live.max(previous, now))
      let foot = isTotal ? zero : Live.max(zero, low) + Live.min(zero, high)
      let above = Live.max(zero, high) - Live.max(zero, low)
      let below = Live.min(zero, low) - Live.min(zero, high)
      let rises = LiveTest.isOver(amount, zero)
      func part(_ size: Live, whenRising: Bool) -> SheetCell {
        guard !isTotal else { return .live(zero) }
        return .live(whenRising ? .choose(rises, size, zero) : .choose(rises, zero, size))
      }
      sheet.append([
        .text(step.name), .text(step.kind.rawValue.replacing("_", with: " ")), .number(step.amount),
        .live(total),
        .live(foot), .live(isTotal ? amount : zero), part(above, whenRising: true),
        part(above, whenRising: false), part(below, whenRising: true), part(below, whenRising: false),
      ])
      running = total.value
    }
    sheet.charts = [bridgeChart(comparison, row: sheet.rows.count + 2, side: 0)]
    return sheet
  }

  private static func bridgeChart(_ comparison: Comparison, row: Int, side: Int) -> SheetChart {
    var total = 0.0
    let reachesBelow = comparison.bridge.contains { step in
      total = step.kind == .baseline || step.kind == .candidate ? step.amount : total + step.amount
      return total < 0
    }
    return SheetChart(
      kind: .stackedColumns, title: "Bridge: orange adds, green saves", xTitle: "Step",
      yTitle: "Mean monthly cost (\(ComparisonDocument.money(comparison)))", source: "Bridge",
      rows: 0..<comparison.bridge.count, categories: 0,
      series: [.init(column: 4, isFoot: true), .init(column: 5), .init(column: 6), .init(column: 7)]
        + (reachesBelow ? [.init(column: 8, colour: 1), .init(column: 9, colour: 2)] : []),
      row: row, side: side,
      altText: "Waterfall from the baseline's to the candidate's mean monthly cost", format: .dollars,
      axisMinimum: reachesBelow ? nil : 0)
  }

  private static func monthChart(_ comparison: Comparison, row: Int) -> SheetChart {
    SheetChart(
      kind: .line, title: "Cost by month", xTitle: "Month",
      yTitle: "Cost (\(ComparisonDocument.money(comparison)) per month)",
      source: "Forecast", rows: 0..<comparison.months.count, categories: 0,
      series: [.init(column: 1, isReference: true), .init(column: 2)], row: row, side: 1,
      altText: "Monthly cost of baseline and candidate", format: .dollars)
  }

  private static func deltasSheet(_ comparison: Comparison) -> Sheet {
    let money = ComparisonDocument.money(comparison)
    var sheet = Sheet(
      "Deltas", title: "By service", note: "Largest change first; a share of nothing reads new.",
      columns: [
        .init("Service"), .init("Before", .simulator, .dollars, unit: "\(money)/month"),
        .init("After", .simulator, .dollars, unit: "\(money)/month"),
        .init("Change", .calculation, .dollars, unit: "\(money)/month"),
        .init("Share", .calculation, .percent), .init("Chips before", .simulator, .integer),
        .init("Chips after", .simulator, .integer), .init("Chips", .calculation, .integer, unit: "change"),
        .init("Latency before", .simulator, .percent, unit: "of target"),
        .init("Latency after", .simulator, .percent, unit: "of target"), .init("Status"),
      ])
    for row in comparison.rows {
      let r = sheet.rows.count
      let (a, b) = (sheet.live(r, 1, row.baseCost), sheet.live(r, 2, row.candidateCost))
      let (m, n) = (sheet.live(r, 5, Double(row.baseChips)), sheet.live(r, 6, Double(row.candidateChips)))
      let change = sheet.live(r, 3, row.delta)
      sheet.append([
        .text(row.service), .number(row.baseCost), .number(row.candidateCost), .live(b - a),
        row.baseCost == 0 ? .text("new") : .live(change / a), .count(row.baseChips),
        .count(row.candidateChips), .live(n - m),
        .optional(row.baseLatencyShare), .optional(row.candidateLatencyShare), .text(row.status.rawValue),
      ])
    }
    return sheet
  }
}
