import FleetData

/// Checks: the workbook against itself at all times, and against the planner while nothing was edited.
extension CapacityModel {
  private enum X: Int { case check, sheet, planner, tolerance, always, error }

  mutating func checksSheet(
    _ demand: Sheet, _ capacity: Sheet, _ inventory: Sheet, _ power: Sheet, _ costs: Sheet, _ forecast: Sheet
  ) -> Sheet {
    var sheet = Sheet(
      "Checks", title: "Checks",
      note: "Comparisons with the planner rest while an input differs from the run.",
      columns: [
        .init("Check"), .init("This workbook", .link, .decimal3), .init("Planner", .simulator, .decimal3),
        .init("Tolerance", .simulator, .scientific), .init("Compared"),
        .init("Error", .calculation, .integer),
      ])
    sheet.alarmColumns = [X.error.rawValue]
    sheet.hasFilter = false
    func whole(_ of: Sheet, _ column: Int, _ value: Double) -> Live {
      of.sum(column, 0..<of.rows.count, value)
    }
    let total = plan.months.reduce(0) { $0 + $1.totalCost }
    let lines = plan.costs.reduce(0) { $0 + $1.cost }
    let used = Double(plan.inventory.reduce(0) { $0 + $1.used })
    let installed = Double(plan.inventory.reduce(0) { $0 + $1.installed })
    let idle =
      Double(plan.inventory.reduce(0) { $0 + $1.stranded })
      + plan.inventory.reduce(0.0) { $0 + Double($1.installed - $1.used - $1.stranded) }
    let replicas = Double(shownReplicas)
    let requests = plan.demand.reduce(0) { $0 + $1.requestsPerSecond }
    let facility = plan.power.reduce(0) { $0 + $1.facilityWatts / 1000 }
    func add(_ name: String, _ live: Live, _ planner: Double, tolerance: Double, always: Live? = nil) {
      appendCheck(&sheet, name, live, planner, tolerance: tolerance, always: always)
    }
    add(
      "Cost over the horizon", whole(forecast, F.total.rawValue, total), total,
      tolerance: 1e-9 * abs(total) + 1e-6)
    add(
      "Cost lines of the run sum to its totals", whole(costs, K.runCost.rawValue, lines), total,
      tolerance: 1e-9 * abs(total) + 1e-6)
    add("Replicas", whole(capacity, C.replicas.rawValue, replicas), replicas, tolerance: 1e-6)
    add("Chips used", whole(inventory, V.used.rawValue, used), used, tolerance: 1e-6)
    let owned = plan.months.reduce(0) { $0 + $1.chipsInstalled }
    add("Chips installed", whole(inventory, V.installed.rawValue, installed), Double(owned), tolerance: 1e-6)
    add(
      "Requests per second", whole(demand, D.now.rawValue, requests), requests,
      tolerance: 1e-9 * requests + 1e-9)
    add(
      "Facility power, kW", whole(power, W.facility.rawValue, facility), facility,
      tolerance: 1e-9 * facility + 1e-9)
    let both =
      whole(inventory, V.used.rawValue, used) + whole(inventory, V.stranded.rawValue, 0)
      + whole(inventory, V.free.rawValue, idle)
    add(
      "Used + stranded + free = installed", .closed(both.formula, installed), installed, tolerance: 1e-6,
      always: whole(inventory, V.installed.rawValue, installed))
    add(
      "Categories sum to the total",
      .closed(
        (whole(forecast, F.compute.rawValue, 0) + whole(forecast, F.energy.rawValue, 0)
          + whole(forecast, F.other.rawValue, 0)).formula,
        total), total, tolerance: 1e-9 * abs(total) + 1e-6, always: whole(costs, K.cost.rawValue, total))
    add(
      "The planner's own laws that broke", .literal(Double(plan.checks.count { !$0.passed })), 0,
      tolerance: 0,
      always: .literal(0))
    appendTotal(&sheet)
    return sheet
  }

  /// Replicas on the Capacity sheet.
  private var shownReplicas: Int { plan.deployments.reduce(0) { $0 + $1.replicas } }

  /// - Parameter always: compared at all times with this instead of the planner's value.
  private func appendCheck(
    _ sheet: inout Sheet, _ name: String, _ live: Live, _ planner: Double, tolerance: Double, always: Live?
  ) {
    let r = sheet.rows.count
    func at(_ column: X, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let apart = (at(.sheet, live.value) - at(.planner, planner)).magnitude
    let differs = Live.choose(.isAtMost(apart, at(.tolerance, tolerance)), .literal(0), .literal(1))
    let edits = simulatorEdits + priceEdits
    let error = always == nil ? Live.choose(.isOver(edits, .literal(0)), .literal(0), differs) : differs
    sheet.append([
      .text(name), .live(live), always.map { .live($0, .link) } ?? .number(planner), .number(tolerance),
      .text(always == nil ? "with the planner, while nothing is edited" : "always"), .live(error),
    ])
  }

  private mutating func appendTotal(_ sheet: inout Sheet) {
    let rows = 0..<sheet.rows.count
    let broken = sheet.rows.reduce(0.0) { total, row in
      guard case .live(let live) = row[X.error.rawValue].content else { return total }
      return total + live.value
    }
    let sum = sheet.sum(X.error.rawValue, rows, broken)
    let row = sheet.rows.count
    sheet.append([.text("Errors in all"), .empty, .empty, .empty, .empty, .live(sum)])
    checkTotal = sheet.live(row, X.error.rawValue, broken)
    book.define("chk_total", sheet, row: row, column: X.error.rawValue)
  }
}
