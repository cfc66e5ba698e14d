import Economics
import Foundation
import Quantities
import Testing

@Suite struct ScalingLawTests {
  @Test("Doubling a model at fixed tokens per parameter costs four times as much to train")
  func quadratic() throws {
    for n in [1e9, 7e10, 1e12] {
      let once = try TrainingCompute.flops(parameters: n, tokensPerParameter: 20)
      let twice = try TrainingCompute.flops(parameters: 2 * n, tokensPerParameter: 20)
      #expect(abs(twice / once - 4) < 1e-12)
      // C = 120 N² at 20 tokens per parameter.
      #expect(abs(once.value / (120 * n * n) - 1) < 1e-12)
    }
  }

  @Test("At a law's optimum no other split of the budget has less loss", arguments: ParametricLaw.all)
  func optimum(_ law: ParametricLaw) throws {
    for budget in [1e20, 5.76e23, 1e26] {
      let best = try law.optimum(trainingFLOPs: budget)
      #expect(abs(best.trainingFLOPs / budget - 1) < 1e-9)
      // The derivative along the budget vanishes: both terms' elasticities balance.
      let a = law.parameterExponent * law.parameterScale * pow(best.parameters, -law.parameterExponent)
      let b = law.tokenExponent * law.tokenScale * pow(best.tokens, -law.tokenExponent)
      #expect(abs(a / b - 1) < 1e-9)
      for k in [0.5, 0.9, 1.1, 2] {
        let other = try law.loss(parameters: k * best.parameters, tokens: best.tokens / k)
        #expect(other > best.loss)
      }
    }
  }

  @Test("The optimum for a size, for a loss and for a budget are the same point")
  func roundTrip() throws {
    let law = ParametricLaw.besiroglu
    let best = try law.optimum(trainingFLOPs: 1e24)
    #expect(abs(try law.optimum(parameters: best.parameters).tokens / best.tokens - 1) < 1e-9)
    #expect(abs(try law.optimum(loss: best.loss).parameters / best.parameters - 1) < 1e-9)
    let tokens = try law.tokens(forLoss: best.loss, parameters: best.parameters)
    #expect(abs(tokens / best.tokens - 1) < 1e-6)
  }

  @Test("A loss at or below what the law can reach is refused with the floor")
  func irreducible() {
    let law = ParametricLaw.hoffmannPrinted
    #expect(throws: EconomicsError.lossBelowFloor(loss: 1.69, floor: 1.69)) { try law.optimum(loss: 1.69) }
    #expect(throws: EconomicsError.self) { try law.tokens(forLoss: 1.8, parameters: 1e9) }
    #expect(throws: EconomicsError.self) {
      try InferenceAwareOptimum(law: law, loss: 1.5, inferenceTokens: 1e12)
    }
    #expect(throws: EconomicsError.self) { try OverTraining(sizeRatio: 0.01, law: law) }
  }

  @Test("Fewer than one token, an MFU above 1 and a negative price are refused")
  func nonsense() {
    #expect(throws: EconomicsError.self) { try ParametricLaw.besiroglu.loss(parameters: 1e9, tokens: 0.5) }
    #expect(throws: EconomicsError.self) { try usdPerFLOP(usdPerChipHour: 2, peak: 1e15, utilization: 1.2) }
    #expect(throws: EconomicsError.self) { try usdPerFLOP(usdPerChipHour: -2, peak: 1e15, utilization: 0.5) }
    #expect(throws: EconomicsError.self) { try TrainingCompute.chipSeconds(1e20, peak: 1e15, mfu: .nan) }
  }

  @Test("Half the optimal size needs 2.416 times the tokens and a fifth more compute, whatever the budget")
  func overTraining() throws {
    let half = try OverTraining(sizeRatio: 0.5, law: .hoffmannPrinted)
    #expect(abs(half.tokenRatio - 2.416) < 5e-4)
    #expect(abs(half.overhead - 0.208) < 5e-4)
    #expect(abs(try OverTraining(sizeRatio: 1, law: .besiroglu).overhead) < 1e-12)
    for k in [0.6, 0.8, 1.3, 3] { #expect(try OverTraining(sizeRatio: k, law: .besiroglu).overhead > 0) }
  }

  @Test("Repeated data count less the more often they are seen, and almost fully for four epochs")
  func repetition() throws {
    let four = try TrainingCompute.effectiveTokens(unique: 1e9, seen: 4e9)
    #expect(four > 3.7e9 && four < 4e9)
    #expect(try TrainingCompute.effectiveTokens(unique: 1e9, seen: 1e9) == 1e9)
    let many = try TrainingCompute.effectiveTokens(unique: 1e9, seen: 1e13)
    #expect(abs(many - 16.4e9) < 1e7)
  }

  @Test("Kaplan's laws reach a loss of 1 at their scales and favour size over data")
  func kaplan() throws {
    #expect(try KaplanLaw.loss(parameters: 8.8e13) == 1)
    #expect(try KaplanLaw.loss(tokens: 5.4e13) == 1)
    let small = try KaplanLaw.optimum(trainingFLOPs: 1e20)
    let large = try KaplanLaw.optimum(trainingFLOPs: 1e24)
    #expect(large.parameters / small.parameters > large.tokens / small.tokens)
  }

}
