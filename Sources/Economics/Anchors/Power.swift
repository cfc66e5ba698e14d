import Quantities

/// Power, energy and carbon of chips at a site.
public enum SitePower {
  /// Chips that a site's power feeds: `P / (PUE × W)`.
  public static func chips(site: Watts, pue: Double, wattsPerChip: Double) throws(EconomicsError) -> Double {
    try require(site.value, .nonNegative, "site power in watts")
    try require(pue, .atLeastOne, "PUE")
    try require(wattsPerChip, .positive, "watts per chip")
    return site.value / (pue * wattsPerChip)
  }

  /// Joules at the meter per token: `W × PUE × chips / (tokens/s)`.
  public static func joulesPerToken(
    wattsPerChip: Double, chips: Double, pue: Double, tokensPerSecond: Double
  ) throws(EconomicsError) -> Double {
    try require(wattsPerChip, .nonNegative, "watts per chip")
    try require(chips, .nonNegative, "chips")
    try require(pue, .atLeastOne, "PUE")
    try require(tokensPerSecond, .positive, "tokens per second")
    return wattsPerChip * pue * chips / tokensPerSecond
  }

  /// Joules per token as kilowatt-hours per million tokens.
  public static func kWhPerMillionTokens(joulesPerToken: Double) -> Double {
    joulesPerToken * 1e6 / Joules.kilowattHour.value
  }

  /// Grams of CO2 per million tokens.
  public static func gramsPerMillionTokens(joulesPerToken: Double, gramsPerKWh: Double)
    throws(EconomicsError) -> Double
  {
    try require(gramsPerKWh, .nonNegative, "grams of CO2 per kWh")
    return kWhPerMillionTokens(joulesPerToken: joulesPerToken) * gramsPerKWh
  }

  /// Cost of a building for an IT load.
  public static func construction(it: Watts, usdPerWatt: Double) throws(EconomicsError) -> USD {
    try require(it.value, .nonNegative, "IT load in watts")
    try require(usdPerWatt, .nonNegative, "construction cost per watt")
    return USD(it.value * usdPerWatt)
  }
}
