import FleetData

/// What a plan can prove: the loss of a site replayed, demand forecast and back-tested, other plans on the frontier,
/// and what simpler methods reach. The same tables stand in the report and in the workbook.
extension PlanView {
  var hasSiteLosses: Bool { plan.siteLosses?.isEmpty == false }
  var hasForecasts: Bool { plan.forecasts?.isEmpty == false }
  var hasTradeOffs: Bool { plan.tradeOffs?.isEmpty == false }
  var hasBaselines: Bool { plan.baselines?.isEmpty == false }

  func siteLossTable(_ rows: [Plan.SiteLossRow]) -> Table {
    Table(
      id: "site-losses", title: "The peak replayed with a site lost",
      columns: [
        .init("Site lost"), .init("Service"), .init("Month"),
        .init("Replicas lost", format: .integer), .init("Replicas left", format: .integer),
        .init("Requests begun again", format: .integer), .init("Promise"),
        .init("Target", unit: "s", format: .significant3), .init("Result", unit: "s", format: .significant3),
        .init("95% interval", unit: "s"), .init("Kept every promise", unit: "of requests", format: .percent),
        .init("Verdict"),
      ],
      rows: rows.map { row in
        [
          .text(row.site), .text(row.service), .text(label(row.month)), .number(Double(row.replicasLost)),
          .number(Double(row.replicasLeft)), .number(Double(row.restarted)),
          .text("\(row.metric) p\(number.text(row.percentile * 100, .text))"), .number(row.targetSeconds),
          .number(row.result.value),
          .text(
            [row.result.low, row.result.high].map { number.text($0, .significant3) }.joined(separator: " to ")
          ),
          .number(row.attainment), .text(row.verdict.rawValue.uppercased()),
        ]
      })
  }

  /// The month in which each service comes closest to breaking a promise when each site is lost, worst first.
  var worstSiteLosses: [Plan.SiteLossRow] {
    var worst: [String: Plan.SiteLossRow] = [:]
    for row in plan.siteLosses ?? [] {
      let key = "\(row.site)/\(row.service)"
      if let other = worst[key],
        other.result.value * row.targetSeconds >= row.result.value * other.targetSeconds
      {
        continue
      }
      worst[key] = row
    }
    return worst.values.sorted {
      ($1.result.value * $0.targetSeconds, $0.id) < ($0.result.value * $1.targetSeconds, $1.id)
    }
  }

  var forecastTable: Table {
    Table(
      id: "forecasts", title: "Peak demand to come",
      columns: [
        .init("Service"), .init("Month"), .init("Low 95%", unit: "requests/s", format: .decimal2),
        .init("Forecast", unit: "requests/s", format: .decimal2),
        .init("High 95%", unit: "requests/s", format: .decimal2),
        .init("Planned for", unit: "requests/s", format: .decimal2),
        .init("Quantile", format: .percent),
      ],
      rows: (plan.forecasts ?? []).map { row in
        [
          .text(row.service), .text(label(row.month)), .number(row.forecast.low), .number(row.forecast.value),
          .number(row.forecast.high), .number(row.planned), .number(row.quantile),
        ]
      })
  }

  var forecastFitTable: Table {
    Table(
      id: "forecast-fits", title: "How good such forecasts were on the history",
      columns: [
        .init("Service"), .init("Steps", format: .integer),
        .init("Step", unit: "days", format: .significant3),
        .init("Season", unit: "steps", format: .integer), .init("Growth per step", format: .percent),
        .init("Back-tests", format: .integer), .init("Mean error", format: .percent),
        .init("Inside the interval", format: .percent),
      ],
      rows: (plan.forecastFits ?? []).map { row in
        func known(_ x: Double?) -> Cell {
          x.map { .number($0) } ?? .absent(reason: "the history is too short")
        }
        return [
          .text(row.service), .number(Double(row.steps)), .number(row.stepSeconds / 86_400),
          .number(Double(row.season)), .number(row.growthPerStep), known(row.backTests.map(Double.init)),
          known(row.meanAbsoluteError), known(row.coverage),
        ]
      },
      note: "Each back-test forecasts one step from what was known before it; 95% of steps should be inside.")
  }

  var tradeOffTable: Table {
    Table(
      id: "trade-offs", title: "Plans of the last month that no other beats in both aims",
      columns: [
        .init("Aims"), .init("Price put on the other aim"),
        .init("Cost", unit: "\(money)/month", format: .dollars),
        .init("Carbon", unit: "t CO2/month", format: .decimal1),
        .init("Mean round trip", unit: "ms", format: .decimal1), .init("Chips", format: .integer),
      ],
      rows: (plan.tradeOffs ?? []).map { row in
        [
          .text(row.front.rawValue), .text(row.price), .number(row.monthlyCost),
          .number(row.carbonKilograms / 1000), .number(row.meanRoundTripSeconds * 1000),
          .number(Double(row.chips)),
        ]
      })
  }

  var baselineTable: Table {
    Table(
      id: "baselines", title: "What simpler methods reach on the last month",
      columns: [
        .init("Method"), .init("Objective", unit: "\(money)/month", format: .dollars),
        .init("Above the integer program", format: .percent),
      ],
      rows: (plan.baselines ?? []).map { row in
        [
          .text(row.method), row.objective.map { .number($0) } ?? .absent(reason: "the method found no plan"),
          row.above.map { .number($0) } ?? .absent(reason: "the method found no plan"),
        ]
      })
  }
}
