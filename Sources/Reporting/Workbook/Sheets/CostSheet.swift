import FleetData

/// Costs: every line is quantity × unit price, and quantities follow the chips.
extension CapacityModel {
  enum K: Int {
    case month, site, pod, service, category, runQuantity, scale, overhead, quantity, unit, price, cost,
      runCost, carbon
  }

  /// Beyond this many lines, lines of one pod, category and price are added up over services.
  static var lineLimit: Int { 50_000 }

  mutating func costsSheet() -> Sheet {
    var sheet = Sheet(
      "Costs", title: "Costs line by line",
      note:
        "Quantity = run quantity × scale (× PUE for energy); scale = chips now / chips in the run; cost = quantity × price.",
      columns: [
        .init("Month"), .init("Site"), .init("Pod"), .init("Service"), .init("Category"),
        .init("Run quantity", .simulator, .decimal2), .init("Scale", .link, .decimal3),
        .init("PUE", .link, .decimal3),
        .init("Quantity", .calculation, .decimal2), .init("Unit"),
        .init("Unit price", .link, .dollarsCents, unit: money),
        .init("Cost", .calculation, .dollarsCents, unit: money),
        .init("Run cost", .simulator, .dollarsCents, unit: money),
        .init("Carbon", .calculation, .decimal1, unit: "kg CO2"),
      ])
    sheet.frozenColumns = 5
    let lines = costLines()
    var start = 0
    for month in plan.months {
      let firstRow = sheet.rows.count
      var sums = (cost: 0.0, energy: 0.0, carbon: 0.0)
      while start < lines.count, lines[start].month <= month.index {
        sheet.append(costCells(lines[start], sheet))
        sums.cost += lines[start].cost
        sums.carbon += lines[start].carbonKilograms ?? 0
        if lines[start].category == .energy { sums.energy += lines[start].quantity }
        start += 1
      }
      appendUnpaidIdle(month, to: &sheet)
      let rows = firstRow..<sheet.rows.count
      let categories = sheet.range(K.category.rawValue, rows.isEmpty ? 0..<1 : rows)
      let quantities = sheet.range(K.quantity.rawValue, rows.isEmpty ? 0..<1 : rows)
      monthSums[month.index] = MonthSums(
        total: sheet.sum(K.cost.rawValue, rows, sums.cost),
        energyKWh: .closed("SUMIFS(\(quantities),\(categories),\"energy\")", sums.energy),
        carbonKilograms: sheet.sum(K.carbon.rawValue, rows, sums.carbon))
      monthRows[month.index] = rows
    }
    return sheet
  }

  /// Lines by month, site, pod, service, category; in very large plans added up over services.
  private func costLines() -> [Plan.CostLine] {
    let sorted = plan.costs.sorted {
      ($0.month, $0.site, $0.pod, $0.service ?? "~", $0.id) < (
        $1.month, $1.site, $1.pod, $1.service ?? "~", $1.id
      )
    }
    guard sorted.count > Self.lineLimit else { return sorted }
    var merged: [Plan.CostLine] = []
    var place: [String: Int] = [:]
    for line in sorted {
      let kind = line.service == nil ? "idle" : "all services"
      let key = "\(line.month)/\(line.site)/\(line.pod)/\(kind)/\(line.category.rawValue)/\(line.unitPrice)"
      guard let index = place[key] else {
        place[key] = merged.count
        var first = line
        if line.service != nil { first.service = "all services" }
        merged.append(first)
        continue
      }
      merged[index].quantity += line.quantity
      merged[index].cost += line.cost
      merged[index].itKWh = merged[index].itKWh.map { $0 + (line.itKWh ?? 0) }
      merged[index].carbonKilograms = merged[index].carbonKilograms.map { $0 + (line.carbonKilograms ?? 0) }
    }
    return merged
  }

  private func costCells(_ line: Plan.CostLine, _ sheet: Sheet) -> [SheetCell] {
    let r = sheet.rows.count
    func at(_ column: K, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let overhead = overhead(line)
    let runQuantity = overhead == nil ? line.quantity : line.itKWh ?? line.quantity
    let scale = scale(line)
    var quantity = at(.runQuantity, runQuantity) * at(.scale, 1)
    if let overhead { quantity = quantity * at(.overhead, overhead.value) }
    let price = unitPrice(line)
    let cost = at(.quantity, line.quantity) * at(.price, price?.value ?? line.unitPrice)
    return [
      .text(view.label(line.month)), .text(line.site), .text(line.pod), .text(line.service ?? "nobody"),
      .text(line.category.rawValue), .number(runQuantity), scale.map { .live($0) } ?? .number(1, .simulator),
      overhead.map { .live($0) } ?? .empty, .live(quantity), .text(line.quantityUnit),
      price.map { .live($0) } ?? .number(line.unitPrice, .input), .live(cost), .number(line.cost),
      carbonCell(line, sheet, r),
    ]
  }

  /// PUE of the site, on energy lines whose quantity is IT energy × PUE.
  private func overhead(_ line: Plan.CostLine) -> Live? {
    guard line.category == .energy, let it = line.itKWh, let overhead = pue[line.site] else { return nil }
    return abs(it * overhead.value - line.quantity) <= 1e-9 * abs(line.quantity) ? overhead : nil
  }

  /// The price cell a line refers to: the pod's, the site's electricity, or none where the line has a price of its own.
  private func unitPrice(_ line: Plan.CostLine) -> Live? {
    switch line.category {
    case .compute: price[line.pod]?.reproducing(line.unitPrice)
    case .energy: electricity[line.site].flatMap { Self.energyPrice(line.unitPrice, at: $0) }
    case .facility, .network: nil
    }
  }

  /// The site's price, times how its tariff weighs the hours in which the line's energy is drawn.
  private static func energyPrice(_ price: Double, at site: Live) -> Live? {
    if let same = site.reproducing(price) { return same }
    guard price > 0, site.value > 0 else { return nil }
    return (site * .literal(price / site.value)).reproducing(price)
  }

  /// Chips now / chips in the run: of the service on the pod, or of the pod's unused chips; demand for networks.
  private func scale(_ line: Plan.CostLine) -> Live? {
    if line.category == .network {
      return line.service.flatMap { demand[MonthKey(month: line.month, name: $0)] }.flatMap {
        $0.run.value > 0 ? $0.now / $0.run : nil
      }
    }
    let pod = stock[MonthKey(month: line.month, name: line.pod)]
    guard let service = line.service else {
      guard let pod, pod.installed.value > pod.runUsed.value else { return nil }
      return .max(.literal(0), pod.installed - pod.used) / (pod.installed - pod.runUsed)
    }
    let isMerged = service == "all services"
    let key = PlacedRows.Key(month: line.month, site: nil, pod: line.pod, service: isMerged ? nil : service)
    guard let span = placed.spans[key], span.runChips > 0 else { return nil }
    let chips = Live.closed("SUM(\(capacityRange(C.chips, span.rows)))", span.runChips)
    let replicas = Live.closed(
      "SUMPRODUCT(\(capacityRange(C.runReplicas, span.rows)),\(capacityRange(C.chipsPerReplica, span.rows)))",
      span.runChips)
    return chips / replicas
  }

  private func capacityRange(_ column: C, _ rows: Range<Int>) -> String {
    let first = Sheet.a1(Sheet.firstRow + rows.lowerBound, column.rawValue)
    let last = Sheet.a1(Sheet.firstRow + rows.upperBound - 1, column.rawValue)
    return "Capacity!\(first):\(last)"
  }

  private func carbonCell(_ line: Plan.CostLine, _ sheet: Sheet, _ r: Int) -> SheetCell {
    guard let kilograms = line.carbonKilograms else { return .empty }
    let quantity = sheet.live(r, K.quantity.rawValue, line.quantity)
    let perUnit = carbon[line.site].map { quantity * $0 / .literal(1000) }.flatMap {
      $0.reproducing(kilograms)
    }
    return perUnit.map { .live($0) } ?? .number(kilograms, .simulator)
  }

  /// Owned and committed chips that the run used to the last one: if an edit frees some, they are still paid for.
  private func appendUnpaidIdle(_ month: Plan.Month, to sheet: inout Sheet) {
    for pod in plan.pods where pod.term == "owned" || pod.term == "committed" {
      guard let here = stock[MonthKey(month: month.index, name: pod.id)], let net = price[pod.id],
        here.runUsed.value >= here.installed.value, here.installed.value > 0
      else { continue }
      let r = sheet.rows.count
      func at(_ column: K, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
      let idle = Live.max(.literal(0), here.installed - here.used)
      sheet.append([
        .text(month.label), .text(pod.site), .text(pod.id), .text("nobody"), .text("compute"),
        .number(month.hours), .live(idle), .empty,
        .live(at(.runQuantity, month.hours) * at(.scale, idle.value)),
        .text("chip.h"), .live(net), .live(at(.quantity, month.hours * idle.value) * at(.price, net.value)),
        .number(0), .empty,
      ])
    }
  }
}
