import Foundation
import Quantities

/// The share of a capital that must be paid every year so that it is paid back, with interest, after its life.
///
///     CRF = i / (1 − (1+i)^−n),  and 1/n when i = 0 (straight line)
///
/// - Units: interest per year, life in seconds (its years may be fractional); result per year.
/// - Throws: when the interest is negative or the life is not positive.
/// - Source: engineering economics, the annuity formula.
public func capitalRecoveryFactor(annualInterest i: Double, life: Seconds) throws(EconomicsError) -> Double {
  try require(i, .nonNegative, "interest per year")
  try require(life.value, .positive, "depreciation period in seconds")
  let years = life / .year
  return i == 0 ? 1 / years : i / (1 - pow(1 + i, -years))
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
