import FleetData

/// A plan with its rows grouped once, for the sections and sheets that show them.
struct PlanView {
  let plan: Plan
  let number: NumberText
  /// Cost lines, deployments, inventory and power by month index.
  let costs: [Int: [Plan.CostLine]]
  let deployments: [Int: [Plan.Deployment]]
  let inventory: [Int: [Plan.InventoryRow]]
  let power: [Int: [Plan.PowerRow]]

  init(_ plan: Plan) {
    self.plan = plan
    number = NumberText(currency: plan.currency)
    costs = Dictionary(grouping: plan.costs, by: \.month)
    deployments = Dictionary(grouping: plan.deployments, by: \.month)
    inventory = Dictionary(grouping: plan.inventory, by: \.month)
    power = Dictionary(grouping: plan.power, by: \.month)
  }

  var months: [Plan.Month] { plan.months }
  var first: Plan.Month? { plan.months.first }
  var last: Plan.Month? { plan.months.last }

  /// A shortfall's sentence, with its month in front where it does not begin with it.
  func dated(_ short: Plan.Shortfall) -> String {
    let month = label(short.month)
    return short.sentence.hasPrefix(month) ? short.sentence : "\(month): \(short.sentence)"
  }

  func label(_ month: Int) -> String {
    PlanCalendar(start: plan.startMonth).label(month)
  }

  /// The unit of a column of money: `$`, or the currency's ISO code.
  var money: String { plan.currency == "USD" ? "$" : plan.currency }

  func cost(_ month: Int, where matches: (Plan.CostLine) -> Bool) -> Double {
    (costs[month] ?? []).reduce(0) { $0 + (matches($1) ? $1.cost : 0) }
  }

  /// Sums of a value by name, largest first, names in alphabetical order where sums are equal.
  static func ranked<Row>(
    _ rows: [Row], by name: (Row) -> String, _ value: (Row) -> Double
  ) -> [(name: String, sum: Double)] {
    var sums: [String: Double] = [:]
    for row in rows { sums[name(row), default: 0] += value(row) }
    return sums.map { (name: $0.key, sum: $0.value) }.sorted { ($1.sum, $0.name) < ($0.sum, $1.name) }
  }

  /// One series per name over the months; the ninth and further names are added up as "other".
  func monthly<Row>(
    _ rows: [Int: [Row]], by name: (Row) -> String, _ value: (Row) -> Double, limit: Int = 8
  ) -> [Chart.Series] {
    let all = months.flatMap { rows[$0.index] ?? [] }
    let ranked = Self.ranked(all, by: name, value).map(\.name)
    let kept = ranked.count > limit ? Array(ranked.prefix(limit - 1)) : ranked
    let place = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    let names = kept.count < ranked.count ? kept + ["other (\(ranked.count - kept.count))"] : kept
    var sums = [[Double]](repeating: [Double](repeating: 0, count: months.count), count: names.count)
    for (m, month) in months.enumerated() {
      for row in rows[month.index] ?? [] { sums[place[name(row)] ?? kept.count][m] += value(row) }
    }
    return zip(names, sums).map { name, values in
      Chart.Series(name, values.enumerated().map { .init(x: Double($0.offset), y: $0.element) })
    }
  }
}
