import FleetData

/// Capacity, latency, options and risks.
extension PlanDocument {
  static func capacity(_ view: PlanView) -> Report.Section {
    var blocks: [Report.Block] = [.chart(view.capacityByMonth)]
    if !view.plan.shortfalls.isEmpty {
      blocks.append(
        .bullets(view.shortened(view.plan.shortfalls).map { view.dated($0) }))
    }
    if let purchases = view.plan.purchases { blocks.append(.table(self.purchases(purchases, view))) }
    if let stranded = view.plan.stranded {
      blocks.append(.bullets(view.shortened(stranded).map { "\($0)." }))
    }
    blocks += [.table(pods(view)), .table(deployments(view)), .chart(view.loadByMonth)]
    if view.hasForecasts {
      blocks += view.forecastCharts.map { .chart($0) }
      blocks += [
        .table(view.forecastFitTable), .details(summary: "Forecast by month", [.table(view.forecastTable)]),
      ]
    }
    if !view.plan.power.isEmpty { blocks += [.chart(view.powerAgainstCap), .table(power(view))] }
    return Report.Section("Capacity and first shortfall", blocks)
  }

  /// What to buy, and when to order it.
  private static func purchases(_ rows: [Plan.PurchaseRow], _ view: PlanView) -> Table {
    let calendar = PlanCalendar(start: view.plan.startMonth)
    return Table(
      id: "purchases", title: "What to buy, and when to order it",
      columns: [
        .init("Order in"), .init("In use from"), .init("Pod"), .init("Site"), .init("Chip"),
        .init("Blocks", format: .integer), .init("Chips", format: .integer),
      ],
      rows: view.shortened(rows).map { row in
        [
          .text(calendar.label(row.orderMonth)), .text(calendar.label(row.deliveryMonth)), .text(row.pod),
          .text(row.site), .text(row.chip), .number(Double(row.blocks)), .number(Double(row.chips)),
        ]
      },
      note: view.shortenedNote(rows.count))
  }

  /// Rows by name, the first of each.
  private static func byName<Row>(_ rows: [Row]?, _ name: (Row) -> String) -> [String: Row] {
    Dictionary((rows ?? []).map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func pods(_ view: PlanView) -> Table {
    let now = byName(view.inventory[view.first?.index ?? 0], \.pod)
    let end = byName(view.inventory[view.last?.index ?? 0], \.pod)
    return Table(
      id: "pods", title: "Chips by pod, \(view.first?.label ?? "") and \(view.last?.label ?? "")",
      columns: [
        .init("Pod"), .init("Site"), .init("Chip"), .init("Installed", format: .integer),
        .init("Used at first", format: .integer), .init("Free at first", format: .integer),
        .init("Stranded at first", format: .integer), .init("Used at last", format: .integer),
      ],
      rows: view.shortened(view.plan.pods).map { pod in
        let (a, b) = (now[pod.id], end[pod.id])
        func count(_ n: Int?) -> Cell {
          n.map { .number(Double($0)) } ?? .absent(reason: "not there in that month")
        }
        return [
          .text(pod.id), .text(pod.site), .text(pod.chip), count(a?.installed ?? pod.chips), count(a?.used),
          count(a?.free), count(a?.stranded), count(b?.used),
        ]
      },
      note: view.shortenedNote(
        view.plan.pods.count, "Stranded chips are left over where no allowed slice fits."))
  }

  private static func deployments(_ view: PlanView) -> Table {
    let rows = (view.deployments[view.first?.index ?? 0] ?? []).filter { $0.replicas > 0 }
      .sorted { ($1.replicas * $1.chipsPerReplica, $0.id) < ($0.replicas * $0.chipsPerReplica, $1.id) }
    let models = byName(view.plan.services, \.id).mapValues(\.model)
    let mfu: [Table.Column] = rows.contains { $0.mfu != nil } ? [.init("MFU", format: .percent)] : []
    return Table(
      id: "deployments", title: "What runs where, \(view.first?.label ?? "")",
      columns: [
        .init("Service"), .init("Model"), .init("Pod"), .init("Slice"), .init("Replicas", format: .integer),
        .init("of them spares", format: .integer),
        .init("Chips", format: .integer), .init("Load", unit: "requests/s", format: .decimal2),
        .init("Capacity", unit: "requests/s", format: .decimal2), .init("Bound by"),
      ] + mfu,
      rows: view.shortened(rows).map { row in
        [
          .text(row.service), .text(row.model ?? models[row.service] ?? ""), .text(row.pod),
          .text("\(row.slice)"), .number(Double(row.replicas)), .number(Double(row.spares ?? 0)),
          .number(Double(row.replicas * row.chipsPerReplica)), .number(row.load, grade: row.grade),
          .number(Double(row.replicas) * row.capacityPerReplica, grade: row.grade), .text(row.bound.rawValue),
        ]
          + mfu.map { _ in row.mfu.map { .number($0, grade: row.grade) } ?? .absent(reason: "peak not known")
          }
      }, note: view.shortenedNote(rows.count))
  }

  private static func power(_ view: PlanView) -> Table {
    let end = byName(view.power[view.last?.index ?? 0], \.site)
    let rows = view.power[view.first?.index ?? 0] ?? []
    return Table(
      id: "power", title: "Power by site",
      columns: [
        .init("Site"), .init("IT, \(view.first?.label ?? "")", unit: "kW", format: .decimal1),
        .init("Facility", unit: "kW", format: .decimal1),
        .init("Facility, \(view.last?.label ?? "")", unit: "kW", format: .decimal1),
        .init("Cap", unit: "kW", format: .decimal1), .init("Headroom at last", format: .percent),
      ],
      rows: view.shortened(rows).map { row in
        let late = end[row.site]
        return [
          .text(row.site), .number(row.itWatts / 1000), .number(row.facilityWatts / 1000),
          late.map { .number($0.facilityWatts / 1000) } ?? .absent(reason: "not there in that month"),
          .number(row.capWatts / 1000),
          late.map { .number(1 - $0.facilityWatts / $0.capWatts) }
            ?? .absent(reason: "not there in that month"),
        ]
      }, note: view.shortenedNote(rows.count))
  }

  static func latency(_ view: PlanView) -> Report.Section {
    guard !view.plan.serviceLevels.isEmpty else {
      return Report.Section(
        "Latency by service", [.paragraph("No latency was promised, or no plan was simulated.")])
    }
    let rows = view.worstLevels
    let table = Table(
      id: "latency", title: "Simulated latency against the promise, worst month of each",
      columns: [
        .init("Service"), .init("Promise"), .init("Month"), .init("Target", unit: "s", format: .significant3),
        .init("Result", unit: "s", format: .significant3), .init("95% interval", unit: "s"),
        .init("Requests", format: .integer), .init("Verdict"),
      ],
      rows: view.shortened(rows).map { row in
        let range = [row.result.low, row.result.high].map { view.number.text($0, .significant3) }
        return [
          .text(row.service), .text(PlanView.metricName(row)), .text(view.label(row.month)),
          .number(row.targetSeconds), .number(row.result.value), .text(range.joined(separator: " to ")),
          .number(Double(row.requests)), .text(row.verdict.rawValue.uppercased()),
        ]
      }, note: view.shortenedNote(rows.count))
    var blocks: [Report.Block] = [.chart(view.latencyAgainstTarget), .table(table)]
    let notes = rows.compactMap { row in row.note.map { "\(row.id): \($0)" } }
    if !notes.isEmpty { blocks.append(.bullets(view.shortened(notes))) }
    if view.hasSiteLosses {
      let worst = view.worstSiteLosses
      var table = view.siteLossTable(view.shortened(worst))
      table.title += ", worst month of each"
      table.note = view.shortenedNote(worst.count, "The site dies at the peak and stays away.")
      blocks.append(.table(table))
    }
    if !view.plan.rounds.isEmpty {
      blocks.append(.details(summary: "How the plan was tightened", [.table(rounds(view))]))
    }
    return Report.Section("Latency by service", blocks)
  }

  private static func rounds(_ view: PlanView) -> Table {
    Table(
      id: "rounds", title: "Plan, simulate, tighten",
      columns: [
        .init("Round", format: .integer), .init("Month"), .init("Service"),
        .init("Replicas", format: .integer), .init("Site lost"),
        .init("Worst latency", unit: "of target", format: .percent), .init("Verdict"), .init("Action"),
      ],
      rows: view.shortened(view.plan.rounds).map { row in
        [
          .number(Double(row.round)), .text(view.label(row.month)), .text(row.service),
          .number(Double(row.replicas)), .text(row.siteLost ?? ""),
          row.worstLatencyShare.map { .number($0) } ?? .absent(reason: "not simulated"),
          .text(row.verdict.rawValue), .text(row.action),
        ]
      }, note: view.shortenedNote(view.plan.rounds.count))
  }

  static func options(_ view: PlanView) -> Report.Section {
    guard !view.plan.alternatives.isEmpty else {
      return Report.Section("Options compared", [.paragraph("No other plan was asked for or found.")])
    }
    let table = Table(
      id: "options", title: "Options",
      columns: [
        .init("Option"), .init("Cost", unit: "\(view.money)/month", format: .dollars),
        .init("Chips", format: .integer),
        .init("Carbon", unit: "t CO2/month", format: .decimal1),
        .init("Mean round trip", unit: "ms", format: .decimal1), .init("Gives up"), .init("Chosen"),
      ],
      rows: view.shortened(view.plan.alternatives).map { row in
        [
          .text(row.name), row.monthlyCost.map { .number($0) } ?? .absent(reason: "cannot be had"),
          row.chips.map { .number(Double($0)) } ?? .absent(reason: "cannot be had"),
          row.carbonKilograms.map { .number($0 / 1000) }
            ?? .absent(reason: row.chips == nil ? "cannot be had" : "carbon intensity unknown"),
          row.meanRoundTripSeconds.map { .number($0 * 1000) }
            ?? .absent(reason: row.chips == nil ? "cannot be had" : "not recorded"),
          .text(row.givesUp), .text(row.chosen ? "yes" : ""),
        ]
      })
    var blocks: [Report.Block] = [.table(table)]
    if view.hasTradeOffs {
      blocks += view.tradeOffCharts.map { .chart($0) } + [.table(view.tradeOffTable)]
    }
    if view.hasBaselines { blocks.append(.table(view.baselineTable)) }
    return Report.Section("Options compared", blocks)
  }

  static func risks(_ view: PlanView) -> Report.Section {
    guard !view.plan.sensitivity.isEmpty else {
      return Report.Section("Risks and sensitivity", [.paragraph("No sensitivity was computed.")])
    }
    let rows = view.plan.sensitivity.sorted { PlanView.swing($0) > PlanView.swing($1) }
    let table = Table(
      id: "sensitivity", title: "One driver at a time",
      columns: [
        .init("Driver"), .init("Low"), .init("High"),
        .init("Cost at low", unit: view.money, format: .dollars),
        .init("Base", unit: view.money, format: .dollars),
        .init("Cost at high", unit: view.money, format: .dollars),
        .init("Swing", unit: view.money, format: .dollars),
      ],
      rows: view.shortened(rows).map { row in
        [
          .text(row.driver), .text(row.low), .text(row.high), .number(row.costAtLow), .number(row.baseCost),
          .number(row.costAtHigh), .number(PlanView.swing(row)),
        ]
      })
    return Report.Section("Risks and sensitivity", [.chart(view.tornado), .table(table)])
  }
}
