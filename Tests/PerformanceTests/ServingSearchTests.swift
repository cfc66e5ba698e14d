import FleetData
import Foundation
import Quantities
import Testing

@testable import Performance

@Suite("Sharding search")
struct ServingSearchTests {
  @Test("The best sharding for latency is no slower than any other that fits")
  func latency() throws {
    let found = try bestServingShardings(
      of: Catalog.builtIn.model("llama-3.1-70b"), on: Catalog.builtIn.chip("tpu-v5e"),
      slice: SliceTopology([4, 4]), step: .decode(batch: 8, context: 4096), weights: .int8, kv: .int8,
      limit: 50)
    #expect(found.count > 1)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.estimate.time <= $1.estimate.time })
    #expect(found.allSatisfy { $0.estimate.memory.fits && $0.instance.sharding.chips == 16 })
  }

  @Test("A model that fits no sharding is refused with the least memory it would need")
  func nothingFits() throws {
    do {
      _ = try bestServingShardings(
        of: Catalog.builtIn.model("llama-3.1-405b"), on: Catalog.builtIn.chip("tpu-v5e"),
        slice: SliceTopology([2, 2]), step: .decode(batch: 1, context: 1024), weights: .bf16, kv: .bf16)
      Issue.record("405 billion parameters cannot fit four v5e")
    } catch EstimateError.noShardingFits(_, let chips, let smallest?) {
      #expect(chips == 4 && smallest.total > smallest.capacity)
    }
  }

  @Test("A HuggingFace config.json of Llama-3.1-8B counts what the catalog counts")
  func huggingFace() throws {
    let config = """
      {"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
       "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
       "max_position_embeddings": 131072, "tie_word_embeddings": false}
      """
    let read = try TransformerSpec(huggingFace: Data(config.utf8), id: "config.json")
    let known = try Catalog.builtIn.model("llama-3.1-8b")
    #expect(ModelCounts(read).totalParameters == ModelCounts(known).totalParameters)
  }

  @Test("A config.json with latent attention and experts counts DeepSeek-V3's parameters")
  func deepSeek() throws {
    let config = """
      {"model_type": "deepseek_v3", "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128,
       "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128,
       "v_head_dim": 128, "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256,
       "num_experts_per_tok": 8, "n_shared_experts": 1, "first_k_dense_replace": 3, "vocab_size": 129280}
      """
    let read = ModelCounts(try TransformerSpec(huggingFace: Data(config.utf8), id: "config.json"))
    let known = ModelCounts(try Catalog.builtIn.model("deepseek-v3"))
    #expect(abs(read.totalParameters / known.totalParameters - 1) < 1e-4)
  }

  @Test("A config.json that is no decoder's names the missing key")
  func missingKey() {
    #expect(throws: Diagnostic.self) {
      try TransformerSpec(huggingFace: Data(#"{"hidden_size": 64}"#.utf8), id: "x")
    }
  }
}
