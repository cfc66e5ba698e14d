import Quantities

/// Other plans that were possible in one month, and what each gives up.
public struct PlanAlternatives: Sendable {
  public struct Row: Sendable, Hashable {
    /// `cheapest`, `safest`, `greenest` or `fastest`.
    public var name: String
    public var monthlyCost: Double
    public var carbonKilograms: Double
    /// Mean round trip of a request.
    public var meanRoundTrip: Seconds
    public var chips: Int
    public var givesUp: String
  }

  /// The cheapest plan of a month beside the safest, the greenest and the one nearest to its users; those with no
  /// plan are left out.
  public static func compare(_ problem: PlacementProblem, month: Int) throws(PlacementError) -> [Row] {
    let single = problem.only(month: month)
    var rows = [row("cheapest", try Placer.plan(single))]
    var safest = single
    safest.survivesSiteLoss = true
    safest.maxUtilization = single.maxUtilization * 0.75
    var greenest = single
    greenest.weights = PlacementProblem.Weights(cost: 1e-4, carbonPerKilogram: 1)
    var fastest = single
    fastest.weights = PlacementProblem.Weights(cost: 1e-4, latencyPerSecond: 1e4)
    for (name, other) in [("safest", safest), ("greenest", greenest), ("fastest", fastest)] {
      if let plan = try feasible(other) { rows.append(row(name, plan)) }
    }
    let safety =
      single.survivesSiteLoss ? "more room after the loss of a site" : "surviving the loss of a site"
    for index in rows.indices { rows[index].givesUp = givesUp(rows[index], rows, safety: safety) }
    return rows
  }

  /// Plans between the cheapest and the greenest, none worse than another in both cost and carbon.
  ///
  /// - Parameter prices: dollars per kilogram of CO2 that the plans are made at.
  public static func costAgainstCarbon(
    _ problem: PlacementProblem, month: Int, prices: [Double] = [0, 0.1, 0.3, 1, 3, 10, 100]
  ) throws(PlacementError) -> [Row] {
    try front(problem.only(month: month), prices, other: \.carbonKilograms) { priced, price in
      priced.weights.carbonPerKilogram = price
      return "$\(Words.number(price * 1000))/t CO2"
    }
  }

  /// Plans between the cheapest and the one nearest to its users, none worse than another in both cost and round trip.
  ///
  /// - Parameter prices: dollars per second of waiting, for one request a second over a month.
  public static func costAgainstLatency(
    _ problem: PlacementProblem, month: Int, prices: [Double] = [0, 10, 100, 300, 1000, 3000, 30_000]
  ) throws(PlacementError) -> [Row] {
    try front(problem.only(month: month), prices, other: \.meanRoundTrip.value) { priced, price in
      priced.weights.latencyPerSecond = price
      return "$\(Words.number(price)) per second for 1 req/s"
    }
  }

  private static func front(
    _ problem: PlacementProblem, _ prices: [Double], other: (Row) -> Double,
    _ pricing: (inout PlacementProblem, Double) -> String
  ) throws(PlacementError) -> [Row] {
    var rows: [Row] = []
    for price in prices {
      var priced = problem
      let name = pricing(&priced, price)
      rows.append(row(name, try Placer.plan(priced)))
    }
    return rows.indices.filter { index in
      !rows.indices.contains {
        $0 != index && dominates(rows[$0], rows[index], other: other, first: $0 < index)
      }
    }.map { rows[$0] }
  }

  private static func dominates(_ a: Row, _ b: Row, other: (Row) -> Double, first: Bool) -> Bool {
    let slack = 1e-6
    let noWorse = a.monthlyCost <= b.monthlyCost * (1 + slack) && other(a) <= other(b) * (1 + slack)
    let better = a.monthlyCost < b.monthlyCost * (1 - slack) || other(a) < other(b) * (1 - slack)
    return noWorse && (better || first)
  }

  private static func feasible(_ problem: PlacementProblem) throws(PlacementError) -> PlacementPlan? {
    do { return try Placer.plan(problem) } catch .infeasible { return nil }
  }

  private static func row(_ name: String, _ plan: PlacementPlan) -> Row {
    let rate = plan.routes.reduce(0) { $0 + $1.requestsPerSecond }
    let trips = plan.routes.reduce(0) { $0 + $1.requestsPerSecond * $1.roundTrip.value }
    return Row(
      name: name, monthlyCost: plan.costs.reduce(0) { $0 + $1.total },
      carbonKilograms: plan.costs.reduce(0) { $0 + $1.carbonKilograms },
      meanRoundTrip: Seconds(rate > 0 ? trips / rate : 0),
      chips: plan.deployments.reduce(0) { $0 + ($1.replicas + $1.spares) * $1.chipsPerReplica }, givesUp: "")
  }

  /// What a plan does not have that another of the rows has, in words.
  private static func givesUp(_ row: Row, _ rows: [Row], safety: String) -> String {
    func other(_ name: String) -> Row? { rows.first { $0.name == name && $0.name != row.name } }
    var parts: [String] = []
    if let cheapest = other("cheapest"), row.monthlyCost > cheapest.monthlyCost + 0.005 {
      parts.append("\(Words.dollars(row.monthlyCost - cheapest.monthlyCost)) a month against the cheapest")
    }
    if row.name != "safest", other("safest") != nil { parts.append(safety) }
    if let greenest = other("greenest"), row.carbonKilograms > greenest.carbonKilograms * (1 + 1e-6) + 1e-6 {
      let more = Words.number(row.carbonKilograms - greenest.carbonKilograms)
      parts.append("\(more) kg of CO2 a month that the greenest avoids")
    }
    if let fastest = other("fastest"), row.meanRoundTrip.value > fastest.meanRoundTrip.value + 5e-5 {
      let more = Words.seconds(row.meanRoundTrip.value - fastest.meanRoundTrip.value)
      parts.append("\(more) of round trip that the nearest saves")
    }
    return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
  }
}
