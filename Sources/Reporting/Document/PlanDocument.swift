import FleetData

/// The capacity report: from the verdict down to where every number came from, in the order readers ask.
public enum PlanDocument {
  /// Numbered parts, with the plan's studies between risks and assumptions.
  public static func report(_ plan: Plan) -> Report {
    let view = PlanView(plan)
    var sections = [verdict(view)]
    // A plan that serves not even its first month has no costs, capacities or latencies to show.
    if !plan.months.isEmpty {
      sections += [cost(view), capacity(view), latency(view), options(view), risks(view)]
    }
    let closing = [assumptions(view), dataQuality(view), method(view), provenance(view)]
    return Report(
      title: "Capacity plan: \(plan.name)",
      sections: numbered(sections, from: 1) + plan.studies + numbered(closing, from: sections.count + 1))
  }

  /// `1. Verdict`: numbers follow each other whatever parts a plan has.
  private static func numbered(_ sections: [Report.Section], from first: Int) -> [Report.Section] {
    sections.enumerated().map { Report.Section("\(first + $0). \($1.title)", $1.blocks) }
  }

  /// The gates of a plan with their results.
  public static func gateTable(_ plan: Plan) -> Table { gates(PlanView(plan)) }

  static func verdict(_ view: PlanView) -> Report.Section {
    let plan = view.plan
    var bullets = [plan.verdict.sentence]
    if let first = view.first, let last = view.last {
      var money = "\(view.number.shortMoney(first.totalCost)) in \(first.label)"
      if last.index != first.index {
        money += ", \(view.number.shortMoney(last.totalCost)) in \(last.label) "
        money += "(\(NumberText.signedPercent(from: first.totalCost, to: last.totalCost)))"
      }
      bullets.append("Cost per month: \(money)\(budgetPhrase(view)).")
    }
    if let bought = plan.purchases, let first = bought.first {
      let calendar = PlanCalendar(start: plan.startMonth)
      let chips = bought.reduce(0) { $0 + $1.chips }
      bullets.append(
        "To buy: \(chips) chips in \(bought.count) order\(bought.count == 1 ? "" : "s"), the first "
          + "\(first.chips) of \(first.chip) for \(first.pod) in \(calendar.label(first.orderMonth)), in use from "
          + "\(calendar.label(first.deliveryMonth)).")
    }
    if let short = plan.shortfalls.min(by: { $0.month < $1.month }) {
      if !plan.verdict.sentence.contains(short.sentence) {
        bullets.append("First shortfall: \(view.dated(short))")
      }
    } else if !plan.months.isEmpty {
      bullets.append("Nothing runs out before \(view.last?.label ?? "the end").")
    }
    if let binding = plan.verdict.bindingConstraint {
      let way = plan.verdict.smallestRelaxation.map { "; the smallest way out: \($0)" } ?? ""
      bullets.append("What binds: \(binding)\(way).")
    }
    var blocks: [Report.Block] = [.bullets(bullets)]
    let failed = plan.checks.filter { !$0.passed }
    if !failed.isEmpty {
      blocks.append(.warning("\(failed.count) checks of the planner's own laws failed: \(failed[0].name)."))
    }
    if !plan.gates.isEmpty { blocks.append(.table(gates(view))) }
    return Report.Section("Verdict", blocks)
  }

  private static func budgetPhrase(_ view: PlanView) -> String {
    let over = view.months.filter { month in month.budget.map { month.totalCost > $0 } ?? false }
    guard let first = over.first else {
      return view.months.contains { $0.budget != nil } ? ", within budget in every month" : ""
    }
    return ", over budget from \(first.label)"
  }

  static func gates(_ view: PlanView) -> Table {
    Table(
      id: "gates", title: "Gates",
      columns: [
        .init("Gate"), .init("Condition"), .init("Result"), .init("Value"), .init("Limit"), .init("Severity"),
        .init("Owner"), .init("Detail"),
      ],
      rows: view.plan.gates.map { row in
        [
          .text(row.gate.name), .text(row.gate.expression), .text(row.status.rawValue.uppercased()),
          .text(view.gateValue(row)), .text(view.amount(row.limit, row.unit)),
          .text(row.gate.severity.rawValue),
          .text(row.gate.owner ?? ""), .text(row.detail),
        ]
      })
  }

  static func cost(_ view: PlanView) -> Report.Section {
    var blocks: [Report.Block] = [.chart(view.costByMonth), .table(costTable(view))]
    if !view.plan.unitCosts.isEmpty { blocks.append(.table(unitCosts(view))) }
    return Report.Section("Cost now and over the horizon", blocks)
  }

  private static func costTable(_ view: PlanView) -> Table {
    let money = view.money
    return Table(
      id: "cost-months", title: "Cost by month",
      columns: [
        .init("Month"), .init("Total", unit: money, format: .dollars),
        .init("Chips", unit: money, format: .dollars),
        .init("Energy", unit: money, format: .dollars), .init("Other", unit: money, format: .dollars),
        .init("Unused chips", unit: money, format: .dollars), .init("Budget", unit: money, format: .dollars),
        .init("Over or under", unit: money),
      ],
      rows: view.months.map { month in
        let chips = view.cost(month.index) { $0.category == .compute }
        let energy = view.cost(month.index) { $0.category == .energy }
        return [
          .text(month.label), .number(month.totalCost), .number(chips), .number(energy),
          .number(view.cost(month.index) { $0.category != .compute && $0.category != .energy }),
          .number(view.cost(month.index) { $0.service == nil }),
          month.budget.map { .number($0) } ?? .absent(reason: "no budget given"),
          month.budget.map { .text(view.number.signedMoney(month.totalCost - $0)) }
            ?? .absent(reason: "no budget given"),
        ]
      }, note: "Unused chips are part of the total: chips paid for that serve nobody.")
  }

  private static func unitCosts(_ view: PlanView) -> Table {
    let money = view.money
    let rows = view.plan.unitCosts.filter { $0.month == view.first?.index }
    return Table(
      id: "unit-costs", title: "What a token costs, \(view.first?.label ?? "")",
      columns: [
        .init("Service"), .init("Input", unit: "\(money)/M tokens", format: .dollarsCents),
        .init("Output", unit: "\(money)/M tokens", format: .dollarsCents),
        .init("All, allocated", unit: "\(money)/M tokens", format: .dollarsCents),
        .init("All, used", unit: "\(money)/M tokens", format: .dollarsCents),
        .init("Tokens", unit: "per \(money)", format: .integer),
        .init("Compute", unit: "\(money)/FLOP", format: .scientific),
        .init("Carbon", unit: "g CO2/M tokens", format: .decimal1),
      ],
      rows: view.shortened(rows).map { row in
        [
          .text(row.service), .number(row.usdPerMillionInputTokens), .number(row.usdPerMillionOutputTokens),
          .number(row.usdPerMillionTokens), .number(row.usedUSDPerMillionTokens), .number(row.tokensPerUSD),
          .number(row.usdPerFLOP),
          row.gramsCO2PerMillionTokens.map { .number($0) }
            ?? .absent(reason: "the site's carbon intensity is unknown"),
        ]
      },
      note: view.shortenedNote(
        rows.count, "Used counts busy chip time; allocated counts everything reserved for the service."))
  }
}

extension PlanView {
  static var rowLimit: Int { 40 }

  /// The first rows of a long table; the rest is in the workbook and in plan.json.
  func shortened<Row>(_ rows: [Row]) -> [Row] { Array(rows.prefix(Self.rowLimit)) }

  func shortenedNote(_ count: Int, _ note: String? = nil) -> String? {
    let omitted = count - Self.rowLimit
    guard omitted > 0 else { return note }
    return [note, "\(omitted) rows more are in plan.json and in the workbook."].compactMap { $0 }.joined(
      separator: " ")
  }

  func amount(_ value: Double, _ unit: String) -> String { number.amount(value, unit) }

  func gateValue(_ row: Plan.GateResult) -> String {
    let value = amount(row.value, row.unit)
    guard let low = row.low, let high = row.high, high > low else { return value }
    return "\(value) (\(amount(low, row.unit)) to \(amount(high, row.unit)))"
  }
}
