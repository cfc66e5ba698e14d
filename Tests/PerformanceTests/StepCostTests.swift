import FleetData
import Quantities
import Testing

@testable import Performance

/// The simulator and the placement price steps by `StepCost`, estimates by `InferenceModel`: two forms of one law.
@Suite("Step costs agree with estimates")
struct StepCostTests {
  static let models = [
    "llama-3.1-8b", "llama-3.1-70b", "gemma-2-27b", "gemma-3-27b", "mixtral-8x7b", "deepseek-v3",
    "gpt-oss-120b",
    "qwen3-235b-a22b", "jamba-1.5-large", "palm-62b",
  ]
  static let slices: [(chip: String, axes: [Int])] = [
    ("tpu-v5e", [4, 2]), ("tpu-v6e", [4, 4]), ("tpu7x", [2, 2, 2]), ("h100-sxm", [8]), ("mi300x", [8]),
    ("l4", [1]),
  ]

  /// Every sharding a server would try on the slice.
  private func instances(_ model: String, _ chip: String, _ axes: [Int]) throws -> [InferenceModel] {
    let spec = try Catalog.builtIn.model(model)
    let slice = SliceTopology(axes)
    return try servingShardings(model: spec, chips: slice.chips).compactMap { sharding in
      do {
        return try InferenceModel(
          model: spec, chip: Catalog.builtIn.chip(chip), slice: slice, sharding: sharding, weights: .bf16,
          kv: .bf16)
      } catch EstimateError.shardingDoesNotDivide { return nil }
    }
  }

  @Test(
    "A decode step of the law is within 1 % of the estimate, from one sequence to 256, 128 tokens to 128k",
    arguments: models)
  func decode(model: String) throws {
    for (chip, axes) in Self.slices {
      for instance in try instances(model, chip, axes) {
        let cost = instance.stepCost
        for (batch, context) in [
          (1, 128), (1, 131_072), (3, 4000), (8, 1024), (16, 500), (64, 2048), (256, 32_768),
        ] {
          let estimate = try instance.decodeTime(batch: batch, context: context).time.value
          let law = cost.seconds(decoding: batch, cachedTokens: batch * context)
          #expect(
            abs(law / estimate - 1) < 0.01,
            "\(model) on \(chip) \(instance.sharding): \(batch) × \(context) \(law) against \(estimate)")
        }
      }
    }
  }

  @Test(
    "A prefill of the law is within 6 % of the estimate where prompts share the groups evenly",
    arguments: models)
  func prefill(model: String) throws {
    for (chip, axes) in Self.slices {
      for instance in try instances(model, chip, axes) where instance.sharding.pipeline == 1 {
        let cost = instance.stepCost
        let groups = instance.sharding.expert
        for tokens in [256, 1024, 2048, 8192] where tokens * groups <= 16_384 {
          let estimate = try instance.prefillTime(batch: groups, inputTokens: tokens).time.value
          let pairs = Double(groups) * ModelCounts.pairs(tokens: tokens, cached: 0, span: nil)
          let law = cost.seconds(prefilling: groups * tokens, attentionPairs: pairs)
          #expect(
            abs(law / estimate - 1) < 0.06,
            "\(model) on \(chip) \(instance.sharding): \(groups) × \(tokens) \(law) against \(estimate)")
        }
      }
    }
  }

  @Test("Drafts verified together share one read of weights and caches")
  func candidates() throws {
    let instance = try #require(try instances("llama-3.1-70b", "h100-sxm", [8]).last)
    let cost = instance.stepCost
    let one = cost.seconds(decoding: 4, cachedTokens: 16_000)
    let four = cost.seconds(decoding: 4, cachedTokens: 16_000, candidates: 4)
    #expect(four >= one && four < 1.1 * one)
  }

  @Test("No step of the law is faster than its floor, which is the estimate's lower bound or less")
  func floors() throws {
    for (chip, axes) in Self.slices {
      for instance in try instances("llama-3.1-8b", chip, axes) {
        let cost = instance.stepCost
        for (batch, context) in [(1, 128), (32, 4096), (256, 65_536)] {
          let (b, k) = (Double(batch), Double(batch * context))
          let floor = cost.floorSeconds(decoding: b, cachedTokens: k, prefilling: 0, attentionPairs: 0)
          let estimate = try instance.decodeTime(batch: batch, context: context)
          #expect(floor <= cost.seconds(decoding: batch, cachedTokens: batch * context))
          #expect(floor <= estimate.lowerBound.value * 1.000001)
        }
      }
    }
  }
}
