import Foundation

/// Capital as equal yearly payments.
public enum Annuity {
  /// The share of a capital that must be paid every year so that it is paid back, with interest, after its life.
  ///
  ///     CRF = i / (1 − (1+i)^−n),  and 1/n when i = 0 (straight line)
  ///
  /// - Units: interest per year, not negative; life in seconds, positive (its years may be fractional); result per year.
  /// - Source: engineering economics, the annuity formula with yearly payments.
  public static func capitalRecoveryFactor(annualInterest i: Double, life: Seconds) -> Double {
    precondition(i >= 0 && life.value > 0, "capital recovery needs interest of at least 0 and a life")
    let years = life / .year
    return i == 0 ? 1 / years : i / (1 - pow(1 + i, -years))
  }
}
