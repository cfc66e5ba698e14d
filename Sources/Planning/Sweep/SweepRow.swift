import FleetData

/// What one cell of a sweep came to; plain values, so that shards merge by sorting.
public struct SweepRow: Codable, Sendable, Hashable {
  /// Content address: the same inputs, traces, values and version give the same id.
  public var id: String
  public var values: [String]
  public var status: Plan.Verdict.Status
  public var verdict: String
  public var firstMonthCost: Double?
  public var lastMonthCost: Double?
  public var totalCost: Double?
  public var lastMonthChips: Int?
  public var carbonKilograms: Double?
  /// The largest simulated latency over its target; at most 1 when every SLO is kept.
  public var worstLatencyShare: Double?
  public var failedGates: [String]

  enum CodingKeys: String, CodingKey {
    case id, values, status, verdict
    case firstMonthCost = "first_month_usd"
    case lastMonthCost = "last_month_usd"
    case totalCost = "total_usd"
    case lastMonthChips = "last_month_chips"
    case carbonKilograms = "carbon_kg"
    case worstLatencyShare = "worst_latency_share"
    case failedGates = "failed_gates"
  }

  public init(id: String, values: [String], plan: Plan) {
    self.id = id
    self.values = values
    status = plan.verdict.status
    verdict = plan.verdict.sentence
    firstMonthCost = plan.months.first?.totalCost
    lastMonthCost = plan.months.last?.totalCost
    totalCost = plan.months.isEmpty ? nil : plan.months.reduce(0) { $0 + $1.totalCost }
    lastMonthChips = plan.months.last?.chipsUsed
    let carbon = plan.costs.compactMap(\.carbonKilograms)
    carbonKilograms = carbon.isEmpty ? nil : carbon.reduce(0, +)
    worstLatencyShare = plan.serviceLevels.map { $0.result.value / $0.targetSeconds }.max()
    failedGates = plan.gates.filter { $0.status == .fail }.map(\.gate.name)
  }
}

/// The rows of a sweep with its axes, in the order of the matrix.
public struct SweepResult: Codable, Sendable, Hashable {
  public var schema = "sweep/1"
  public var axes: [String]
  public var rows: [SweepRow]
  /// Ids of feasible rows that no other row beats in total cost, carbon and latency at once.
  public var pareto: [String]

  public init(axes: [String], rows: [SweepRow]) {
    self.axes = axes
    self.rows = rows
    let feasible = rows.filter { $0.status == .feasible }
    pareto = feasible.filter { row in !feasible.contains { $0.beats(row) } }.map(\.id)
  }
}

extension SweepRow {
  /// At least as good in every respect and better in one.
  func beats(_ other: SweepRow) -> Bool {
    let mine = objectives
    let theirs = other.objectives
    return zip(mine, theirs).allSatisfy { $0 <= $1 } && mine != theirs
  }

  private var objectives: [Double] {
    [totalCost ?? .infinity, carbonKilograms ?? 0, worstLatencyShare ?? .infinity]
  }
}

extension SweepResult {
  /// The sweep as a table, one row per cell.
  public var table: Table {
    Table(
      id: "sweep", title: "Sweep",
      columns: axes.map { .init($0) } + [
        .init("Status"), .init("Total cost", unit: "$", format: .dollars),
        .init("Last month", unit: "$", format: .dollars), .init("Chips", format: .integer),
        .init("Carbon", unit: "kg", format: .integer), .init("Worst latency / target", format: .percent),
        .init("Pareto"),
      ],
      rows: rows.map { row in
        row.values.map { .text($0) } + [
          .text(row.status.rawValue), number(row.totalCost), number(row.lastMonthCost),
          number(row.lastMonthChips.map(Double.init)), number(row.carbonKilograms),
          number(row.worstLatencyShare), .text(pareto.contains(row.id) ? "yes" : ""),
        ]
      })
  }

  private func number(_ value: Double?) -> Cell {
    value.map { .number($0) } ?? .absent(reason: "not planned")
  }
}

extension SweepResult {
  /// Cost against latency of the feasible cells; those that no other beats are marked.
  public var chart: Chart {
    let planned = rows.filter { $0.totalCost != nil && $0.worstLatencyShare != nil && $0.status == .feasible }
    func points(_ best: Bool) -> [Chart.Point] {
      planned.filter { pareto.contains($0.id) == best }.map {
        .init(
          x: ($0.worstLatencyShare ?? 0) * 100, y: $0.totalCost ?? 0, label: $0.values.joined(separator: ", ")
        )
      }
    }
    return Chart(
      id: "sweep", title: "Cost of each cell against its slowest promise", kind: .scatter,
      x: .init("Worst latency", unit: "% of its target"), y: .init("Cost over the horizon", unit: "$"),
      series: [.init("beaten by another", points(false)), .init("on the frontier", points(true))]
        .filter { !$0.points.isEmpty },
      altText: "\(planned.count) cells, \(pareto.count) of them on the frontier of cost, carbon and latency.")
  }
}
