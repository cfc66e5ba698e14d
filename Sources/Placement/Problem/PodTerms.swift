import FleetData
import Quantities

/// How a pod is paid for in one month, as the optimiser sees it.
struct PodTerms: Sendable {
  /// Per chip and second; for owned chips with their part of the building.
  var price: Double
  /// Paid for whether used or not (owned, committed); otherwise only while allocated.
  var isFixed: Bool
  /// Energy is billed apart (owned); rented prices include it.
  var energyBilled: Bool

  /// - Parameter facility: capital of the building per chip, and its life; nothing where the building is not owned.
  init(_ price: ChipPrice, facilityPerChip facility: Double = 0, facilityLife: Seconds = 15 * .year) {
    switch price.kind {
    case .owned(let capital, let depreciation, let interest):
      let chip = capital.value * Annuity.capitalRecoveryFactor(annualInterest: interest, life: depreciation)
      let house = facility * Annuity.capitalRecoveryFactor(annualInterest: interest, life: facilityLife)
      self.price = (chip + house) / Seconds.year.value
      isFixed = true
      energyBilled = true
    case .committed(let rate):
      self.price = rate.value
      isFixed = true
      energyBilled = false
    case .onDemand(let rate), .spot(let rate, _):
      self.price = rate.value
      isFixed = false
      energyBilled = false
    }
  }
}

extension Pod {
  /// The first month in which a block ordered in month 0 can be used.
  var firstDelivery: Int { max(leadTimeMonths, 0) }

  /// What spot interruptions leave of the capacity of a replica: every interruption of one of its chips stops it for
  /// a restart.
  ///
  ///     share = 1 / (1 + interruptions per chip-second · chips · restart)
  ///
  /// - Source: renewal theory, up time over up time and restart.
  func uptimeShare(chips: Int, restart: Seconds) -> Double {
    guard case .spot(_, let interruptions) = price.kind else { return 1 }
    return 1 / (1 + interruptions * Double(chips) * (self.restart ?? restart).value)
  }
}
