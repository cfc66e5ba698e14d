import FleetData

/// A comparison as a report: verdict, bridge, services, months, gates, inputs, provenance.
public enum ComparisonDocument {
  public static func report(_ comparison: Comparison) -> Report {
    let number = NumberText(currency: comparison.currency)
    var verdict: [Report.Block] = [.bullets(headlines(comparison, number))]
    if !comparison.gates.isEmpty { verdict.append(.table(gates(comparison))) }
    var money: [Report.Block] = [.chart(bridge(comparison)), .table(bridgeTable(comparison))]
    if !comparison.changes.isEmpty {
      money += [.table(changes(comparison)), .details(summary: "Every edit", [.table(edits(comparison))])]
    }
    var sections = [
      Report.Section("Verdict", verdict), Report.Section("Where the money moves", money),
      Report.Section("By service", [.table(services(comparison))]),
    ]
    if !comparison.levels.isEmpty {
      sections.append(Report.Section("Latency", [.table(levels(comparison))]))
    }
    sections += [
      Report.Section("By month", [.chart(months(comparison)), .table(monthTable(comparison))]),
      Report.Section("Inputs that differ", [.table(inputs(comparison))]),
      Report.Section("Provenance", [.table(sides(comparison))]),
    ]
    return Report(
      title: "What changes: \(comparison.baseline.name) to \(comparison.candidate.name)",
      sections: sections.enumerated().map { i, section in
        Report.Section("\(i + 1). \(section.title)", section.blocks)
      })
  }

  static func money(_ comparison: Comparison) -> String {
    comparison.currency == "USD" ? "$" : comparison.currency
  }

  static func headlines(_ comparison: Comparison, _ number: NumberText) -> [String] {
    let (a, b) = (comparison.baseline.monthlyCost, comparison.candidate.monthlyCost)
    let change = "\(number.signedMoney(b - a)) (\(NumberText.signedPercent(from: a, to: b)))"
    return [
      comparison.sentence,
      "Mean monthly cost: \(number.text(a, .dollars)) to \(number.text(b, .dollars)), \(change).",
      "Chips at the peak: \(comparison.baseline.peakChips) to \(comparison.candidate.peakChips).",
    ] + comparison.notes
  }

  static func gates(_ comparison: Comparison) -> Table {
    let number = NumberText(currency: comparison.currency)
    return Table(
      id: "gates", title: "Gates",
      columns: [
        .init("Gate"), .init("Condition"), .init("Result"), .init("Value"), .init("Limit"), .init("Severity"),
        .init("Owner"), .init("Detail"),
      ],
      rows: comparison.gates.map { row in
        [
          .text(row.gate.name), .text(row.gate.expression), .text(row.status.rawValue.uppercased()),
          .text(number.amount(row.value, row.unit)), .text(number.amount(row.limit, row.unit)),
          .text(row.gate.severity.rawValue), .text(row.gate.owner ?? ""), .text(row.detail),
        ]
      })
  }

  static func bridge(_ comparison: Comparison) -> Chart {
    Chart(
      id: "bridge", title: "From the baseline to the candidate", kind: .waterfall, x: .init("", unit: ""),
      y: .init("Mean monthly cost", unit: money(comparison)), categories: comparison.bridge.map(\.name),
      series: [.init("cost", comparison.bridge.enumerated().map { .init(x: Double($0), y: $1.amount) })],
      altText: comparison.bridge.dropFirst().dropLast().map {
        "\($0.name) \(NumberText(currency: comparison.currency).signedMoney($0.amount))"
      }.joined(separator: ", ") + ".")
  }

  static func bridgeTable(_ comparison: Comparison) -> Table {
    let number = NumberText(currency: comparison.currency)
    return Table(
      id: "bridge", title: "Steps that add up",
      columns: [.init("Step"), .init("Kind"), .init("Amount", unit: money(comparison))],
      rows: comparison.bridge.map { step in
        let isTotal = step.kind == .baseline || step.kind == .candidate
        return [
          .text(step.name), .text(step.kind.rawValue.replacing("_", with: " ")),
          .text(isTotal ? number.text(step.amount, .dollars) : number.signedMoney(step.amount)),
        ]
      })
  }

  static func services(_ comparison: Comparison) -> Table {
    let number = NumberText(currency: comparison.currency)
    let changed = comparison.rows.filter { $0.status != .same }
    return Table(
      id: "services", title: "Services that change",
      columns: [
        .init("Service"), .init("Status"),
        .init("Before", unit: "\(money(comparison))/month", format: .dollars),
        .init("After", unit: "\(money(comparison))/month", format: .dollars), .init("Change"), .init("Share"),
        .init("Peak chips"), .init("Latency, of target"),
      ],
      rows: changed.prefix(PlanView.rowLimit).map { row in
        [
          .text(row.service), .text(row.status.rawValue), .number(row.baseCost), .number(row.candidateCost),
          .text(number.signedMoney(row.delta)),
          .text(NumberText.signedPercent(from: row.baseCost, to: row.candidateCost)),
          .text("\(row.baseChips) → \(row.candidateChips)"), .text(latency(row)),
        ]
      },
      note: "\(comparison.rows.count - changed.count) services stay the same"
        + (changed.count > PlanView.rowLimit
          ? "; \(changed.count - PlanView.rowLimit) changed ones are not shown." : "."))
  }

  static func latency(_ row: Comparison.Row) -> String {
    func share(_ x: Double?) -> String { x.map { NumberText.fixed($0 * 100, 0) + "%" } ?? "-" }
    return "\(share(row.baseLatencyShare)) → \(share(row.candidateLatencyShare))"
  }
}

extension NumberText {
  /// A value with its unit: `$310,000`, `12.5%`, `0.760 s`, `12`.
  func amount(_ value: Double, _ unit: String) -> String {
    switch unit {
    case "$": text(value, value.magnitude < 100 ? .dollarsCents : .dollars)
    case "%": value == .greatestFiniteMagnitude ? "new" : text(value, .percent)
    case "": text(value, value == value.rounded() ? .integer : .significant3)
    default: "\(text(value, .significant3)) \(unit)"
    }
  }
}
