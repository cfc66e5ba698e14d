import FleetData

/// The pictures of a plan.
extension PlanView {
  private var monthAxis: Chart.Axis { .init("Month", unit: "") }
  private var monthLabels: [String] { months.map(\.label) }

  private func reference(_ name: String, _ values: [Double]) -> Chart.Series {
    .init(name, values.enumerated().map { .init(x: Double($0.offset), y: $0.element) }, isReference: true)
  }

  /// C1: what is paid, by pod, against the budget.
  var costByMonth: Chart {
    var series = monthly(costs, by: \.pod, \.cost)
    if months.allSatisfy({ $0.budget != nil }), !months.isEmpty {
      series.append(reference("budget", months.map { $0.budget ?? 0 }))
    }
    let (a, b) = (first?.totalCost ?? 0, last?.totalCost ?? 0)
    return Chart(
      id: "cost-by-month", title: "Cost by month and pod", kind: .stackedColumns, x: monthAxis,
      y: .init("Cost", unit: "\(money) per month"), categories: monthLabels, series: series,
      altText: "Monthly cost by pod, from \(number.shortMoney(a)) to \(number.shortMoney(b)).")
  }

  /// C2: chips in use by pod, against what is installed.
  var capacityByMonth: Chart {
    var series = monthly(deployments, by: \.pod) { Double($0.replicas * $0.chipsPerReplica) }
    series.append(reference("installed", months.map { Double($0.chipsInstalled) }))
    var says = "Chips in use by pod from \(first?.chipsUsed ?? 0) to \(last?.chipsUsed ?? 0)"
    says +=
      plan.shortfalls.first.map { "; first shortfall: \(dated($0))" }
      ?? "; no shortfall."
    return Chart(
      id: "capacity-by-month", title: "Chips in use and installed", kind: .stackedColumns, x: monthAxis,
      y: .init("Chips", unit: "chips"), categories: monthLabels, series: series, altText: says)
  }

  /// C3: what users send and what the replicas can take.
  var loadByMonth: Chart {
    let demand = Dictionary(grouping: plan.demand, by: \.month)
    var series = monthly(demand, by: \.service, \.requestsPerSecond)
    let capacity = months.map { month in
      (deployments[month.index] ?? []).reduce(0) { $0 + Double($1.replicas) * $1.capacityPerReplica }
    }
    series.append(reference("capacity within the SLO", capacity))
    return Chart(
      id: "load-by-month", title: "Peak demand and the capacity of the plan", kind: .stackedColumns,
      x: monthAxis,
      y: .init("Requests", unit: "requests per second"), categories: monthLabels, series: series,
      altText: "Peak requests per second by service, against the replicas' capacity within the SLO.")
  }

  /// C4: each promised latency as a share of its target, with its interval; the worst month of each promise.
  var latencyAgainstTarget: Chart {
    let rows = Array(worstLevels.prefix(24))
    let points = rows.enumerated().map { i, row in
      Chart.Point(
        x: Double(i), y: row.result.value / row.targetSeconds * 100,
        low: row.result.low / row.targetSeconds * 100,
        high: row.result.high / row.targetSeconds * 100, label: row.id)
    }
    return Chart(
      id: "latency-against-target", title: "Latency against its promise, worst month, 95% interval",
      kind: .columns,
      x: .init("Service and promise", unit: ""), y: .init("Share of the promised latency", unit: "%"),
      categories: rows.map { "\($0.service) \(Self.metricName($0))" },
      series: [.init("simulated", points), .init("promise", [.init(x: 0, y: 100)], isReference: true)],
      altText:
        "\(rows.count { $0.verdict == .pass }) of \(rows.count) promised latencies are kept in their worst month."
    )
  }

  /// C5: what moves the cost most.
  var tornado: Chart {
    let rows = plan.sensitivity.sorted { Self.swing($0) > Self.swing($1) }.prefix(14)
    return Chart(
      id: "sensitivity", title: "What moves the monthly cost", kind: .tornado,
      x: .init("Cost", unit: "\(money) per month"), y: .init("Driver", unit: ""),
      categories: rows.map { "\($0.driver) (\($0.low) to \($0.high))" },
      series: [
        .init(
          "cost",
          rows.enumerated().map {
            .init(x: Double($0), y: $1.baseCost, low: $1.costAtLow, high: $1.costAtHigh)
          })
      ],
      altText: rows.first.map {
        "\($0.driver) moves the cost most, by \(number.shortMoney(Self.swing($0))) a month."
      } ?? "No sensitivities.")
  }

  /// C6: facility power against the cap, by site, in the last month.
  var powerAgainstCap: Chart {
    let rows = (power[last?.index ?? 0] ?? []).sorted {
      ($1.facilityWatts, $0.site) < ($0.facilityWatts, $1.site)
    }
    .prefix(16)
    return Chart(
      id: "power-against-cap", title: "Facility power and its cap, \(last?.label ?? "")", kind: .columns,
      x: .init("Site", unit: ""), y: .init("Power", unit: "kW"), categories: rows.map(\.site),
      series: [
        .init("facility power", rows.enumerated().map { .init(x: Double($0), y: $1.facilityWatts / 1000) }),
        .init("cap", rows.enumerated().map { .init(x: Double($0), y: $1.capWatts / 1000) }),
      ], altText: "Facility power of \(rows.count) sites beside their caps.")
  }

  static func swing(_ row: Plan.SensitivityRow) -> Double { abs(row.costAtHigh - row.costAtLow) }

  static func metricName(_ row: Plan.ServiceLevelRow) -> String {
    "\(row.metric) p\(NumberText().text(row.percentile * 100, .text))"
  }

  /// The month in which each promise comes closest to being broken, worst first.
  var worstLevels: [Plan.ServiceLevelRow] {
    var worst: [String: Plan.ServiceLevelRow] = [:]
    for row in plan.serviceLevels {
      let key = "\(row.service)/\(row.metric)/\(row.percentile)"
      if let other = worst[key], Self.stress(other) >= Self.stress(row) { continue }
      worst[key] = row
    }
    return worst.values.sorted { (Self.stress($1), $0.id) < (Self.stress($0), $1.id) }
  }

  static func stress(_ row: Plan.ServiceLevelRow) -> Double { row.result.value / row.targetSeconds }
}
