import FleetData

/// Changes, promises, months, inputs and both sides of a comparison.
extension ComparisonDocument {
  /// The named changes, each with its effect alone.
  static func changes(_ comparison: Comparison) -> Table {
    let number = NumberText(currency: comparison.currency)
    return Table(
      id: "changes", title: "Each change alone on the baseline",
      columns: [
        .init("Change"), .init("Why"), .init("Author"), .init("Cost", unit: "\(money(comparison))/month"),
        .init("Peak chips"), .init("Note"),
      ],
      rows: comparison.changes.prefix(PlanView.rowLimit).map { row in
        [
          .text(row.name), .text(row.why ?? ""), .text(row.author ?? ""),
          row.marginalCost.map { .text(number.signedMoney($0)) } ?? .absent(reason: "it cannot stand alone"),
          row.marginalChips.map { .text($0 > 0 ? "+\($0)" : "\($0)") }
            ?? .absent(reason: "it cannot stand alone"),
          .text(row.note ?? ""),
        ]
      })
  }

  static func edits(_ comparison: Comparison) -> Table {
    Table(
      id: "edits", title: "What the changes edit",
      columns: [.init("Change"), .init("Verb"), .init("Path"), .init("Before"), .init("After")],
      rows: comparison.changes.flatMap { row in
        row.edits.map {
          [.text(row.name), .text($0.verb), .text($0.path), .text($0.before), .text($0.after)]
        }
      }.prefix(PlanView.rowLimit).map { $0 })
  }

  static func levels(_ comparison: Comparison) -> Table {
    func seconds(_ x: Double?) -> Cell {
      x.map { .number($0) } ?? .absent(reason: "not promised on that side")
    }
    return Table(
      id: "levels", title: "Simulated latency, worst month of each promise",
      columns: [
        .init("Service"), .init("Promise"), .init("Target", unit: "s", format: .significant3),
        .init("Before", unit: "s", format: .significant3), .init("After", unit: "s", format: .significant3),
        .init("Verdict before"), .init("Verdict after"),
      ],
      rows: comparison.levels.prefix(PlanView.rowLimit).map { row in
        [
          .text(row.service), .text(row.promise),
          seconds(row.candidateTargetSeconds ?? row.baseTargetSeconds),
          seconds(row.baseSeconds), seconds(row.candidateSeconds),
          .text((row.baseVerdict ?? "-").uppercased()), .text((row.candidateVerdict ?? "-").uppercased()),
        ]
      },
      note: comparison.levels.count > PlanView.rowLimit
        ? "\(comparison.levels.count - PlanView.rowLimit) promises more are in the JSON form." : nil)
  }

  static func months(_ comparison: Comparison) -> Chart {
    func points(_ value: (Comparison.MonthRow) -> Double) -> [Chart.Point] {
      comparison.months.enumerated().map { .init(x: Double($0), y: value($1)) }
    }
    return Chart(
      id: "months", title: "Cost by month", kind: .line, x: .init("Month", unit: ""),
      y: .init("Cost", unit: "\(money(comparison)) per month"), categories: comparison.months.map(\.label),
      series: [.init("baseline", points(\.baseCost)), .init("candidate", points(\.candidateCost))],
      altText: "Monthly cost of baseline and candidate.")
  }

  static func monthTable(_ comparison: Comparison) -> Table {
    let number = NumberText(currency: comparison.currency)
    return Table(
      id: "months", title: "Cost by month",
      columns: [
        .init("Month"), .init("Before", unit: money(comparison), format: .dollars),
        .init("After", unit: money(comparison), format: .dollars), .init("Change"),
        .init("Chips before", format: .integer), .init("Chips after", format: .integer),
      ],
      rows: comparison.months.map {
        [
          .text($0.label), .number($0.baseCost), .number($0.candidateCost),
          .text(number.signedMoney($0.candidateCost - $0.baseCost)), .number(Double($0.baseChips)),
          .number(Double($0.candidateChips)),
        ]
      })
  }

  static func inputs(_ comparison: Comparison) -> Table {
    Table(
      id: "inputs", title: "Inputs that differ",
      columns: [.init("Id"), .init("Status"), .init("Before"), .init("After"), .init("Unit")],
      rows: comparison.inputs.prefix(PlanView.rowLimit).map {
        [.text($0.id), .text($0.status.rawValue), .text($0.before), .text($0.after), .text($0.unit)]
      },
      note: comparison.inputs.count > PlanView.rowLimit
        ? "\(comparison.inputs.count - PlanView.rowLimit) rows more are in the JSON form." : nil)
  }

  static func sides(_ comparison: Comparison) -> Table {
    let sides = [("baseline", comparison.baseline), ("candidate", comparison.candidate)]
    return Table(
      id: "sides", title: "Both sides",
      columns: [
        .init("Side"), .init("Plan"), .init("fleetplan"), .init("Seed"), .init("File"), .init("SHA-256"),
      ],
      rows: sides.flatMap { name, side in
        side.sources.prefix(PlanView.rowLimit).map {
          [
            .text(name), .text(side.id), .text(side.toolVersion), .text(String(side.seed)), .text($0.path),
            .text($0.sha256),
          ]
        }
      })
  }
}
