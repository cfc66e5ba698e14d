import FleetData
import Performance

/// Cases about the shapes of models: parameters, KV caches and recurrent state.
enum ShapeFormulas {
  static let solvers: [FormulaVerification.Solver] = [
    ("params-palm", { try parameters($0, palm: true) }),
    ("params-", { try parameters($0, palm: false) }),
    ("kv-bytes-sliding", sliding), ("kv-bytes-", cache), ("ssm-state", state),
  ]

  private static func model(
    _ layers: [TransformerSpec.Layer], width: Int = 0, vocabulary: Int = 0, tied: Bool = true, extra: Int = 0
  ) -> ModelCounts {
    ModelCounts(
      TransformerSpec(
        id: "case", name: "case", modelWidth: width, vocabulary: vocabulary, tiedEmbeddings: tied,
        layers: layers, extraParameters: extra, parallelBlock: false,
        provenance: Provenance(source: "a published case", asOf: "2026", grade: .quoted)))
  }

  private static func attention(
    _ c: FormulaCase, span: TransformerSpec.Span = .full, heads: Int
  ) throws -> TransformerSpec.Mixer {
    .attention(
      TransformerSpec.Attention(
        heads: heads, kvHeads: try c.count("kv_heads"), headSize: try c.count("head_dim"), span: span))
  }

  /// Llama: untied, two norms per layer. PaLM: tied, one norm per parallel block.
  private static func parameters(_ c: FormulaCase, palm: Bool) throws -> [String: [Double]] {
    let width = try c.count("d_model")
    let layer = TransformerSpec.Layer(
      mixer: try attention(c, heads: try c.count("heads")),
      ffn: .dense(.init(width: try c.count("d_ff"), gated: true)),
      normParameters: palm ? width : 2 * width)
    let counts = model(
      Array(repeating: layer, count: try c.count("layers")), width: width, vocabulary: try c.count("vocab"),
      tied: palm, extra: width)
    return ["params": [counts.totalParameters]]
  }

  /// Precision of that many bytes a value.
  private static func precision(_ c: FormulaCase) throws -> Precision {
    switch try c("bytes") {
    case 0.5: .int4
    case 1: .fp8
    case 4: .fp32
    default: .bf16
    }
  }

  /// Latent attention where a rank is given, else grouped queries.
  private static func cache(_ c: FormulaCase) throws -> [String: [Double]] {
    if c.inputs["kv_lora_rank"] != nil { return try latent(c) }
    let layer = TransformerSpec.Layer(
      mixer: try attention(c, heads: try c.count("kv_heads")), ffn: nil, normParameters: 0)
    let counts = model(Array(repeating: layer, count: try c.count("layers")), width: 4096)
    return ["bytes_per_token": [counts.kvBytesPerToken(try precision(c)).value]]
  }

  private static func latent(_ c: FormulaCase) throws -> [String: [Double]] {
    let layer = TransformerSpec.Layer(
      mixer: .latentAttention(
        .init(
          heads: 128, queryRank: 1536, kvRank: try c.count("kv_lora_rank"),
          ropeHeadSize: try c.count("rope_dim"), nopeHeadSize: 128, valueHeadSize: 128)), ffn: nil,
      normParameters: 0)
    let counts = model(Array(repeating: layer, count: try c.count("layers")), width: 7168)
    return ["bytes_per_token": [counts.kvBytesPerToken(try precision(c)).value]]
  }

  private static func sliding(_ c: FormulaCase) throws -> [String: [Double]] {
    func bytes(_ local: TransformerSpec.Span) throws -> Double {
      let global = TransformerSpec.Layer(
        mixer: try attention(c, heads: 32), ffn: nil, normParameters: 0)
      let windowed = TransformerSpec.Layer(
        mixer: try attention(c, span: local, heads: 32), ffn: nil, normParameters: 0)
      let layers =
        Array(repeating: global, count: try c.count("global_layers"))
        + Array(repeating: windowed, count: try c.count("local_layers"))
      return model(layers, width: 5376).kvBytes(context: try c.count("context"), try precision(c)).value
    }
    return [
      "bytes": [try bytes(.window(try c.count("window")))], "full_attention_bytes": [try bytes(.full)],
    ]
  }

  private static func state(_ c: FormulaCase) throws -> [String: [Double]] {
    let layer = TransformerSpec.Layer(
      mixer: .ssm(
        .init(
          kind: .mamba2, innerWidth: try c.count("d_inner"), stateSize: try c.count("d_state"), heads: 128,
          groups: try c.count("groups"), convKernel: try c.count("conv"), stepRank: 0)), ffn: nil,
      normParameters: 0)
    let counts = model(Array(repeating: layer, count: try c.count("ssm_layers")), width: 4096)
    return ["bytes": [counts.stateBytes.value]]
  }
}
