/// What one more unit of each binding limit is worth, from the dual values of the linear relaxation.
///
/// The relaxation lets replicas be fractional, so a price is the slope of the bound, not of the plan: it says where to
/// look. What a whole unit changes is found by planning again with it (`WorthStudy`).
enum ShadowPrices {
  static func bindings(
    of model: PlacementModel, at solution: RelaxedSolver.Solution
  ) -> [PlacementPlan.Binding] {
    var worth: [PlacementConstraint: Double] = [:]
    var order: [PlacementConstraint] = []
    for (row, constraint) in model.tags {
      let value = solution.rowPrices[row] * units(of: constraint, row: row, model)
      if worth[constraint] == nil { order.append(constraint) }
      worth[constraint, default: 0] += value.magnitude
    }
    for (constraint, price) in pricesOfBounds(model, solution) {
      if worth[constraint] == nil { order.append(constraint) }
      worth[constraint, default: 0] += price
    }
    let threshold = 1e-9 * max(solution.objective.magnitude, 1e-9)
    return order.compactMap { constraint in
      guard let price = worth[constraint], price > threshold else { return nil }
      return PlacementPlan.Binding(constraint: constraint, shadowPrice: price, unit: constraint.unit)
    }
  }

  /// Chips of pods that one option fills alone: there the limit is the column's own, and its reduced cost the price.
  private static func pricesOfBounds(
    _ model: PlacementModel, _ solution: RelaxedSolver.Solution
  ) -> [(PlacementConstraint, Double)] {
    model.months.flatMap { month in
      model.problem.options.indices.compactMap { option -> (PlacementConstraint, Double)? in
        let (column, entry) = (month.work[option], model.problem.options[option])
        let most = Double(model.mostOnGround(option, month.month))
        guard solution.reducedCosts[column] < 0, solution.point[column] >= most - 1e-9 else { return nil }
        let price = -solution.reducedCosts[column] / Double(entry.footprint.occupiedChips)
        return (.chips(pod: entry.option.pod, month: month.month), price)
      }
    }
  }

  /// How much one user-facing unit of a limit moves the right-hand side of one of its rows.
  private static func units(of constraint: PlacementConstraint, row: Int, _ model: PlacementModel) -> Double {
    switch constraint {
    case .chips(let pod, _):
      guard let entry = model.problem.pods.first(where: { $0.pod.id == pod }) else { return 0 }
      let rows = model.tags.filter { $0.constraint == constraint }.map(\.row)
      let level = rows.firstIndex(of: row) ?? 0
      return Double(entry.tiling.cells(perBlock: level)) / Double(entry.tiling.blockChips)
    case .power(let site, _), .hourlyPower(let site, _, _), .powerRamp(let site, _, _):
      let pue = model.problem.sites.first { $0.id == site }?.pue ?? 1
      return 1e6 / pue / 1000
    case .cooling: return 1e6 / 1000
    case .budget:
      return 1 / max((model.problem.problem.monthlyBudget?.value ?? 0) / 1000, 1e-6)
    default:
      return 1
    }
  }
}

extension PlacementConstraint {
  /// What a shadow price of this limit is per.
  var unit: String {
    switch self {
    case .chips, .quota: "chip"
    case .power, .hourlyPower, .powerRamp, .cooling: "MW"
    case .space: "rack"
    case .bandwidth: "link"
    case .budget: "USD"
    case .purchases: "block"
    case .siteLoss: "requirement"
    default: "unit"
    }
  }
}
