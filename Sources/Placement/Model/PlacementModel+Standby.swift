extension PlacementModel {
  /// Every deployment in use carries its load with some of its replicas gone:
  ///
  ///     Σ_f load_fo(h) · share[f,o] + u·k·used[o] ≤ u·work[o],   share[f,o] ≤ used[o],   u = utilisation after a loss
  mutating func addStandbyRows() {
    let count = problem.problem.standbyReplicas
    guard count > 0 else { return }
    let month = current
    var loads = [OptionLoad](repeating: OptionLoad(), count: problem.options.count)
    for (index, flow) in problem.flows.enumerated() where flow.rates[month.month] > 0 {
      for (position, route) in flow.routes.enumerated() {
        let load = flow.rates[month.month] / problem.options[route.option].capacity[flow.requestClass]
        loads[route.option].add(month.share[index][position], load: load, critical: flow.critical)
      }
    }
    let most = utilization(after: true)
    for option in loads.indices where !loads[option].peaks.isEmpty {
      let used = program.column(upper: 1, integer: true)
      for row in loads[option].rows {
        program.row(
          row + [
            Term(column: used, coefficient: most * Double(count)),
            Term(column: month.work[option], coefficient: -most),
          ], upper: 0)
      }
      for term in loads[option].peaks { links.append(([term.column], used)) }
      let any = loads[option].peaks.map { Term(column: $0.column, coefficient: 1) }
      program.row(any + [Term(column: used, coefficient: -Double(any.count))], upper: 0)
    }
  }
}
