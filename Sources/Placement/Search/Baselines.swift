/// What simpler methods reach on one month of the same problem, for comparison with the proved plan.
public struct Baselines: Sendable {
  public struct Row: Sendable, Hashable {
    public var name: String
    /// Objective of the method's plan; `nil` when it found none.
    public var objective: Double?
  }

  /// Greedy placement, and local search that starts from it.
  ///
  /// - Greedy: flows from the largest to the smallest, each to the option that adds least cost per request and still
  ///   has room, one replica at a time.
  /// - Local search: one replica less, one replica moved, while the routing still fits and the cost falls.
  public static func compare(_ problem: PlacementProblem, month: Int) throws(PlacementError) -> [Row] {
    let resolved = try ResolvedProblem(problem.only(month: month))
    let model = PlacementModel(resolved, months: [0])
    let trial = ReplicaTrials(model)
    let greedy = GreedyPlacement(resolved).replicas().flatMap { counts in
      trial.cost(counts).map { (counts: counts, cost: $0) }
    }
    let searched = greedy.map { improved($0.counts, $0.cost, trial, model) }
    return [
      Row(name: "greedy", objective: greedy?.cost), Row(name: "local search", objective: searched),
    ]
  }

  private static func improved(
    _ start: [Int], _ cost: Double, _ trial: ReplicaTrials, _ model: PlacementModel
  ) -> Double {
    var (counts, least) = (start, cost)
    var better = true
    while better, trial.count < 400 {
      better = false
      for less in counts.indices where counts[less] > 0 {
        for more in [nil] + counts.indices.map(Optional.some) where more != less {
          guard counts[less] > 0, trial.count < 400 else { continue }
          var next = counts
          next[less] -= 1
          if let more { next[more] += 1 }
          guard let cost = trial.cost(next), cost < least * (1 - 1e-9) else { continue }
          (counts, least, better) = (next, cost, true)
        }
      }
    }
    return least
  }
}

/// Costs of given replica counts, spares, purchases and openings chosen for them.
final class ReplicaTrials {
  private let model: PlacementModel
  private(set) var count = 0

  init(_ model: PlacementModel) { self.model = model }

  /// The objective with these working replicas, or `nil` when they cannot serve.
  func cost(_ counts: [Int]) -> Double? {
    count += 1
    var program = model.program
    for (column, value) in zip(model.months[0].work, counts) {
      guard Double(value) <= program.columnUpper[column] else { return nil }
      program.setBounds(Double(value), Double(value), of: column)
      program.setContinuous(column)
    }
    guard
      case .solved(_, let objective, _, _) = IntegerSolver.solve(
        program, limits: SearchLimits(relativeGap: 0))
    else { return nil }
    return objective
  }
}

/// Flows from the largest to the smallest, each where it adds least cost per request.
struct GreedyPlacement {
  private let problem: ResolvedProblem
  init(_ problem: ResolvedProblem) { self.problem = problem }

  /// Working replicas by option, or `nil` when greed ends with demand unserved.
  func replicas() -> [Int]? {
    var counts = [Int](repeating: 0, count: problem.options.count)
    var room = [Double](repeating: 0, count: problem.options.count)
    let costs = MonthCosts(problem, month: 0)
    let order = problem.flows.indices.sorted {
      let (a, b) = (problem.flows[$0].rates[0], problem.flows[$1].rates[0])
      return a != b ? a > b : $0 < $1
    }
    for index in order {
      let flow = problem.flows[index]
      var left = flow.rates[0]
      let ranked = flow.routes.sorted { a, b in
        let (x, y) = (perRequest(a, flow, costs), perRequest(b, flow, costs))
        return x != y ? x < y : a.option < b.option
      }
      for route in ranked where left > 1e-12 {
        let capacity = problem.options[route.option].capacity[flow.requestClass]
        while left > 1e-12 {
          if room[route.option] <= 1e-12 {
            guard let more = next(route.option, counts, wanting: left / capacity) else { break }
            counts[route.option] += more
            room[route.option] += Double(more) * problem.problem.maxUtilization
          }
          let taken = min(left, room[route.option] * capacity)
          left -= taken
          room[route.option] -= taken / capacity
        }
      }
      if left > 1e-9 { return nil }
    }
    return survivable(counts, costs)
  }

  /// With a site loss to survive: replicas elsewhere for whatever the worst loss leaves unserved, the cheapest for its
  /// capacity first, until no loss leaves anything; `nil` when there is no room for them.
  private func survivable(_ start: [Int], _ costs: MonthCosts) -> [Int]? {
    var counts = start
    while let loss = worstLoss(counts) {
      let room = problem.optionsOfService[loss.service].filter {
        problem.options[$0].site != loss.site && problem.options[$0].capacity[0] > 0
      }.map { (option: $0, cost: costs.perReplica($0) / problem.options[$0].capacity[0]) }
        .sorted { ($0.cost, $0.option) < ($1.cost, $1.option) }
      let step = room.lazy.compactMap { entry -> (option: Int, more: Int)? in
        let load = loss.missing / problem.options[entry.option].capacity[0]
        return next(entry.option, counts, wanting: load).map { (entry.option, $0) }
      }.first
      guard let step else { return nil }
      counts[step.option] += step.more
    }
    return counts
  }

  /// The service and the lost site that leave most requests a second unserved, of one class; `nil` when none does.
  private func worstLoss(_ counts: [Int]) -> (service: Int, site: Int, missing: Double)? {
    guard problem.problem.survivesSiteLoss else { return nil }
    var worst: (service: Int, site: Int, missing: Double)?
    for service in problem.services.indices {
      let own = problem.optionsOfService[service]
      let demand = problem.peak(ofFlows: problem.flowsOfService[service], month: 0)
      for site in Set(own.map { problem.options[$0].site }).sorted() {
        let left = own.filter { problem.options[$0].site != site }
          .reduce(0) { $0 + Double(counts[$1]) * problem.options[$1].capacity[0] }
        let missing = demand - left * problem.problem.utilizationAfterLoss
        if missing > 1e-9 * demand, missing > worst?.missing ?? 0 { worst = (service, site, missing) }
      }
    }
    return worst
  }

  private func perRequest(
    _ route: ResolvedProblem.FlowEntry.Route, _ flow: ResolvedProblem.FlowEntry, _ costs: MonthCosts
  ) -> Double {
    costs.perReplica(route.option) / problem.options[route.option].capacity[flow.requestClass]
  }

  /// How many replicas of an option to add: one, or a whole pool where none stands and the load would fill it.
  private func next(_ option: Int, _ counts: [Int], wanting load: Double) -> Int? {
    let least = problem.options[option].option.leastReplicas
    let more = counts[option] > 0 ? 1 : least
    if more > 1, load < Double(more) * problem.problem.maxUtilization { return nil }
    let sizes = problem.sizesOfOption.first { $0.contains(option) } ?? [option]
    guard sizes.allSatisfy({ $0 == option || counts[$0] == 0 }) else { return nil }
    return fits(option, counts, adding: more) ? more : nil
  }

  /// May more replicas of an option stand, by tiling and power?
  private func fits(_ option: Int, _ counts: [Int], adding more: Int) -> Bool {
    var next = counts
    next[option] += more
    let pod = problem.options[option].pod
    let mix = problem.options.indices.filter { problem.options[$0].pod == pod }
      .map { (footprint: problem.options[$0].footprint, count: next[$0]) }
    let entry = problem.pods[pod]
    guard entry.tiling.fits(mix, blocks: entry.pod.standingBlocks(inMonth: 0)) else { return false }
    let site = problem.sites[entry.site]
    var watts = 0.0
    for other in problem.podsAtSite[entry.site] {
      let at = problem.pods[other]
      let idle = at.terms[0].isFixed ? at.idleWatts : 0
      watts += idle * Double(at.tiling.blockChips * at.pod.standingBlocks(inMonth: 0))
      for index in problem.optionsAtSite[entry.site] where problem.options[index].pod == other {
        watts += Double(next[index] * problem.options[index].option.chips) * (at.busyWatts - idle)
      }
    }
    return watts * site.pue <= site.powerCap(inMonth: 0).value * (1 + 1e-9)
  }
}
