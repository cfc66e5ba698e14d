import FleetData

/// Inventory and Power: what is installed and drawn, following the replicas.
extension CapacityModel {
  enum V: Int { case month, pod, installed, runUsed, runPlaced, used, stranded, free, short }

  mutating func inventorySheet(_ capacity: Sheet) -> Sheet {
    var sheet = Sheet(
      "Inventory", title: "Chips by month and pod",
      note: "Used + free + stranded = installed; stranded chips are left over where no allowed slice fits.",
      columns: [
        .init("Month"), .init("Pod"), .init("Installed", .simulator, .integer),
        .init("Run used", .simulator, .integer),
        .init("Run placed", .simulator, .integer), .init("Used", .link, .integer),
        .init("Stranded", .simulator, .integer),
        .init("Free", .calculation, .integer), .init("Short by", .calculation, .integer),
      ])
    sheet.frozenColumns = 2
    sheet.alarmColumns = [V.short.rawValue]
    for row in plan.inventory {
      let r = sheet.rows.count
      func at(_ column: V, _ value: Int) -> Live { sheet.live(r, column.rawValue, Double(value)) }
      let span = placed.spans[.init(month: row.month, site: nil, pod: row.pod, service: nil)]
      let runPlaced = Int(span?.runChips ?? 0)
      let chips = span.map { capacity.sum(C.chips.rawValue, $0.rows, $0.runChips) } ?? .literal(0)
      let used = chips + (at(.runUsed, row.used) - at(.runPlaced, runPlaced))
      let installed = at(.installed, row.installed)
      let free = installed - at(.used, row.used) - at(.stranded, row.stranded)
      let short = Live.max(.literal(0), at(.used, row.used) - installed)
      stock[MonthKey(month: row.month, name: row.pod)] = Stock(
        used: at(.used, row.used), runUsed: at(.runUsed, row.used), installed: installed,
        short: at(.short, Int(short.value)))
      sheet.append([
        .text(view.label(row.month)), .text(row.pod), .count(row.installed), .count(row.used),
        .count(runPlaced),
        .live(used), .count(row.stranded), .live(free), .live(short),
      ])
    }
    return sheet
  }

  enum W: Int { case month, site, runIT, runPlaced, it, pue, facility, cap, headroom, over }

  mutating func powerSheet(_ capacity: Sheet) -> Sheet {
    var sheet = Sheet(
      "Power", title: "Power by month and site",
      note: "Facility power = IT power × PUE; it may not exceed the cap.",
      columns: [
        .init("Month"), .init("Site"), .init("Run IT", .simulator, .decimal3, unit: "kW"),
        .init("Run placed", .simulator, .decimal3, unit: "kW"), .init("IT", .link, .decimal3, unit: "kW"),
        .init("Overhead", .link, .decimal3, unit: "facility per IT"),
        .init("Facility", .calculation, .decimal3, unit: "kW"),
        .init("Cap", .link, .decimal1, unit: "kW"), .init("Headroom", .calculation, .percent),
        .init("Over by", .calculation, .decimal1, unit: "kW"),
      ])
    sheet.frozenColumns = 2
    sheet.alarmColumns = [W.over.rawValue]
    for row in plan.power { sheet.append(powerCells(row, sheet, capacity)) }
    return sheet
  }

  private func powerCells(_ row: Plan.PowerRow, _ sheet: Sheet, _ capacity: Sheet) -> [SheetCell] {
    let r = sheet.rows.count
    func at(_ column: W, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let span = placed.spans[.init(month: row.month, site: row.site, pod: nil, service: nil)]
    let run = row.itWatts / 1000
    let runPlaced = span?.runKilowatts ?? 0
    let kilowatts = span.map { capacity.sum(C.kilowatts.rawValue, $0.rows, runPlaced) } ?? .literal(0)
    let it = kilowatts + (at(.runIT, run) - at(.runPlaced, runPlaced))
    let ratio = row.itWatts == 0 ? 1 : row.facilityWatts / row.itWatts
    let overhead = pue[row.site].flatMap { $0.reproducing(ratio) }
    let facility = at(.it, run) * at(.pue, overhead?.value ?? ratio)
    let cap = powerCap[row.site].flatMap { $0.reproducing(row.capWatts / 1000) }
    let limit = at(.cap, row.capWatts / 1000)
    let drawn = at(.facility, facility.value)
    return [
      .text(view.label(row.month)), .text(row.site), .number(run), .number(runPlaced), .live(it),
      overhead.map { .live($0) } ?? .number(ratio, .simulator), .live(facility),
      cap.map { .live($0) } ?? .number(row.capWatts / 1000, .simulator),
      .live(.share(limit - drawn, of: limit)), .live(.max(.literal(0), drawn - limit)),
    ]
  }
}
