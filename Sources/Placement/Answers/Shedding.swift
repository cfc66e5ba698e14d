/// Demand of one service in one month that goes unserved because not everything fits.
public struct Shed: Sendable, Hashable {
  public var month: Int
  public var service: String
  public var priority: Int
  /// Requests per second of the peak hour that are turned away, and their share of the service's demand.
  public var requestsPerSecond: Double
  public var share: Double
  public var sentence: String
}

/// Who goes short when not everything can be served: the lowest priority first.
///
/// For each priority from the highest down, the least unserved demand of its services is found with everything above
/// already served as far as it can be; then the next.
struct SheddingStudy {
  let problem: ResolvedProblem
  private let limits = SearchLimits(relativeGap: 1e-3, nodes: 2000)

  init(_ problem: ResolvedProblem) { self.problem = problem }

  /// Unserved requests per second of every flow in one month; `nil` when even nothing at all cannot be served.
  func unmet(month: Int) -> [Double]? {
    let model = PlacementModel(problem, months: [month], elastic: .demand)
    var program = model.program
    let priorities = Set(problem.services.map(\.priority)).sorted(by: >)
    var point: [Double]?
    for priority in priorities {
      let level = model.months[0].unmet.keys.sorted().filter {
        problem.services[problem.flows[$0].service].priority == priority
      }
      let columns = level.compactMap { model.months[0].unmet[$0] }
      guard !columns.isEmpty else { continue }
      for column in 0..<program.columns { program.setCost(0, of: column) }
      for column in columns { program.setCost(1, of: column) }
      guard case .solved(let found, let least, _, _) = IntegerSolver.solve(program, limits: limits) else {
        return nil
      }
      point = found
      let held = columns.map { LinearProgram.Term(column: $0, coefficient: 1) }
      program.row(held, upper: least * (1 + 1e-6) + 1e-6)
    }
    guard let point else { return nil }
    return problem.flows.indices.map { flow in
      model.months[0].unmet[flow].map { point[$0] < 1e-5 ? 0 : point[$0] } ?? 0
    }
  }

  /// The services that go short in a month, the lowest priority first.
  func rows(_ unmet: [Double], month: Int) -> [Shed] {
    problem.services.indices.compactMap { service -> Shed? in
      let missing = problem.flowsOfService[service].reduce(0) { $0 + unmet[$1] }
      let demand = problem.demand(ofService: service, month: month)
      guard missing > 1e-6, demand > 0 else { return nil }
      let entry = problem.services[service]
      let share = min(1, missing / demand)
      return Shed(
        month: month, service: entry.service, priority: entry.priority, requestsPerSecond: missing,
        share: share,
        sentence: "\(entry.service) (priority \(entry.priority)) goes \(Words.number(missing)) of "
          + "\(Words.number(demand)) req/s short")
    }.sorted { ($0.priority, $0.service) < ($1.priority, $1.service) }
  }
}
