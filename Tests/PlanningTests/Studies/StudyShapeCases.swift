import FleetData
import Foundation
import Performance
import Testing

/// The published cases about the shapes of models: parameters, KV caches and recurrent state.
@Suite struct StudyShapeCases {
  struct File: Decodable { var cases: [Case] }
  struct Case: Decodable {
    var id: String
    var inputs: [String: Double]
    var expected: [String: Double]
    enum Keys: String, CodingKey { case id, inputs, expected }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      id = try container.decode(String.self, forKey: .id)
      // Cases of other kinds hold lists and flags too.
      inputs = (try? container.decode([String: Double].self, forKey: .inputs)) ?? [:]
      expected = (try? container.decode([String: Double].self, forKey: .expected)) ?? [:]
    }
    func count(_ name: String) -> Int { Int(inputs[name] ?? 0) }
  }

  static let cases: [String: Case] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "fixtures/published/economics.json")
    let file = (try? Data(contentsOf: path)).flatMap { try? JSONDecoder().decode(File.self, from: $0) }
    return Dictionary(uniqueKeysWithValues: (file?.cases ?? []).map { ($0.id, $0) })
  }()

  func model(
    _ layers: [TransformerSpec.Layer], width: Int = 0, vocabulary: Int = 0, tied: Bool = true, extra: Int = 0,
    parallel: Bool = false
  ) -> TransformerSpec {
    TransformerSpec(
      id: "case", name: "case", modelWidth: width, vocabulary: vocabulary, tiedEmbeddings: tied,
      layers: layers,
      extraParameters: extra, parallelBlock: parallel,
      provenance: Provenance(source: "a published case", asOf: "2026", grade: .quoted))
  }

  func attention(
    _ c: Case, span: TransformerSpec.Span = .full, heads: Int? = nil
  ) -> TransformerSpec.Mixer {
    .attention(
      TransformerSpec.Attention(
        heads: heads ?? c.count("heads"), kvHeads: c.count("kv_heads"), headSize: c.count("head_dim"),
        span: span))
  }

  @Test("Llama-3.1 8B and PaLM 540B count their published parameters exactly", arguments: [false, true])
  func parameters(palm: Bool) throws {
    let c = try #require(Self.cases[palm ? "params-palm-540b" : "params-llama-3.1-8b"])
    let width = c.count("d_model")
    let layer = TransformerSpec.Layer(
      mixer: attention(c), ffn: .dense(.init(width: c.count("d_ff"), gated: true)),
      normParameters: palm ? width : 2 * width)
    let spec = model(
      Array(repeating: layer, count: c.count("layers")), width: width, vocabulary: c.count("vocab"),
      tied: palm,
      extra: width, parallel: palm)
    #expect(ModelCounts(spec).totalParameters == c.expected["params"])
  }

  @Test("DeepSeek-V3's latent cache takes 70,272 bytes per token")
  func latent() throws {
    let c = try #require(Self.cases["kv-bytes-deepseek-v3-mla"])
    let layer = TransformerSpec.Layer(
      mixer: .latentAttention(
        .init(
          heads: 128, queryRank: 1536, kvRank: c.count("kv_lora_rank"), ropeHeadSize: c.count("rope_dim"),
          nopeHeadSize: 128, valueHeadSize: 128)), ffn: nil, normParameters: 0)
    let counts = ModelCounts(model(Array(repeating: layer, count: c.count("layers")), width: 7168))
    #expect(counts.kvBytesPerToken(.bf16).value == c.expected["bytes_per_token"])
  }

  @Test("Gemma-3 27B holds 11.2 GB at 128k with its sliding windows, 66.6 GB without")
  func sliding() throws {
    let c = try #require(Self.cases["kv-bytes-sliding"])
    func bytes(_ local: TransformerSpec.Span) -> Double {
      let global = TransformerSpec.Layer(mixer: attention(c, heads: 32), ffn: nil, normParameters: 0)
      let windowed = TransformerSpec.Layer(
        mixer: attention(c, span: local, heads: 32), ffn: nil, normParameters: 0)
      let layers =
        Array(repeating: global, count: c.count("global_layers"))
        + Array(repeating: windowed, count: c.count("local_layers"))
      return ModelCounts(model(layers, width: 5376)).kvBytes(context: c.count("context"), .bf16).value
    }
    #expect(bytes(.window(c.count("window"))) == c.expected["bytes"])
    #expect(bytes(.full) == c.expected["full_attention_bytes"])
  }

  @Test("Nemotron-H 8B keeps 51.8 MB of state per sequence, whatever the context")
  func state() throws {
    let c = try #require(Self.cases["ssm-state-nemotron-h-8b"])
    let layer = TransformerSpec.Layer(
      mixer: .ssm(
        .init(
          kind: .mamba2, innerWidth: c.count("d_inner"), stateSize: c.count("d_state"), heads: 128,
          groups: c.count("groups"), convKernel: c.count("conv"), stepRank: 0)), ffn: nil, normParameters: 0)
    let counts = ModelCounts(model(Array(repeating: layer, count: c.count("ssm_layers")), width: 4096))
    #expect(counts.stateBytes.value == c.expected["bytes"])
    #expect(counts.kvBytes(context: 1 << 20, .bf16).value == 0)
  }
}
