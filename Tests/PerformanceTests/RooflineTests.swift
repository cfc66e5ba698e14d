import FleetData
import Quantities
import Testing

@testable import Performance

@Suite struct RooflineTests {
  let v5e = Roofline(peak: 1.97e14, bandwidth: 8.2e11)

  @Test("An operation takes at least the longer of computing and moving, at most their sum")
  func bounds() {
    let (work, bytes) = (FLOPs(1e12), Bytes(1e9))
    #expect(abs(v5e.time(work, moving: bytes).value / (1e12 / 1.97e14) - 1) < 1e-12)
    #expect(v5e.upperBound(work, moving: bytes) > v5e.time(work, moving: bytes))
    #expect(v5e.upperBound(work, moving: bytes) <= 2 * v5e.time(work, moving: bytes))
  }

  @Test("The exact critical batch exceeds the simple one, and meets it for large matrices")
  func exactCrossover() {
    let simple = v5e.criticalTokens(weightBytes: 2)
    let small = v5e.criticalTokens(inner: 2048, outer: 2048, weightBytes: 2, activationBytes: 2)
    let large = v5e.criticalTokens(inner: 1e7, outer: 1e7, weightBytes: 2, activationBytes: 2)
    #expect(small > simple)
    #expect(abs(large / simple - 1) < 1e-3)
  }

  @Test("At its critical batch a matmul takes as long to move as to compute")
  func crossoverIsWhereTheTimesMeet() {
    let tokens = v5e.criticalTokens(inner: 4096, outer: 16384, weightBytes: 2, activationBytes: 2)
    let moved = 2 * (tokens * 4096 + 4096 * 16384 + tokens * 16384)
    #expect(abs(2 * tokens * 4096 * 16384 / 1.97e14 / (moved / 8.2e11) - 1) < 1e-9)
  }

  @Test("A thin matrix may never become compute-bound")
  func neverComputeBound() {
    #expect(v5e.criticalTokens(inner: 64, outer: 4096, activationBytes: 2) == .infinity)
  }

  @Test("Communication that adds up needs four times the batch of communication that overlaps")
  func overlapNamed() {
    let limits = TrainingLimits(peak: 4.59e14, link: 1.8e11)
    let ratio =
      limits.mixedTokens(columns: 28_672, overlap: .sum)
      / limits.mixedTokens(columns: 28_672, overlap: .overlapped)
    #expect(ratio == 4)
    // α²/(2F) with α = 2,550: 113.4 tokens a chip.
    #expect(abs(limits.mixedTokens(columns: 28_672, overlap: .overlapped) - 113.4) < 0.05)
  }

  @Test("A larger batch never shortens a decode step, and never lowers throughput")
  func decodeMonotone() {
    let rule = DecodeRule(
      slice: v5e.times(8), parameters: 13e9, weightBytes: 26e9, kvBytes: 1.34e9)
    let steps = [1.0, 8, 64, 512].map { rule.step(batch: $0) }
    let rates = [1.0, 8, 64, 512].map { rule.throughput(batch: $0) }
    #expect(steps == steps.sorted() && rates == rates.sorted())
  }
}
