import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Speculative decoding")
struct SpeculationTests {
  private func instance(_ model: String, _ chip: String, _ sharding: Sharding) throws -> InferenceModel {
    try InferenceModel(
      model: Catalog.builtIn.model(model), chip: Catalog.builtIn.chip(chip),
      slice: SliceTopology([sharding.chips]), sharding: sharding, weights: .fp8, kv: .fp8)
  }

  @Test("Three drafts at 80 % give 2.952 tokens a round: 1 + 0.8 + 0.64 + 0.512")
  func expectedTokens() throws {
    let speculation = try Speculation(draftTokens: 3, acceptance: 0.8, draft: nil)
    #expect(abs(speculation.tokensPerRound - 2.952) < 1e-12)
    #expect(try Speculation(draftTokens: 5, acceptance: 0, draft: nil).tokensPerRound == 1)
  }

  @Test(
    "A round is its drafts and one check; a lone user of a 70B gains from an 8B's drafts, a full batch less")
  func round() throws {
    let big = try instance("llama-3.1-70b", "h100-sxm", Sharding(tensor: 8))
    let speculation = try Speculation(
      draftTokens: 4, acceptance: 0.8, draft: Catalog.builtIn.model("llama-3.1-8b"))
    let lone = try big.round(of: speculation, batch: 1, context: 2048)
    #expect(abs(lone.time.value - (lone.verify.time.value + 4 * lone.draftStep.value)) < 1e-12)
    #expect(abs(lone.secondsPerToken.value - lone.time.value / 3.3616) < 1e-9)
    #expect(lone.speedup > 1.2)
    let busy = try big.round(of: speculation, batch: 256, context: 2048)
    #expect(busy.speedup < lone.speedup)
    // The check reads weights and caches once, as a plain step does.
    let plain = try big.decodeTime(batch: 1, context: 2048)
    #expect(lone.verify.time < plain.time * 1.2)
    #expect(lone.verify.hbmBytes == plain.hbmBytes)
    #expect(lone.verify.memory.weights > plain.memory.weights)
  }

  @Test("DeepSeek-V3 drafts with its own prediction layer, at about a sixtieth of its weights")
  func predictionLayer() throws {
    let model = try Catalog.builtIn.model("deepseek-v3")
    let counts = ModelCounts(try model.predictionLayer())
    // One layer of experts and the 2D → D projection: 11.6e9 of its 671e9, beside the shared output table.
    #expect(abs((counts.totalParameters - counts.logitParameters) / 11.6e9 - 1) < 0.02)
    let round = try instance("deepseek-v3", "h200-sxm", Sharding(tensor: 8)).round(
      of: Speculation(draftTokens: 1, acceptance: 0.85, draft: nil), batch: 8, context: 4096)
    #expect(round.speedup > 1.3 && round.speedup < 1.85)
  }

  @Test("Drafts that cannot be made or checked are refused")
  func refusals() throws {
    let big = try instance("llama-3.1-70b", "h100-sxm", Sharding(tensor: 8))
    #expect(throws: EstimateError.noDraftLayers(model: "llama-3.1-70b")) {
      try big.round(of: Speculation(draftTokens: 1, acceptance: 0.5, draft: nil), batch: 1, context: 100)
    }
    #expect(throws: EstimateError.acceptanceOutOfRange(1)) {
      try Speculation(draftTokens: 1, acceptance: 1, draft: nil)
    }
    let other = try Catalog.builtIn.model("qwen3-0.6b")
    #expect(throws: EstimateError.self) {
      try big.round(of: Speculation(draftTokens: 1, acceptance: 0.5, draft: other), batch: 1, context: 100)
    }
  }

  @Test("Splitting one long prompt over eight chips by sequence shortens it, and its exchange is not free")
  func contextParallel() throws {
    let model = try Catalog.builtIn.model("llama-3.1-8b")
    let chip = try Catalog.builtIn.chip("h100-sxm")
    func prefill(_ sharding: Sharding) throws -> StepEstimate {
      try InferenceModel(
        model: model, chip: chip, slice: SliceTopology([sharding.chips]), sharding: sharding, weights: .bf16,
        kv: .bf16
      ).prefillTime(batch: 1, inputTokens: 65_536)
    }
    let (one, split) = (try prefill(Sharding()), try prefill(Sharding(sequence: 8)))
    #expect(split.time < one.time / 5 && split.time > one.time / 8)
    #expect(split.breakdown.interconnect.value > 0)
  }

  @Test("Weights kept in parts are gathered in every step")
  func fullySharded() throws {
    let model = try instance("llama-3.1-8b", "h100-sxm", Sharding(fsdp: 4))
    let copies = try instance("llama-3.1-8b", "h100-sxm", Sharding(data: 4))
    let (sharded, copied) = (
      try model.decodeTime(batch: 4, context: 1024), try copies.decodeTime(batch: 4, context: 1024)
    )
    #expect(sharded.breakdown.interconnect > copied.breakdown.interconnect)
    #expect(sharded.memory.weights < copied.memory.weights)
    // 8.0e9 bytes over 450 GB/s of NVLink take 13 ms, three quarters of them, at the links' share or slower.
    #expect(sharded.breakdown.interconnect.value > 0.75 * 7.5e9 / 450e9)
  }

  @Test("Where layers are of one part each, the prediction layer has attention and experts")
  func hybridPrediction() throws {
    let layer = try Catalog.builtIn.model("nemotron-3-super-120b-a12b").predictionLayer()
    guard case .attention = layer.layers[0].mixer, case .experts = layer.layers[0].ffn else {
      Issue.record("\(layer.layers)")
      return
    }
    #expect(layer.layers.count == 1)
  }
}
