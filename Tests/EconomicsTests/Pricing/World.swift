import FleetData
import Quantities

/// A ten-line world: one owned pod, one committed, one on demand, one spot, and an hour of use.
enum World {
  static let quote = Provenance(source: "a quote", asOf: "2026-08", grade: .quoted)

  /// 0.10 $/kWh, 400 g/kWh, PUE 1.2.
  static func site(electricity: Double = 0.10, construction: Double? = nil) -> Site {
    Site(
      id: "iowa", powerCap: 5e6, pue: 1.2, electricity: USDPerJoule(electricity / 3.6e6),
      carbon: GramsCO2PerJoule(400 / 3.6e6), constructionPerWatt: construction)
  }

  static func pod(_ id: String, _ kind: ChipPrice.Kind, site: String = "iowa") -> Pod {
    Pod(
      id: id, site: site, chip: "h100-sxm", topology: SliceTopology([8]), count: 2,
      price: ChipPrice(kind, quote), powerPerChip: Figure(1000, quote))
  }

  /// $35,064 over four years without interest is $1 per hour.
  static let owned = pod("own", .owned(capital: 35_064, depreciation: 4 * .year, annualInterest: 0))
  static let committed = pod("com", .committed(2 / 3600))
  static let onDemand = pod("ond", .onDemand(3 / 3600))
  /// Twice a day, 5 minutes lost each time: 1/144 of the time.
  static let spot = pod("spo", .spot(1 / 3600, interruptionsPerSecond: 2 / 86_400))

  /// An hour of 10 chips: 6 chip-hours busy, 3 idle, 1 down; 10 kWh; 1M input and 1M output tokens.
  static func line(_ pod: String, service: String? = "chat") -> UsageLedger.Line {
    UsageLedger.Line(
      site: "iowa", pod: pod, chip: "h100-sxm", service: service, chips: 10, busyChipSeconds: 6 * 3600,
      idleChipSeconds: 3 * 3600, downChipSeconds: 3600, inputTokens: 1e6, outputTokens: 1e6,
      requests: 1000, flops: 2e17, energy: 3.6e7)
  }

  static func ledger(_ lines: [UsageLedger.Line]) -> UsageLedger {
    UsageLedger(period: .hour, lines: lines)
  }
}
