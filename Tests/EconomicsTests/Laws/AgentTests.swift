import Economics
import Testing

@Suite struct AgentTests {
  @Test("A held cache costs its share of a chip's HBM for as long as it is held")
  func held() throws {
    let held = try HeldState(usdPerChipHour: 3.6, hbmBytesPerChip: 80e9)
    // A tenth of a chip for 100 s at a tenth of a cent per second.
    #expect(abs(try held.usd(bytes: 8e9, seconds: 100) - 0.01) < 1e-12)
    #expect(abs(try held.usd(bytes: 16e9, seconds: 50) - 0.01) < 1e-12)
    let seconds = try held.breakEvenSeconds(bytes: 8e9, usdToRestore: 0.02)
    #expect(abs(try held.usd(bytes: 8e9, seconds: seconds) - 0.02) < 1e-12)
    #expect(throws: EconomicsError.self) { try held.usd(bytes: -1, seconds: 1) }
  }

  @Test(
    "An agent's context grows by every answer and tool result; without its cache each turn prefills all of it"
  )
  func task() throws {
    let task = try AgentTask(
      turns: 3, firstTokens: 1000, outputTokens: 100, toolTokens: 400, toolSeconds: 5)
    #expect(task.context(turn: 2) == 2000)
    #expect(task.prefilledTokens(keepingCache: true) == 1800)
    #expect(task.prefilledTokens(keepingCache: false) == 1000 + 1500 + 2000)
    #expect(task.generatedTokens == 300)
    // (1100 + 1600) tokens for 5 s each.
    #expect(task.heldTokenSeconds == 13_500)
    let single = try AgentTask(turns: 1, firstTokens: 1, outputTokens: 1, toolTokens: 9, toolSeconds: 9)
    #expect(single.heldTokenSeconds == 0)
    #expect(throws: EconomicsError.self) {
      try AgentTask(turns: 0, firstTokens: 1, outputTokens: 1, toolTokens: 0, toolSeconds: 0)
    }
  }
}
