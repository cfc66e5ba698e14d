import Economics
import Testing

@Suite struct InferenceAwareTests {
  /// Reference size, inference tokens; best size, its tokens over the reference's, saving: the paper's examples.
  static let examples: [(n: Double, served: Double, best: Double, ratio: Double, saving: Double)] = [
    (7e9, 1e11, 6.00e9, 1.176, 0.0085), (13e9, 2e12, 6.97e9, 2.165, 0.174),
    (30e9, 1e13, 13.61e9, 2.845, 0.280), (70e9, 1e13, 41.55e9, 1.862, 0.119),
  ]

  @Test("The published examples of inference-aware optima are reproduced", arguments: examples.indices)
  func published(_ i: Int) throws {
    let example = Self.examples[i]
    let law = ParametricLaw.hoffmannDeVries
    let reference = try law.optimum(parameters: example.n)
    let life = try InferenceAwareOptimum(law: law, loss: reference.loss, inferenceTokens: example.served)
    let best = try life.optimum()
    // Printed to three digits.
    #expect(abs(best.parameters / example.best - 1) < 2e-3)
    #expect(abs(best.tokens / reference.tokens / example.ratio - 1) < 2e-3)
    let saving = try 1 - best.cost / life.solution(parameters: example.n).cost
    #expect(abs(saving - example.saving) < 6e-4)
  }

  @Test("The derivative vanishes at the optimum, and no other size is cheaper")
  func derivative() throws {
    let life = try InferenceAwareOptimum(law: .besiroglu, loss: 2.05, inferenceTokens: 3e12)
    let best = try life.optimum()
    let slope = try life.derivative(parameters: best.parameters)
    #expect(abs(slope) * best.parameters / best.cost < 1e-9)
    // A numerical derivative agrees.
    let h = best.parameters * 1e-4
    let above = try life.solution(parameters: best.parameters + h).cost
    let below = try life.solution(parameters: best.parameters - h).cost
    #expect(abs(above - below) / (2 * h) * best.parameters / best.cost < 1e-6)
    for k in [0.9, 0.99, 1.01, 1.1, 2] {
      #expect(try life.solution(parameters: best.parameters * k).cost > best.cost)
    }
  }

  @Test("Without inference the optimum is the compute-optimal model; more inference never makes it larger")
  func monotone() throws {
    let law = ParametricLaw.besiroglu
    let reference = try law.optimum(parameters: 30e9)
    var size = Double.infinity
    for served in [0, 1e11, 1e12, 1e13, 1e14] {
      let best = try InferenceAwareOptimum(law: law, loss: reference.loss, inferenceTokens: served).optimum()
      #expect(best.parameters <= size)
      size = best.parameters
      if served == 0 { #expect(abs(best.parameters / 30e9 - 1) < 1e-6) }
    }
  }

  @Test("Inference cost is linear in tokens, requests and size")
  func linear() throws {
    func life(_ requests: Double) -> LifetimeDollars {
      let chip = LifetimeDollars.Phase(usdPerChipHour: 1.1, peakFLOPs: 624e12, mfu: 0.5)
      return LifetimeDollars(
        training: chip, prefill: chip, decode: chip, requests: requests, inputTokens: 70, outputTokens: 215)
    }
    #expect(abs(try life(2e9).servingCost() / life(1e9).servingCost() - 2) < 1e-12)
    let flops = try InferenceAwareOptimum(law: .besiroglu, loss: 2.1, inferenceTokens: 1e12)
    #expect(flops.servingCost == 2e12)
  }

  @Test("In dollars decode's low utilisation moves the optimum: 70B to 21.5B at 35.1 billion requests")
  func dollars() throws {
    let law = ParametricLaw.hoffmannDeVries
    let reference = try law.optimum(parameters: 70e9)
    func life(_ requests: Double) throws -> InferenceAwareOptimum {
      try LifetimeDollars(
        training: .init(usdPerChipHour: 1.5, peakFLOPs: 312e12, mfu: 0.5),
        prefill: .init(usdPerChipHour: 0.99, peakFLOPs: 624e12, mfu: 0.5),
        decode: .init(usdPerChipHour: 0.99, peakFLOPs: 624e12, mfu: 0.01), requests: requests,
        inputTokens: 70,
        outputTokens: 215
      ).optimum(law: law, loss: reference.loss)
    }
    let large = try life(35.1e9)
    let best = try large.optimum()
    #expect(abs(best.parameters / 21.5e9 - 1) < 5e-3)
    #expect(abs(best.tokens / 27.5e12 - 1) < 5e-3)
    #expect(abs(1 - best.cost / (try large.solution(parameters: 70e9).cost) - 0.538) < 1e-3)
    #expect(abs(try life(7.02e9).overhead(parameters: 70e9) - 0.359) < 1e-3)
  }
}
