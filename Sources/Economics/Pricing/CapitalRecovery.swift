import Foundation
import Quantities

/// The capital recovery factor (`Annuity`) of figures that a user wrote.
///
/// - Units: interest per year, life in seconds; result per year.
/// - Throws: when the interest is negative or the life is not positive.
public func capitalRecoveryFactor(annualInterest i: Double, life: Seconds) throws(EconomicsError) -> Double {
  try require(i, .nonNegative, "interest per year")
  try require(life.value, .positive, "depreciation period in seconds")
  return Annuity.capitalRecoveryFactor(annualInterest: i, life: life)
}

/// What owning something costs for one hour: capital × CRF / 8,766 hours.
public func hourlyCapitalCost(
  _ capital: USD, annualInterest: Double, life: Seconds
) throws(EconomicsError) -> Double {
  try require(capital.value, .nonNegative, "capital in dollars")
  let perYear = try capital.value * capitalRecoveryFactor(annualInterest: annualInterest, life: life)
  return perYear / (Seconds.year / .hour)
}

/// What a dollar `months` ahead is worth today: `(1+r)^(−months/12)`.
public func discountFactor(months: Int, annualRate: Double) throws(EconomicsError) -> Double {
  try require(annualRate, .nonNegative, "discount rate per year")
  return pow(1 + annualRate, -Double(months) / 12)
}
