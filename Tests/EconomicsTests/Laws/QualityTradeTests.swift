import Economics
import Foundation
import Testing

@Suite struct QualityTradeTests {
  func trade(_ b: Double, _ a: Double, training: Double = 1e6, serving: Double = 1e6) throws -> QualityTrade {
    try QualityTrade(trainingOOM: b, inferenceOOM: a, trainingUSD: training, servingUSD: serving)
  }

  @Test(
    "At the best multiple the derivative of the life cost vanishes, and no other multiple is cheaper",
    arguments: [(1.0, 1.5), (1.6, 1.6), (3.0, 6.0), (1.2, 0.7)])
  func optimum(_ b: Double, _ a: Double) throws {
    let trade = try trade(b, a, training: 5e7)
    func total(_ k: Double) throws -> Double {
      let cost = try trade.cost(multiple: k)
      return cost.training + cost.serving
    }
    let best = trade.bestMultiple
    let least = try total(best)
    for step in 0...200 {
      let k = pow(trade.largestMultiple, Double(step) / 200)
      #expect(try total(k) >= least * (1 - 1e-12))
    }
    if best > 1.001, best < trade.largestMultiple * 0.999 {
      let h = best * 1e-5
      let slope = try (total(best + h) - total(best - h)) / (2 * h)
      #expect(abs(slope * best / least) < 1e-6)
    }
  }

  @Test("A model that thinks ten times as long for one tier is a tenth to train and a third of the size")
  func equalQuality() throws {
    let trade = try trade(1, 1)
    let cost = try trade.cost(multiple: 10)
    #expect(abs(cost.training - 1e5) < 1e-6)
    #expect(abs(trade.sizeRatio(multiple: 10) - 1 / 10.0.squareRoot()) < 1e-12)
    #expect(abs(cost.serving - 1e6 * 10.0.squareRoot()) < 1e-6)
    #expect(throws: EconomicsError.self) { try trade.cost(multiple: 11) }
    #expect(throws: EconomicsError.self) { try trade.cost(multiple: 0.5) }
  }

  @Test("At the crossover volume both models cost the same, below it thinking is cheaper")
  func crossover() throws {
    let base = try trade(1, 1.5)
    let volume = try base.crossoverVolume(multiple: 8)
    func gap(_ scale: Double) throws -> Double {
      let scaled = try trade(1, 1.5, serving: 1e6 * volume * scale)
      let thinking = try scaled.cost(multiple: 8)
      return thinking.training + thinking.serving - scaled.trainingUSD - scaled.servingUSD
    }
    #expect(abs(try gap(1)) < 1e-3)
    #expect(try gap(0.5) < 0 && gap(2) > 0)
  }

  @Test(
    "Training's share of a budget is the maximum of quality under it, and never above the trade between FLOPs"
  )
  func budget() throws {
    for (b, a) in [(1.0, 1.5), (1.6, 1.6), (3.0, 6.0)] {
      let trade = try trade(b, a)
      let s = trade.rate
      // X of training buys ln X − ln T of compute; the rest buys k = Y/(S·c^½).
      func quality(_ x: Double) -> Double { (1 - s / 2) * log(x) + s * log(1 - x) }
      let best = trade.trainingShareOfBudget
      let h = 1e-6
      #expect(abs((quality(best + h) - quality(best - h)) / (2 * h)) < 1e-6)
      #expect(best < 1 / (1 + s))
    }
  }

  @Test("A verifier adds its price to every sample and takes its misses from every success")
  func verifier() throws {
    let law = try CoverageLaw(first: 0.159, samples: 250, coverage: 0.56)
    let free = try SampledAnswer(law: law, usdPerSample: 0.01, usdPerVerification: 0)
    let paid = try SampledAnswer(law: law, usdPerSample: 0.01, usdPerVerification: 0.03, verifierRecall: 0.8)
    #expect(abs(try paid.cost(samples: 50) - 2) < 1e-12)
    #expect(abs(try paid.solved(samples: 50) - 0.8 * (free.solved(samples: 50))) < 1e-12)
    #expect(try paid.usdPerSolved(samples: 50) > free.usdPerSolved(samples: 50))
  }

  @Test("The samples worth drawing grow with what a solution is worth; the last one earns what it costs")
  func samples() throws {
    let law = try CoverageLaw(first: 0.159, samples: 250, coverage: 0.56)
    let answer = try SampledAnswer(law: law, usdPerSample: 0.01, usdPerVerification: 0.01)
    #expect(try answer.bestSamples(value: 0.01) == 1)
    var before = 0.0
    for value in [1.0, 10, 100] {
      let k = try answer.bestSamples(value: value)
      #expect(k > before)
      before = k
      let h = k * 1e-5
      let gain = try value * (answer.solved(samples: k + h) - answer.solved(samples: k - h)) / (2 * h)
      #expect(abs(gain / 0.02 - 1) < 1e-6)
    }
  }

  @Test("What is paid later counts for less: a year away at ten percent, a dollar is worth ninety-one cents")
  func present() throws {
    let life = try ServiceLife(requestsPerDay: 100, monthlyGrowth: 0, months: 12)
    #expect(abs(try life.presentRequests(annualRate: 0) / life.totalRequests - 1) < 1e-12)
    var sum = 0.0
    for month in 0..<12 { sum += 100 * 30.4375 * pow(1.1, -Double(month) / 12) }
    #expect(abs(try life.presentRequests(annualRate: 0.1) / sum - 1) < 1e-12)
  }
}
