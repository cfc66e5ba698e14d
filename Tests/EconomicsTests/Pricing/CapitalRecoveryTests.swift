import Economics
import FleetData
import Quantities
import Testing

@Suite struct CapitalRecoveryTests {
  @Test("Without interest capital is written off in a straight line")
  func straightLine() throws {
    #expect(try capitalRecoveryFactor(annualInterest: 0, life: 5 * .year) == 0.2)
  }

  @Test("The recovery factor tends to the straight line as interest vanishes, and grows with interest")
  func limit() throws {
    let tiny = try capitalRecoveryFactor(annualInterest: 1e-9, life: 5 * .year)
    #expect(abs(tiny - 0.2) < 1e-6)
    // 8 % over 5 years: 0.08 / (1 − 1.08^−5) = 0.2504565, any table of annuities.
    #expect(abs(try capitalRecoveryFactor(annualInterest: 0.08, life: 5 * .year) - 0.2504565) < 1e-7)
  }

  @Test("An H100-class chip with its share of system and building costs about $1.50 per used hour")
  func anchor() throws {
    // $40k, 8 %, 5 years; 1.275 kW at PUE 1.1 in a building of $11/W over 15 years; 90 % used.
    // The figure is quoted to two digits: 1.5 within 3 %.
    let chip = try hourlyCapitalCost(40_000, annualInterest: 0.08, life: 5 * .year)
    let building = try hourlyCapitalCost(
      USD(11 * 1275 * 1.1), annualInterest: 0.08, life: 15 * .year)
    #expect(abs((chip + building) / 0.9 - 1.5) < 0.045)
  }

  @Test("A month a year ahead is discounted by one year's rate")
  func discount() throws {
    #expect(try discountFactor(months: 0, annualRate: 0.1) == 1)
    #expect(abs(try discountFactor(months: 12, annualRate: 0.1) - 1 / 1.1) < 1e-12)
  }

  @Test("Negative interest and a life of nothing are refused")
  func refusals() {
    #expect(throws: EconomicsError.self) { try capitalRecoveryFactor(annualInterest: -0.1, life: .year) }
    #expect(throws: EconomicsError.self) { try capitalRecoveryFactor(annualInterest: 0.1, life: 0) }
    #expect(throws: EconomicsError.self) { try discountFactor(months: 1, annualRate: -0.5) }
  }
}
