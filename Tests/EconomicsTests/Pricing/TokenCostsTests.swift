import Economics
import FleetData
import Quantities
import Testing

@Suite struct TokenCostsTests {
  func rows(_ lines: [UsageLedger.Line], shares: [String: Double] = [:]) throws -> [Plan.UnitCost] {
    let ledger = World.ledger(lines)
    return try PriceBook(pods: [World.owned, World.committed], sites: [World.site()])
      .costBreakdown(of: ledger, month: 3, label: "2027-04")
      .unitCosts(ledger: ledger, inputShares: shares)
  }

  @Test("Input and output cost add up to the service's cost, whatever the split")
  func split() throws {
    for share in [0.0, 0.25, 1.0] {
      let row = try #require(try rows([World.line("com")], shares: ["chat": share]).first)
      // $20 for 1M + 1M tokens.
      #expect(abs(row.usdPerMillionInputTokens + row.usdPerMillionOutputTokens - 20) < 1e-9)
      #expect(abs(row.usdPerMillionInputTokens - 20 * share) < 1e-9)
      #expect(abs(row.usdPerMillionTokens - 10) < 1e-9)
    }
  }

  @Test("Used cost counts busy chip time and all energy; allocated cost everything reserved")
  func used() throws {
    let row = try #require(try rows([World.line("own")]).first)
    // Allocated $10 + $1.2; used 6/10 of $10 + $1.2; 2M tokens.
    #expect(abs(row.usdPerMillionTokens - 5.6) < 1e-9)
    #expect(abs(row.usedUSDPerMillionTokens - 3.6) < 1e-9)
    #expect(abs(row.tokensPerUSD - 2e6 / 11.2) < 1e-6)
    #expect(abs(row.usdPerFLOP - 11.2 / 2e17) < 1e-24)
    // 12 kWh at the meter for 2M tokens: 21.6 J each; 4.8 kg.
    #expect(abs(row.joulesPerToken - 21.6) < 1e-9)
    #expect(abs((row.gramsCO2PerMillionTokens ?? 0) - 2400) < 1e-9)
    #expect(row.month == 3)
  }

  @Test("A longer priced period changes no unit cost")
  func stretch() throws {
    let ledger = World.ledger([World.line("own")])
    let book = try PriceBook(pods: [World.owned], sites: [World.site()])
    let hour = try book.costBreakdown(of: ledger, month: 0, label: "m").unitCosts(ledger: ledger)[0]
    let month = try book.costBreakdown(of: ledger, month: 0, label: "m", period: .month)
      .unitCosts(ledger: ledger, period: .month)[0]
    #expect(abs(hour.usdPerMillionTokens - month.usdPerMillionTokens) < 1e-9)
    #expect(abs(hour.tokensPerUSD / month.tokensPerUSD - 1) < 1e-12)
  }

  @Test("A generated token costs more than a prompt token when steps read weights for few sequences")
  func share() throws {
    let step = StepCost(
      computePerSequence: 1e-4, computePerPrefillToken: 1e-4, computePerAttentionPair: 0, weightRead: 0.01,
      kvReadPerToken: 1e-8, overhead: 0.001)
    // Prefill 1000 × 0.1 ms = 0.1 s; decode 100 × (max(0.001, 0.01 + 10 × 1050 × 1e-8) + 0.001) / 10 = 0.11105 s.
    let share = try inputCostShare(of: step, inputTokens: 1000, outputTokens: 100, batch: 10)
    #expect(abs(share - 0.1 / (0.1 + 0.11105)) < 1e-12)
    let crowded = try inputCostShare(of: step, inputTokens: 1000, outputTokens: 100, batch: 40)
    #expect(crowded > share)
  }
}
