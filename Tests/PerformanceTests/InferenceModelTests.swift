import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Inference steps")
struct InferenceModelTests {
  func instance(
    _ model: String = "llama-3.1-70b", _ chip: String = "tpu-v5e", _ axes: [Int] = [4, 2],
    sharding: Sharding? = nil, weights: Precision = .int8, kv: Precision = .int8,
    efficiency: EfficiencyTable = .builtIn
  ) throws -> InferenceModel {
    let slice = SliceTopology(axes)
    return try InferenceModel(
      model: Catalog.builtIn.model(model), chip: Catalog.builtIn.chip(chip), slice: slice,
      sharding: sharding ?? Sharding(tensor: slice.chips), weights: weights, kv: kv, efficiency: efficiency)
  }

  @Test("Llama-3.1-70B in int8 on eight v5e decodes 32 sequences of 8,192 tokens no faster than 17.24 ms")
  func scalingBookBound() throws {
    let step = try instance().decode(batch: 32, context: 8192)
    #expect(abs(step.lowerBound.value / 17.24e-3 - 1) < 0.02)
    #expect(step.time >= step.lowerBound)
  }

  @Test("At the roofline a step takes exactly its bound when tensor parallelism divides everything")
  func roofline() throws {
    let chip = try Catalog.builtIn.chip("h200-sxm")
    let one = try InferenceModel(
      model: Catalog.builtIn.model("llama-3.1-8b"), chip: chip, slice: SliceTopology([1]),
      sharding: Sharding(),
      weights: .bf16, kv: .bf16, efficiency: .roofline)
    let step = try one.decode(batch: 8, context: 1000)
    #expect(abs(step.time / step.lowerBound - 1) < 1e-12)
  }

  @Test("The replica profile prices steps as the estimates do")
  func profileAgrees() throws {
    for sharding in [Sharding(tensor: 8), Sharding(data: 2, tensor: 4), Sharding(tensor: 4, pipeline: 2)] {
      let model = try instance("llama-3.1-8b", sharding: sharding)
      let profile = try model.profile()
      let decode = try model.decodeTime(batch: 16, context: 2048).time.value
      #expect(abs(profile.step.seconds(decoding: 16, cachedTokens: 16 * 2048) / decode - 1) < 0.01)
      // Profiles are taken at a usual chunk of 2,048 prompt tokens; larger steps use the matrix units better.
      let prefill = try model.prefillTime(batch: 4, inputTokens: 512).time.value
      let pairs = 4 * ModelCounts.pairs(tokens: 512, cached: 0, span: nil)
      let cost = profile.step.seconds(prefilling: 4 * 512, attentionPairs: pairs)
      #expect(abs(cost / prefill - 1) < 0.15, "\(sharding): \(cost) s against \(prefill) s")
    }
  }

  @Test(
    "A precision without a multiply unit, an uneven sharding and too little memory are refused with numbers")
  func errors() throws {
    #expect(throws: EstimateError.self) { try instance(weights: .fp8) }
    #expect(throws: EstimateError.shardingDoesNotDivide(axis: "tensor", ways: 3, size: 64, what: "heads")) {
      try instance(axes: [3])
    }
    #expect(throws: EstimateError.self) { try instance(weights: .bf16).decode(batch: 1, context: 128) }
  }

  func instance(axes: [Int]) throws -> InferenceModel { try instance("llama-3.1-70b", "tpu-v5e", axes) }

  @Test("A larger batch never shortens a decode step, and no step is faster than its bound")
  func lawsOfBatch() throws {
    let model = try instance("llama-3.1-8b", "tpu-v5e", [4, 2])
    var last = Seconds(0)
    for batch in [1, 2, 4, 8, 16, 32, 64] {
      let step = try model.decodeTime(batch: batch, context: 2048)
      #expect(step.time >= last && step.time >= step.lowerBound)
      last = step.time
    }
  }
}
