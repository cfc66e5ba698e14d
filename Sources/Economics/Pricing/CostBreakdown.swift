import FleetData
import Quantities

/// What a ledger costs: lines of quantity × unit price that sum to the total.
public struct CostBreakdown: Sendable, Hashable {
  public var month: Int
  /// Sorted by id.
  public var lines: [Plan.CostLine]

  public init(month: Int, lines: [Plan.CostLine]) {
    self.month = month
    self.lines = lines.sorted { $0.id < $1.id }
  }

  /// The sum of all lines, in their order.
  public var total: USD { sum { _ in true } }

  /// The sum of one service's lines; `nil` asks for the chips that serve nobody.
  public func total(ofService service: String?) -> USD { sum { $0.service == service } }

  public func total(of category: Plan.CostLine.Category) -> USD { sum { $0.category == category } }

  /// Carbon of all lines, or `nil` when a site's grid is unknown.
  public var carbonKilograms: Double? {
    let energy = lines.filter { $0.category == .energy }
    guard energy.allSatisfy({ $0.carbonKilograms != nil }) else { return nil }
    return energy.reduce(0) { $0 + ($1.carbonKilograms ?? 0) }
  }

  func sum(where belongs: (Plan.CostLine) -> Bool) -> USD {
    USD(lines.reduce(0) { belongs($1) ? $0 + $1.cost : $0 })
  }
}

extension PriceBook {
  /// Prices a ledger.
  ///
  ///     compute  = chip-hours × $/chip-hour          (owned, committed: busy + idle + down; others: busy + idle)
  ///     energy   = IT kWh × PUE × $/kWh              (owned; 0 $/kWh when rented, the rent includes it)
  ///                at a tariff the mean of its hours, weighted by what is drawn in each; so is carbon
  ///     facility = chips × kW × hours × $/kWh of IT capacity   (owned, where a building is priced)
  ///
  /// - Parameters:
  ///   - label: the month as ids spell it, `2027-01`.
  ///   - period: stretches the ledger to this length (a month from a simulated hour); `nil` leaves it as it is.
  /// - Throws: when the ledger names a pod that the book does not hold, or covers no time.
  public func costBreakdown(
    of ledger: UsageLedger, month: Int, label: String, period: Seconds? = nil
  ) throws(EconomicsError) -> CostBreakdown {
    try require(ledger.period.value, .positive, "seconds covered by the ledger")
    let stretch = (period ?? ledger.period) / ledger.period
    try require(stretch, .positive, "length of the priced period in ledgers")
    var lines: [Plan.CostLine] = []
    for use in PodUse.merged(ledger.lines) {
      lines += costLines(try entry(use.pod), use.stretched(by: stretch), month: month, label: label)
    }
    return CostBreakdown(month: month, lines: lines)
  }

  private func costLines(_ entry: Entry, _ use: PodUse, month: Int, label: String) -> [Plan.CostLine] {
    if use.service == nil && !entry.chipHour.isPaidWhenUnused { return [] }
    let stem = "\(label)/\(use.pod)/\(use.service ?? "idle")"
    func line(
      _ category: Plan.CostLine.Category, _ quantity: Double, _ unit: String, _ price: Double,
      itKWh: Double? = nil, carbon: Double? = nil
    ) -> Plan.CostLine {
      Plan.CostLine(
        id: "\(stem)/\(category.rawValue)", month: month, site: entry.site.id, pod: use.pod,
        service: use.service, category: category, quantity: quantity, quantityUnit: unit, unitPrice: price,
        cost: quantity * price, itKWh: itKWh, carbonKilograms: carbon)
    }
    let kWh = use.joules / Joules.kilowattHour.value
    let atMeter = kWh * entry.site.pue
    var lines = [
      line(.compute, use.billedChipHours(entry.chipHour), "chip.h", entry.chipHour.usdPerHour),
      line(
        .energy, atMeter, "kWh",
        entry.chipHour.includesEnergy ? 0 : entry.site.usdPerKWh(drawn: use.joulesByHour), itKWh: kWh,
        carbon: entry.site.carbonGramsPerKWh(drawn: use.joulesByHour).map { $0 * atMeter / 1000 }),
    ]
    if let price = entry.facilityUSDPerKWh {
      let capacity = use.capacityChipHours * entry.pod.powerPerChip.value.value / 1000
      lines.append(line(.facility, capacity, "kWh of IT capacity", price))
    }
    return lines
  }
}
