import FleetData
import Foundation
import Quantities

/// How a pod is paid for, as the optimiser sees it.
struct PodTerms: Sendable {
  /// Per chip and second.
  var price: Double
  /// Paid for whether used or not (owned, committed); otherwise only while allocated.
  var isFixed: Bool
  /// Energy is billed apart (owned); rented prices include it.
  var energyBilled: Bool

  init(_ price: ChipPrice) {
    switch price.kind {
    case .owned(let capital, let depreciation, let annualInterest):
      self.price = Self.capitalRecovery(
        capital: capital.value, years: depreciation / .year, annualInterest: annualInterest)
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

  /// Dollars per second that write capital off with interest:
  ///
  ///     rate = capital · i / (1 − (1 + i)^−n) / year       (capital / n / year when i = 0)
  ///
  /// - Source: the annuity, or capital recovery factor, with yearly payments.
  static func capitalRecovery(capital: Double, years: Double, annualInterest i: Double) -> Double {
    let yearly = i == 0 ? capital / years : capital * i / (1 - pow(1 + i, -years))
    return yearly / Seconds.year.value
  }
}

extension Pod {
  /// Blocks that stand in a month, purchases aside.
  func standingBlocks(inMonth month: Int) -> Int {
    guard month >= availableFromMonth else { return 0 }
    if let retired = retiredFromMonth, month >= retired { return 0 }
    return count
  }

  /// The first month in which a block ordered in month 0 can be used.
  var firstDelivery: Int { max(leadTimeMonths, 0) }
}
