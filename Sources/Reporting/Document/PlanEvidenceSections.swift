import FleetData

/// Assumptions, data quality, method and provenance.
extension PlanDocument {
  static func assumptions(_ view: PlanView) -> Report.Section {
    let rows = view.plan.inputs
    let given = Table(
      id: "assumptions", title: "Values the plan rests on",
      columns: [
        .init("Id"), .init("Value"), .init("Unit"), .init("Grade"), .init("Source"), .init("As of"),
        .init("Given by"),
      ],
      rows: view.shortened(rows).map { row in
        [
          .text(row.id), .text(row.shown(view.number).value), .text(row.shown(view.number).unit),
          .text(row.grade.rawValue), .text(row.source), .text(row.asOf),
          .text(row.isDefault ? "default, not yours" : "you"),
        ]
      },
      note: view.shortenedNote(rows.count, "`fleetplan explain PLAN ID` shows where a value was written."))
    let prices = Table(
      id: "prices", title: "Prices",
      columns: [
        .init("Pod"), .init("Chip"), .init("Term"),
        .init("Price", unit: "\(view.money)/chip-hour", format: .dollarsCents),
        .init("Power", unit: "W/chip", format: .integer), .init("Grade"), .init("Source"), .init("As of"),
      ],
      rows: view.shortened(view.plan.pods).map { pod in
        [
          .text(pod.id), .text(pod.chip), .text(pod.term), .number(pod.usdPerChipHour, grade: pod.grade),
          .number(pod.wattsPerChip), .text(pod.grade.rawValue), .text(pod.source), .text(pod.asOf),
        ]
      }, note: view.shortenedNote(view.plan.pods.count))
    let defaults = rows.count { $0.isDefault }
    let said =
      "\(rows.count) values; \(defaults == 1 ? "one is a default" : "\(defaults) are defaults"), not yours."
    return Report.Section("Assumptions", [.paragraph(said), .table(prices), .table(given)])
  }

  static func dataQuality(_ view: PlanView) -> Report.Section {
    guard !view.plan.dataQuality.isEmpty else {
      return Report.Section("Data quality", [.paragraph("No trace was read.")])
    }
    let table = Table(
      id: "data-quality", title: "Rows read and rejected",
      columns: [
        .init("Trace"), .init("Format"), .init("Accepted", format: .integer),
        .init("Rejected", format: .integer),
        .init("First reason"), .init("Notes"),
      ],
      rows: view.shortened(view.plan.dataQuality).map { row in
        [
          .text(row.trace), .text(row.format), .number(Double(row.accepted)), .number(Double(row.rejected)),
          .text(row.firstRejections.first ?? ""), .text(row.notes.joined(separator: "; ")),
        ]
      })
    return Report.Section("Data quality", [.table(table)])
  }

  static func method(_ view: PlanView) -> Report.Section {
    var blocks: [Report.Block] = [
      .bullets([
        "Step times come from a model of compute, memory, links and overhead, never below their physical floor.",
        "Placement is an integer program that minimises cost over pods, slices, sites, inventory and power.",
        "Latencies come from a discrete-event simulation of the trace on the placed replicas, with 95% intervals.",
        "Costs are quantity times price, line by line; lines sum to each month's total.",
      ]),
      .bullets([
        "Not modelled: what the engine's software may change, faults of the network beyond the stated round trips, "
          + "taxes, and discounts that were not written down.",
        "Grades: measured here, quoted by a source, derived by formula, assumed.",
      ]),
    ]
    blocks.append(
      .details(
        summary: "Laws checked on this plan",
        [
          .table(
            Table(
              id: "checks", title: "Checks", columns: [.init("Law"), .init("Holds"), .init("Detail")],
              rows: view.plan.checks.map {
                [.text($0.name), .text($0.passed ? "yes" : "NO"), .text($0.detail)]
              }))
        ]))
    return Report.Section("Method and limits", blocks)
  }

  static func provenance(_ view: PlanView) -> Report.Section {
    let plan = view.plan
    let table = Table(
      id: "sources", title: "Inputs", columns: [.init("File"), .init("SHA-256")],
      rows: view.shortened(plan.sources).map { [.text($0.path), .text($0.sha256)] },
      note: view.shortenedNote(plan.sources.count))
    let gap = view.number.text(plan.solver.relativeGap, .percent)
    var bullets = [
      "Plan \(plan.id), schema \(plan.schema), fleetplan \(plan.toolVersion), seed \(plan.seed).",
      "Solver \(plan.solver.solver): objective \(view.number.text(plan.solver.objective, .dollars)), "
        + "bound \(view.number.text(plan.solver.bound, .dollars)), gap \(gap).",
      "The same files, seed and version give the same id and the same bytes.",
    ]
    if let proven = plan.solver.proven, let limit = plan.solver.gapLimit {
      bullets.append(
        "The gap is \(proven ? "proved" : "not proved") to be within \(view.number.text(limit, .percent)) in every "
          + "month" + (plan.solver.nodeLimit.map { ", with at most \($0) nodes of search" } ?? "") + ".")
    }
    if !plan.solver.bindingConstraints.isEmpty {
      bullets.append("Binding: " + plan.solver.bindingConstraints.prefix(8).joined(separator: "; ") + ".")
    }
    return Report.Section("Provenance", [.bullets(bullets), .table(table)])
  }
}
