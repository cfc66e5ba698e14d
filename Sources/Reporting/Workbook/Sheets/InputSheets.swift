import FleetData

/// Inputs, Prices and Sites: what may be edited, beside the value the run used.
extension CapacityModel {
  private enum I: Int {
    case key, value, unit, low, high, run, edited, feeds, source, asOf, grade, given, written
  }

  mutating func inputsSheet() -> Sheet {
    var sheet = Sheet(
      "Inputs", title: "Inputs",
      note:
        "Yellow cells are live: change one and every total follows. Grey values changed the simulation; they need a new run. Low and high are what the sensitivity analysis tried.",
      columns: [
        .init("Key"), .init("Value", .input), .init("Unit"), .init("Low", .simulator),
        .init("High", .simulator), .init("Run value", .simulator),
        .init("Edited", .calculation, .integer), .init("Feeds"), .init("Source"), .init("As of"),
        .init("Grade"),
        .init("Given by"), .init("Where"),
      ])
    sheet.alarmColumns = [I.edited.rawValue]
    appendScalars(&sheet)
    appendGrowth(&sheet)
    for row in plan.inputs {
      let plain = row.value.map { PlainUnit.of($0, row.unit) }
      let value: SheetCell =
        plain.map { .number($0.value, .simulator) } ?? .init(.text(row.text ?? "n/a"), .simulator)
      let place = row.location.map { "\($0.file):\($0.line ?? 1)" } ?? ""
      sheet.append([
        .text(row.id), value, .text(plain?.unit ?? row.unit), bound(row.low, of: row),
        bound(row.high, of: row),
        .empty, .empty, .text("the planner's run"),
        .text(row.source),
        .text(row.asOf), .text(row.grade.rawValue), .text(row.isDefault ? "default, not yours" : "you"),
        .text(place),
      ])
    }
    return sheet
  }

  /// An end of the range that was tried, in the unit of the value beside it; a share of it to nine decimals.
  private func bound(_ end: Double?, of row: Plan.InputRow) -> SheetCell {
    guard let end, let value = row.value, value != 0 else { return .empty }
    let share = (end / value * 1e9).rounded() / 1e9
    return .number(PlainUnit.of(value, row.unit).value * share, .simulator)
  }

  /// Appends a live row; returns the value in the sheet and the run's.
  private func appendLive(
    _ sheet: inout Sheet, _ key: String, _ value: Double, _ format: NumberFormat, unit: String, feeds: String,
    note: String, low: Double? = nil, high: Double? = nil
  ) -> (now: Live, run: Live, row: Int) {
    let row = sheet.rows.count
    let now = sheet.live(row, I.value.rawValue, value)
    let run = sheet.live(row, I.run.rawValue, value)
    let edited = Live.choose(.equals(now, run), .literal(0), .literal(1))
    sheet.append([
      .text(key), .number(value, .input, format), .text(unit),
      low.map { .number($0, .simulator, format) } ?? .empty,
      high.map { .number($0, .simulator, format) } ?? .empty, .number(value, .simulator, format),
      .live(edited),
      .text(feeds), .text(note), .text(""), .text(""), .text(""), .text(""),
    ])
    return (now, run, row)
  }

  private mutating func appendScalars(_ sheet: inout Sheet) {
    if let cap = plan.maxUtilization {
      let tried = plan.inputs.first { $0.id == "scenario.max_utilization" }
      let row = appendLive(
        &sheet, "in_max_utilization", cap, .percent, unit: "of a replica's capacity",
        feeds: "sizing, simulator",
        note: "the most of a replica's capacity the plan may use", low: tried?.low, high: tried?.high)
      maxUtilization = row.now
      book.define("in_max_utilization", sheet, row: row.row, column: I.value.rawValue)
    }
    if let rate = plan.annualDiscountRate {
      let row = appendLive(
        &sheet, "in_discount_rate", rate, .percent, unit: "per year", feeds: "present value",
        note: "what a later dollar is worth less")
      discountRate = row.now
      book.define("in_discount_rate", sheet, row: row.row, column: I.value.rawValue)
    }
    let budgets = Set(plan.months.map(\.budget))
    if budgets.count == 1, let limit = plan.months.first?.budget {
      let row = appendLive(
        &sheet, "in_budget", limit, .dollars, unit: "\(money) per month", feeds: "budget",
        note: "the limit of each month")
      budget = row.now
      book.define("in_budget", sheet, row: row.row, column: I.value.rawValue)
    }
    let row = sheet.rows.count
    sheet.append([
      .text("in_month_hours"), .number(730.5, .simulator, .decimal1), .text("hours"), .empty, .empty, .empty,
      .empty,
      .text("price of owned chips"), .text("a twelfth of 365.25 days"), .text(""), .text(""), .text(""),
      .text(""),
    ])
    monthHours = sheet.live(row, I.value.rawValue, 730.5)
    book.define("in_month_hours", sheet, row: row, column: I.value.rawValue)
  }

  private mutating func appendGrowth(_ sheet: inout Sheet) {
    for (i, service) in plan.services.enumerated() {
      let row = appendLive(
        &sheet, "growth of \(service.id)", service.monthlyGrowth, .percent, unit: "per month",
        feeds: "demand, simulator",
        note: "compound growth of demand")
      growth[service.id] = (row.now, row.run)
      if i < 12 { book.define("in_growth_\(i + 1)", sheet, row: row.row, column: I.value.rawValue) }
    }
  }

  private enum P: Int {
    case pod, site, chip, term, list, discount, net, capital, months, interest, watts, runNet, edited
  }

  mutating func pricesSheet() -> Sheet {
    var sheet = Sheet(
      "Prices", title: "Prices of chips",
      note:
        "Net = list × (1 − discount). The list price of owned chips follows from capital, interest and life where it can.",
      columns: [
        .init("Pod"), .init("Site"), .init("Chip"), .init("Term"),
        .init("List", .input, .dollarsCents, unit: "\(money)/chip-hour"), .init("Discount", .input, .percent),
        .init("Net", .calculation, .dollarsCents, unit: "\(money)/chip-hour"),
        .init("Capital", .input, .dollars, unit: "\(money)/chip"),
        .init("Life", .input, .decimal1, unit: "months"),
        .init("Interest", .input, .percent, unit: "per year"),
        .init("Power", .simulator, .integer, unit: "W/chip"),
        .init("Run net", .simulator, .dollarsCents, unit: "\(money)/chip-hour"),
        .init("Edited", .calculation, .integer), .init("Source"), .init("As of"), .init("Grade"),
      ])
    sheet.alarmColumns = [P.edited.rawValue]
    for pod in plan.pods {
      let row = sheet.rows.count
      let owned = ownedPrice(pod, sheet, row)
      let list = sheet.live(row, P.list.rawValue, owned?.value ?? pod.usdPerChipHour)
      let discount = sheet.live(row, P.discount.rawValue, 0)
      let net = list * (.literal(1) - discount)
      let cell = sheet.live(row, P.net.rawValue, net.value)
      let run = sheet.live(row, P.runNet.rawValue, pod.usdPerChipHour)
      let drift = LiveTest.isOver((cell - run).magnitude, .literal(1e-9))
      price[pod.id] = cell
      sheet.append([
        .text(pod.id), .text(pod.site), .text(pod.chip), .text(pod.term),
        owned.map { .live($0, .calculation) } ?? .number(pod.usdPerChipHour), .number(0), .live(net),
        .optional(pod.capitalUSDPerChip), .optional(pod.depreciationMonths), .optional(pod.annualInterest),
        .number(pod.wattsPerChip), .number(pod.usdPerChipHour),
        .live(.choose(drift, .literal(1), .literal(0))),
        .text(pod.source), .text(pod.asOf), .text(pod.grade.rawValue),
      ])
    }
    book.defineRange("price_list", sheet, column: P.list.rawValue)
    book.defineRange("price_net", sheet, column: P.net.rawValue)
    return sheet
  }

  /// capital × i / (1 − (1+i)^(−months/12)) / hours of a year; straight line without interest.
  private func ownedPrice(_ pod: Plan.PodRow, _ sheet: Sheet, _ row: Int) -> Live? {
    guard let usd = pod.capitalUSDPerChip, let life = pod.depreciationMonths, life > 0,
      let rate = pod.annualInterest
    else { return nil }
    let capital = sheet.live(row, P.capital.rawValue, usd)
    let months = sheet.live(row, P.months.rawValue, life)
    let interest = sheet.live(row, P.interest.rawValue, rate)
    let straight = capital / (months * monthHours)
    guard rate > 0 else { return straight.reproducing(pod.usdPerChipHour) }
    let years = Live.literal(0) - months / .literal(12)
    let annuity =
      capital * interest / (.literal(1) - .power(.literal(1) + interest, years)) / (.literal(12) * monthHours)
    return Live.choose(.equals(interest, .literal(0)), straight, annuity).reproducing(pod.usdPerChipHour)
  }

  private enum S: Int { case site, price, pue, cap, carbon, runPrice, runPUE, runCap, edited }

  mutating func sitesSheet() -> Sheet {
    var sheet = Sheet(
      "Sites", title: "Sites: power, electricity, carbon", note: "Energy at the meter = IT energy × PUE.",
      columns: [
        .init("Site"), .init("Electricity", .input, .dollarsCents, unit: "\(money)/kWh"),
        .init("PUE", .input, .decimal3), .init("Power cap", .input, .decimal1, unit: "kW"),
        .init("Carbon", .input, .decimal1, unit: "g CO2/kWh"),
        .init("Run electricity", .simulator, .dollarsCents, unit: "\(money)/kWh"),
        .init("Run PUE", .simulator, .decimal3),
        .init("Run power cap", .simulator, .decimal1, unit: "kW"), .init("Edited", .calculation, .integer),
        .init("Source"), .init("Grade"),
      ])
    sheet.alarmColumns = [S.edited.rawValue]
    for site in plan.sites {
      let row = sheet.rows.count
      func at(_ column: S, _ value: Double) -> Live { sheet.live(row, column.rawValue, value) }
      let cap = site.powerCapWatts / 1000
      let pairs = [
        (S.price, S.runPrice, site.electricityUSDPerKWh), (.pue, .runPUE, site.pue), (.cap, .runCap, cap),
      ]
      let edits = pairs.map { Live.choose(.equals(at($0.0, $0.2), at($0.1, $0.2)), .literal(0), .literal(1)) }
      electricity[site.id] = at(.price, site.electricityUSDPerKWh)
      pue[site.id] = at(.pue, site.pue)
      powerCap[site.id] = at(.cap, cap)
      carbon[site.id] = site.carbonGramsPerKWh.map { at(.carbon, $0) }
      sheet.append([
        .text(site.id), .number(site.electricityUSDPerKWh), .number(site.pue), .number(cap),
        .optional(site.carbonGramsPerKWh), .number(site.electricityUSDPerKWh), .number(site.pue),
        .number(cap),
        .live(edits[0] + edits[1] + edits[2]), .text(site.source), .text(site.grade.rawValue),
      ])
    }
    return sheet
  }

  /// Edits of what the simulator read (utilisation, growth), and edits of prices and sites.
  mutating func countEdits(_ inputs: Sheet, _ prices: Sheet, _ sites: Sheet) {
    func sum(_ sheet: Sheet, _ column: Int) -> Live { sheet.sum(column, 0..<sheet.rows.count, 0) }
    simulatorEdits = sum(inputs, I.edited.rawValue)
    priceEdits = sum(prices, P.edited.rawValue) + sum(sites, S.edited.rawValue)
  }
}
