import FleetData

/// The capacity workbook: what finance opens, with prices, growth and limits to edit and totals that follow.
///
/// Inputs → Prices, Sites → Demand → Capacity → Inventory, Power → Costs → Forecast → Summary; latency and the
/// capacity of a replica are the simulator's and say so when an edited input makes them stale.
public enum CapacityWorkbook {
  /// Writes the workbook of a plan to `path`.
  ///
  /// - Throws: `WorkbookError` when a number of the plan is not finite or the file cannot be written.
  public static func write(_ plan: Plan, to path: String) throws(WorkbookError) {
    try XLSXWriter.write(workbook(plan), to: path)
  }

  static func workbook(_ plan: Plan) -> Workbook {
    var model = CapacityModel(plan)
    model.build()
    return model.book
  }
}

/// Builds the sheets in the order in which their formulas depend on each other.
struct CapacityModel {
  let plan: Plan
  let view: PlanView
  var book: Workbook

  /// Live values that later sheets refer to.
  var maxUtilization: Live?
  var monthHours = Live.literal(730.5)
  var discountRate: Live?
  var budget: Live?
  var growth: [String: (now: Live, run: Live)] = [:]
  var price: [String: Live] = [:]
  var electricity: [String: Live] = [:]
  var pue: [String: Live] = [:]
  var powerCap: [String: Live] = [:]
  var carbon: [String: Live] = [:]
  /// Demand of a service in a month, now and in the run.
  var demand: [MonthKey: (now: Live, run: Live)] = [:]
  var placed: PlacedRows = PlacedRows()
  var stock: [MonthKey: Stock] = [:]
  var monthSums: [Int: MonthSums] = [:]
  var serviceCosts: [MonthKey: Double] = [:]
  /// Rows of a month on the Costs sheet.
  var monthRows: [Int: Range<Int>] = [:]
  /// How many inputs differ from the run: those of the simulator, and prices.
  var simulatorEdits = Live.literal(0)
  var priceEdits = Live.literal(0)
  var checkTotal = Live.literal(0)

  struct MonthKey: Hashable {
    var month: Int
    var name: String
  }
  struct Stock {
    var used: Live
    var runUsed: Live
    var installed: Live
    var short: Live
  }
  struct MonthSums {
    var total: Live
    var energyKWh: Live
    var carbonKilograms: Live
  }

  init(_ plan: Plan) {
    self.plan = plan
    view = PlanView(plan)
    book = Workbook(
      title: "Capacity plan: \(plan.name)", subject: "plan \(plan.id), \(plan.schema)",
      currency: plan.currency)
  }

  var money: String { view.money }

  mutating func build() {
    let inputs = inputsSheet()
    let prices = pricesSheet()
    let sites = sitesSheet()
    countEdits(inputs, prices, sites)
    let demand = demandSheet()
    let capacity = capacitySheet()
    let inventory = inventorySheet(capacity)
    let power = powerSheet(capacity)
    let costs = costsSheet()
    let forecast = forecastSheet(costs, inventory)
    let tokens = tokensSheet(costs)
    let levels = latencySheet()
    let options = optionsSheet()
    let sensitivity = sensitivitySheet()
    let gates = gatesSheet()
    let checks = checksSheet(demand, capacity, inventory, power, costs, forecast)
    let provenance = provenanceSheet()
    let summary = summarySheet(forecast, tokens, levels, power, sensitivity)
    let rest =
      [
        summary, inputs, prices, sites, demand, capacity, inventory, power, costs, forecast, tokens, levels,
        options, sensitivity,
      ] + proofSheets() + [gates, checks, provenance]
    book.sheets = [coverSheet(rest)] + rest
  }
}
