import Economics
import FleetData
import Quantities

/// What a chip-hour costs whoever buys the chip: its capital recovered over its life, and its electricity.
public struct ChipOwnership: Sendable, Hashable {
  /// Dollars for a chip with its share of the system.
  public var capital: InputRange
  public var years: InputRange
  /// Interest per year.
  public var interest: InputRange
  public var usdPerKWh: InputRange
  public var pue: InputRange
  /// Watts of the chip with its share of the host.
  public var watts: InputRange

  public init(
    capital: InputRange, years: InputRange, interest: InputRange,
    usdPerKWh: InputRange = InputRange(Tariff.usualUSDPerKWh), pue: InputRange = InputRange(1.1),
    watts: InputRange
  ) {
    self.capital = capital
    self.years = years
    self.interest = interest
    self.usdPerKWh = usdPerKWh
    self.pue = pue
    self.watts = watts
  }

  static var inputs: [StudyInput<ChipOwnership>] {
    [
      StudyInput("capital", unit: "$/chip", \.capital), StudyInput("depreciation", unit: "years", \.years),
      StudyInput("interest", unit: "/year", \.interest),
    ]
  }

  func check() throws(StudyError) {
    try capital.check("capital per chip in dollars", .nonNegative)
    try years.check("depreciation in years", .positive)
    try interest.check("interest per year", .nonNegative)
    try usdPerKWh.check("price of electricity in dollars per kWh", .nonNegative)
    try pue.check("PUE", .atLeastOne)
    try watts.check("watts per chip", .nonNegative)
  }

  /// Electricity as the study prices it.
  mutating func take(_ power: PowerTerms) {
    (usdPerKWh, pue) = (power.usdPerKWh, power.pue)
    if let watts = power.watts { self.watts = watts }
  }

  /// Dollars per chip-hour; its bounds take every range at its cheap and at its dear end. Numbers are checked before.
  var usdPerChipHour: InputRange {
    InputRange(
      perHour(capital.base, years.base, interest.base, usdPerKWh.base * pue.base * watts.base),
      from: perHour(capital.low, years.high, interest.low, usdPerKWh.low * pue.low * watts.low),
      to: perHour(capital.high, years.low, interest.high, usdPerKWh.high * pue.high * watts.high))
  }

  private func perHour(_ capital: Double, _ years: Double, _ interest: Double, _ watts: Double) -> Double {
    capital * Annuity.capitalRecoveryFactor(annualInterest: interest, life: years * .year)
      / (Seconds.year / .hour) + watts / 1000
  }
}

extension Tariff {
  /// 8 cents per kilowatt-hour: assumed where nothing is said.
  public static let usualUSDPerKWh = 0.08
}
