import Economics
import Testing

@Suite struct ThinkingTests {
  @Test("Coverage grows with samples, starts at its first point and inverts")
  func coverage() throws {
    let law = try CoverageLaw(first: 0.159, samples: 250, coverage: 0.56)
    #expect(abs(try law.coverage(samples: 1) - 0.159) < 1e-12)
    #expect(abs(try law.coverage(samples: 250) - 0.56) < 1e-12)
    var before = 0.0
    for k in [1.0, 2, 10, 100, 1e4] {
      let now = try law.coverage(samples: k)
      #expect(now > before && now < 1)
      before = now
    }
    #expect(abs(try law.samples(forCoverage: 0.56) - 250) < 1e-6)
    #expect(throws: EconomicsError.self) { try CoverageLaw(first: 0.6, samples: 10, coverage: 0.5) }
  }

  @Test("pass@1 is the share that passes; pass@k is certain when too few fail")
  func passAtK() throws {
    #expect(abs(try Sampling.passAtK(samples: 10, passing: 3, k: 1) - 0.3) < 1e-12)
    // 1 − C(7,2)/C(10,2) = 1 − 21/45.
    #expect(abs(try Sampling.passAtK(samples: 10, passing: 3, k: 2) - (1 - 21.0 / 45)) < 1e-12)
    #expect(try Sampling.passAtK(samples: 10, passing: 3, k: 8) == 1)
    #expect(try Sampling.passAtK(samples: 10, passing: 0, k: 5) == 0)
  }

  @Test("Voting helps a model that is usually right and hurts one that is usually wrong")
  func majority() throws {
    // Three votes at 0.6: 0.6³ + 3·0.6²·0.4 = 0.648.
    #expect(abs(try Sampling.majority(votes: 3, passRate: 0.6) - 0.648) < 1e-12)
    #expect(try Sampling.majority(votes: 101, passRate: 0.6) > 0.97)
    #expect(try Sampling.majority(votes: 101, passRate: 0.4) < 0.03)
    #expect(abs(try Sampling.majority(votes: 4, passRate: 0.5) - 0.5) < 1e-12)
  }

  @Test("Best of N never loses to one sample, and a verifier that misses sees less")
  func bestOfN() throws {
    #expect(try Sampling.bestOfN(1, passRate: 0.2) == 1 - 0.8)
    #expect(try Sampling.bestOfN(8, passRate: 0.2) > Sampling.bestOfN(4, passRate: 0.2))
    #expect(try Sampling.bestOfN(8, passRate: 0.2, verifierRecall: 0.5) < Sampling.bestOfN(8, passRate: 0.2))
  }

  @Test("The matching multiplier is the size ratio when inference dominates, and far more when it is rare")
  func matching() throws {
    #expect(abs(try ThinkingTrade.matchingMultiplier(sizeRatio: 14, inferenceShare: 0.79) - 63.4) < 0.05)
    #expect(abs(try ThinkingTrade.matchingMultiplier(sizeRatio: 14, inferenceShare: 22) - 15.8) < 0.05)
    #expect(abs(try ThinkingTrade.matchingMultiplier(sizeRatio: 14, inferenceShare: 1e12) - 14) < 1e-6)
    #expect(try ThinkingTrade.trainingShare(inferenceOOM: 1, trainingOOM: 1) == 0.5)
  }

  @Test("A service's requests add up by months, with and without growth")
  func life() throws {
    let flat = try ServiceLife(requestsPerDay: 100, monthlyGrowth: 0, months: 12)
    #expect(abs(flat.totalRequests - 100 * 365.25) < 1e-6)
    let growing = try ServiceLife(requestsPerDay: 100, monthlyGrowth: 0.1, months: 2)
    #expect(abs(growing.totalRequests - 100 * 30.4375 * 2.1) < 1e-6)
    #expect(growing.month(reaching: 3100) == 2)
    #expect(growing.month(reaching: 1e9) == nil)
  }
}
