import FleetData

/// Pictures of what a plan can prove.
extension PlanView {
  /// Demand to come of each service with its 95 % interval, and what the plan is made for.
  var forecastCharts: [Chart] {
    let rows = Dictionary(grouping: plan.forecasts ?? [], by: \.service)
    return rows.keys.sorted().prefix(6).map { service in
      let own = (rows[service] ?? []).sorted { $0.month < $1.month }
      func points(_ value: (Plan.ForecastRow) -> Double) -> [Chart.Point] {
        own.enumerated().map { .init(x: Double($0), y: value($1)) }
      }
      let last = own.last.map { number.text($0.planned, .significant3) } ?? "nothing"
      return Chart(
        id: "forecast-\(service)", title: "Peak demand of \(service) to come", kind: .line,
        x: .init("Month", unit: ""), y: .init("Requests", unit: "requests per second"),
        categories: own.map { label($0.month) },
        series: [
          .init("forecast", points(\.forecast.value)), .init("low 95%", points(\.forecast.low)),
          .init("high 95%", points(\.forecast.high)),
          .init("planned for", points(\.planned), isReference: true),
        ],
        altText: "Demand is planned for \(last) requests per second in the last month.")
    }
  }

  /// Cost against each other aim.
  var tradeOffCharts: [Chart] {
    let fronts: [(Plan.TradeOffRow.Front, String, String, (Plan.TradeOffRow) -> Double)] = [
      (.carbon, "Carbon", "t CO2 per month", { $0.carbonKilograms / 1000 }),
      (.latency, "Mean round trip", "ms", { $0.meanRoundTripSeconds * 1000 }),
    ]
    return fronts.compactMap { front, name, unit, value in
      let rows = (plan.tradeOffs ?? []).filter { $0.front == front }
      guard rows.count > 1 else { return nil }
      return Chart(
        id: "front-\(name.lowercased())", title: "What less \(name.lowercased()) costs", kind: .line,
        x: .init(name, unit: unit), y: .init("Cost", unit: "\(money) per month"),
        series: [
          .init(
            front.rawValue,
            rows.map { .init(x: value($0), y: $0.monthlyCost, label: $0.price) }.sorted { $0.x < $1.x })
        ], altText: "\(rows.count) plans, none of which is beaten in both cost and \(name.lowercased()).")
    }
  }
}
