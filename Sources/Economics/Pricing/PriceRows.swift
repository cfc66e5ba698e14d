import FleetData
import Quantities

extension PriceBook {
  /// A pod as `plan.json` and the workbook show it, with the chip-hour price that its cost lines use.
  public func podRow(_ id: String) throws(EconomicsError) -> Plan.PodRow {
    let entry = try entry(id)
    let pod = entry.pod
    var capital: (usd: Double, months: Double, interest: Double)?
    if case .owned(let usd, let depreciation, let interest) = pod.price.kind {
      capital = (usd.value, depreciation / .month, interest)
    }
    return Plan.PodRow(
      id: pod.id, site: pod.site, chip: pod.chip, topology: pod.topology.description, blocks: pod.count,
      chips: pod.chips, term: entry.chipHour.term.rawValue, usdPerChipHour: entry.chipHour.usdPerHour,
      capitalUSDPerChip: capital?.usd, depreciationMonths: capital?.months,
      annualInterest: capital?.interest, wattsPerChip: pod.powerPerChip.value.value,
      idlePowerShare: pod.idlePowerShare, source: pod.price.provenance.source,
      asOf: pod.price.provenance.asOf, grade: pod.price.provenance.grade)
  }

  /// All pods, sorted by id.
  public func podRows() throws(EconomicsError) -> [Plan.PodRow] {
    var rows: [Plan.PodRow] = []
    for id in entries.keys.sorted() { rows.append(try podRow(id)) }
    return rows
  }
}

extension Plan.SiteRow {
  /// A site in kilowatt-hours; its grade is that of its weakest figure.
  public init(_ site: Site) {
    let figures = site.provenance.sorted { $0.key < $1.key }.map(\.value)
    self.init(
      id: site.id, powerCapWatts: site.powerCap.value, pue: site.pue,
      electricityUSDPerKWh: site.usdPerKWh, carbonGramsPerKWh: site.carbonGramsPerKWh,
      grade: figures.map(\.grade).max() ?? .assumed,
      source: figures.reduce(into: [String]()) { if !$0.contains($1.source) { $0.append($1.source) } }
        .joined(separator: "; "))
  }
}
