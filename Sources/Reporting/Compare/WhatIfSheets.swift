import FleetData

/// Gates, months, promises, changes, inputs, checks and both sides.
extension WhatIfWorkbook {
  /// Every edit of every change; its effect alone stands on the change's first row.
  static func changesSheet(_ comparison: Comparison) -> Sheet {
    let money = ComparisonDocument.money(comparison)
    var sheet = Sheet(
      "Changes", title: "Named changes, in order",
      note: "Marginal: what the change alone would do to the baseline. What they do together is on Bridge.",
      columns: [
        .init("Order", .simulator, .integer), .init("Change"), .init("Why"), .init("Author"), .init("Verb"),
        .init("Path"), .init("Before", .simulator), .init("After", .simulator),
        .init("Marginal cost", .simulator, .dollars, unit: "\(money)/month"),
        .init("Marginal chips", .simulator, .integer), .init("Note"),
      ])
    for (i, change) in comparison.changes.enumerated() {
      let edits = change.edits.isEmpty ? [.init(verb: "", path: "", before: "", after: "")] : change.edits
      for (k, edit) in edits.enumerated() {
        sheet.append([
          .count(i + 1), .text(change.name), .text(change.why ?? ""), .text(change.author ?? ""),
          .text(edit.verb), .text(edit.path), .text(edit.before), .text(edit.after),
          k == 0 ? .optional(change.marginalCost) : .empty,
          k == 0 ? .optional(change.marginalChips.map(Double.init)) : .empty, .text(change.note ?? ""),
        ])
      }
    }
    return sheet
  }

  static func levelsSheet(_ comparison: Comparison) -> Sheet {
    var sheet = Sheet(
      "SLO", title: "Latency against its promise",
      note: "Simulated, worst month of each promise; the closest to being broken first.",
      columns: [
        .init("Service"), .init("Promise"), .init("Target before", .simulator, .decimal3, unit: "s"),
        .init("Target after", .simulator, .decimal3, unit: "s"),
        .init("Before", .simulator, .decimal3, unit: "s"), .init("After", .simulator, .decimal3, unit: "s"),
        .init("Change", .calculation, .decimal3, unit: "s"), .init("Verdict before", .simulator),
        .init("Verdict after", .simulator),
      ])
    for row in comparison.levels.prefix(50_000) {
      let r = sheet.rows.count
      var change = SheetCell.empty
      if let a = row.baseSeconds, let b = row.candidateSeconds {
        change = .live(sheet.live(r, 5, b) - sheet.live(r, 4, a))
      }
      sheet.append([
        .text(row.service), .text(row.promise), .optional(row.baseTargetSeconds),
        .optional(row.candidateTargetSeconds), .optional(row.baseSeconds), .optional(row.candidateSeconds),
        change, .text(row.baseVerdict ?? "-"), .text(row.candidateVerdict ?? "-"),
      ])
    }
    return sheet
  }

  static func gatesSheet(_ comparison: Comparison) -> Sheet {
    var sheet = Sheet(
      "Gates", title: "Gates",
      note: "Judged on the candidate's unrounded values; change a limit and its result follows.",
      columns: [
        .init("Gate"), .init("Condition"), .init("Result", .calculation),
        .init("Value", .simulator, .significant3),
        .init("Low 95%", .simulator, .significant3), .init("High 95%", .simulator, .significant3),
        .init("Limit", .input, .significant3), .init("Margin", .calculation, .significant3), .init("Unit"),
        .init("Severity"), .init("Owner"), .init("Detail"), .init("Run limit", .simulator, .significant3),
        .init("Run result", .simulator),
      ])
    for row in comparison.gates {
      let r = sheet.rows.count
      let value = row.value == .greatestFiniteMagnitude ? 9.99e99 : row.value
      sheet.append([
        .text(row.gate.name), .text(row.gate.expression), .words(result(row, value, sheet)), .number(value),
        .optional(row.low),
        .optional(row.high), .number(row.limit), .live(sheet.live(r, 6, row.limit) - sheet.live(r, 3, value)),
        .text(row.unit), .text(row.gate.severity.rawValue), .text(row.gate.owner ?? ""), .text(row.detail),
        .number(row.limit), .text(row.status.rawValue),
      ])
    }
    return sheet
  }

  /// The run's result while the limit is the run's, else judged anew: the whole interval on the good side passes, all
  /// of it on the bad side fails.
  private static func result(_ row: Plan.GateResult, _ value: Double, _ sheet: Sheet) -> LiveText {
    let r = sheet.rows.count
    let limit = sheet.live(r, 6, row.limit)
    let run = LiveText.cell(sheet.reference(r, 13), row.status.rawValue)
    let low = row.low.map { sheet.live(r, 4, $0) } ?? sheet.live(r, 3, value)
    let high = row.high.map { sheet.live(r, 5, $0) } ?? sheet.live(r, 3, value)
    let wantsLess = row.gate.expression.contains("<")
    guard wantsLess || row.gate.expression.contains(">") else { return run }
    let (passes, fails) =
      wantsLess
      ? (LiveTest.isAtMost(high, limit), LiveTest.isOver(low, limit))
      : (LiveTest.isAtMost(limit, low), LiveTest.isOver(limit, high))
    let judged = LiveText.choose(
      passes, .word("pass"), .choose(fails, .word("fail"), .word("inconclusive")))
    return .choose(.equals(limit, sheet.live(r, 12, row.limit)), run, judged)
  }

  static func monthsSheet(_ comparison: Comparison) -> Sheet {
    let money = ComparisonDocument.money(comparison)
    var sheet = Sheet(
      "Forecast", title: "By month", note: "Both sides over the same months.",
      columns: [
        .init("Month"), .init("Before", .simulator, .dollars, unit: money),
        .init("After", .simulator, .dollars, unit: money),
        .init("Change", .calculation, .dollars, unit: money), .init("Chips before", .simulator, .integer),
        .init("Chips after", .simulator, .integer),
      ])
    for row in comparison.months {
      let r = sheet.rows.count
      sheet.append([
        .text(row.label), .number(row.baseCost), .number(row.candidateCost),
        .live(sheet.live(r, 2, row.candidateCost) - sheet.live(r, 1, row.baseCost)), .count(row.baseChips),
        .count(row.candidateChips),
      ])
    }
    return sheet
  }

  static func inputsSheet(_ comparison: Comparison) -> Sheet {
    var sheet = Sheet(
      "Inputs", title: "Inputs that differ", note: "What was written differently on the two sides.",
      columns: [
        .init("Id"), .init("Status"), .init("Before", .simulator), .init("After", .simulator), .init("Unit"),
      ])
    for row in comparison.inputs.prefix(50_000) {
      sheet.append([
        .text(row.id), .text(row.status.rawValue), .text(row.before), .text(row.after), .text(row.unit),
      ])
    }
    return sheet
  }

  static func checksSheet(_ comparison: Comparison, _ bridge: Sheet, _ months: Sheet, _ deltas: Sheet)
    -> Sheet
  {
    var sheet = Sheet(
      "Checks", title: "Checks",
      note: "The bridge and the services must add up to the difference of the two plans.",
      columns: [
        .init("Check"), .init("Sum", .link, .decimal2), .init("Expected", .link, .decimal2),
        .init("Tolerance", .simulator, .scientific), .init("Error", .calculation, .integer),
      ])
    sheet.hasFilter = false
    sheet.alarmColumns = [4]
    let (a, b) = (comparison.baseline.monthlyCost, comparison.candidate.monthlyCost)
    let tolerance = 1e-9 * max(abs(a), abs(b)) * Double(max(10, comparison.rows.count)) + 1e-6
    let last = comparison.bridge.count - 1
    if last > 0 {
      let steps = bridge.live(last - 1, 3, b)
      appendCheck(&sheet, "The bridge ends at the candidate", steps, bridge.live(last, 2, b), tolerance)
    }
    let rows = 0..<deltas.rows.count
    let change =
      months.sum(3, 0..<months.rows.count, (b - a) * Double(comparison.months.count))
      / .literal(Double(max(1, comparison.months.count)))
    appendCheck(&sheet, "Services sum to the change", deltas.sum(3, rows, b - a), change, tolerance)
    let r = sheet.rows.count
    sheet.append([.text("Errors in all"), .empty, .empty, .empty, .live(sheet.sum(4, 0..<r, 0))])
    return sheet
  }

  static func appendCheck(
    _ sheet: inout Sheet, _ name: String, _ sum: Live, _ expected: Live, _ tolerance: Double
  ) {
    let r = sheet.rows.count
    let apart = (sheet.live(r, 1, sum.value) - sheet.live(r, 2, expected.value)).magnitude
    sheet.append([
      .text(name), .live(sum), .live(expected), .number(tolerance),
      .live(.choose(.isAtMost(apart, sheet.live(r, 3, tolerance)), .literal(0), .literal(1))),
    ])
  }

  static func provenanceSheet(_ comparison: Comparison) -> Sheet {
    var sheet = Sheet(
      "Provenance", title: "Where both sides came from", note: "Inputs of both plans with their hashes.",
      columns: [
        .init("Side"), .init("Plan"), .init("Version"), .init("Seed"), .init("File"), .init("SHA-256"),
      ])
    sheet.hasFilter = false
    sheet.showsKinds = false
    for (name, side) in [("baseline", comparison.baseline), ("candidate", comparison.candidate)] {
      for source in side.sources {
        sheet.append([
          .text(name), .text(side.id), .text(side.toolVersion), .text(String(side.seed)), .text(source.path),
          .text(source.sha256),
        ])
      }
    }
    return sheet
  }
}
