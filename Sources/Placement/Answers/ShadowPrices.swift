/// What one more unit of each binding limit is worth, from the dual values of the linear relaxation.
///
/// The relaxation lets replicas be fractional, so a price is the slope of the bound, not of the plan: one more unit
/// changes the best plan's cost by about this much, in steps of whole slices.
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
    let threshold = 1e-9 * max(solution.objective.magnitude, 1e-9)
    return order.compactMap { constraint in
      guard let price = worth[constraint], price > threshold else { return nil }
      return binding(constraint, price, model)
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

  private static func binding(
    _ constraint: PlacementConstraint, _ price: Double, _ model: PlacementModel
  ) -> PlacementPlan.Binding {
    let money = Words.dollars(price)
    let (unit, sentence) =
      switch constraint {
      case .chips(let pod, let month):
        ("chip", "another chip of \(pod) is worth \(money) a month in month \(month)")
      case .power(let site, let month):
        ("MW", "another MW at \(site) is worth \(money) a month in month \(month)")
      case .hourlyPower(let site, let hour, let month):
        ("MW", "another MW at \(site) at \(hour):00 UTC is worth \(money) a month in month \(month)")
      case .powerRamp(let site, let hour, let month):
        (
          "MW",
          "a ramp of another MW at \(site) into \(hour):00 UTC is worth \(money) a month in month \(month)"
        )
      case .cooling(let site, let month):
        ("MW", "cooling for another MW at \(site) is worth \(money) a month in month \(month)")
      case .space(let site, let month):
        ("rack", "another rack at \(site) is worth \(money) a month in month \(month)")
      case .quota(let chip, let site, let month):
        (
          "chip",
          "quota for another \(chip) chip at \(site ?? "all sites") is worth \(money) a month in month \(month)"
        )
      case .bandwidth(let region, let site, let month):
        (
          "link",
          "a second link between \(region) and \(site) is worth \(money) a month in month \(month)"
        )
      case .budget(let month): ("USD", "another dollar of budget saves \(money) in month \(month)")
      case .purchases(let pod): ("block", "leave to buy another block of \(pod) is worth \(money)")
      case .siteLoss(let site, let service, let month):
        ("requirement", "surviving the loss of \(site) costs \(service) \(money) in month \(month)")
      default: ("unit", "\(constraint.name) is worth \(money)")
      }
    return PlacementPlan.Binding(constraint: constraint, shadowPrice: price, unit: unit, sentence: sentence)
  }
}
