/// Layers of a HuggingFace configuration.
extension HuggingFaceConfig {
  func layer(
    _ index: Int, of count: Int, width: Int, pattern: [Character]?
  ) throws(Diagnostic) -> TransformerSpec.Layer {
    if let pattern, index < pattern.count {
      switch pattern[index] {
      case "M": return .init(mixer: .ssm(stateSpace(width)), ffn: nil, normParameters: width)
      case "*": return .init(mixer: try mixer(index, width: width), ffn: nil, normParameters: width)
      case "E": return .init(mixer: .none, ffn: try experts(), normParameters: width)
      default: return .init(mixer: .none, ffn: .dense(try dense()), normParameters: width)
      }
    }
    let norms = modelType == "gemma2" || modelType.hasPrefix("gemma3") ? 4 * width : 2 * width
    if modelType.hasPrefix("mamba") {
      return .init(mixer: .ssm(stateSpace(width)), ffn: nil, normParameters: width)
    }
    if let period = integer("attn_layer_period"), index % period != (integer("attn_layer_offset") ?? 0) {
      return .init(mixer: .ssm(stateSpace(width)), ffn: try feedForward(index), normParameters: norms)
    }
    return .init(mixer: try mixer(index, width: width), ffn: try feedForward(index), normParameters: norms)
  }

  private func mixer(_ index: Int, width: Int) throws(Diagnostic) -> TransformerSpec.Mixer {
    let heads = try required("num_attention_heads", "n_head")
    if let rank = integer("kv_lora_rank") {
      return .latentAttention(
        .init(
          heads: heads, queryRank: integer("q_lora_rank"), kvRank: rank,
          ropeHeadSize: try required("qk_rope_head_dim"), nopeHeadSize: try required("qk_nope_head_dim"),
          valueHeadSize: try required("v_head_dim"), extraParameters: (integer("q_lora_rank") ?? 0) + rank))
    }
    let multiQuery = flag("multi_query") == true && flag("new_decoder_architecture") != true
    let kvHeads = multiQuery ? 1 : integer("num_key_value_heads", "num_kv_heads") ?? heads
    let size = integer("head_dim", "attention_head_dim") ?? width / heads
    var extra = 0
    if flag("attention_bias") == true || modelType == "qwen2" { extra += (heads + 2 * kvHeads) * size }
    if modelType.hasPrefix("qwen3") || modelType.hasPrefix("gemma3") { extra += 2 * size }
    return .attention(
      .init(heads: heads, kvHeads: kvHeads, headSize: size, span: span(index), extraParameters: extra))
  }

  private func span(_ index: Int) -> TransformerSpec.Span {
    if let chunk = integer("attention_chunk_size") { return index % 4 == 3 ? .full : .chunk(chunk) }
    guard let window = integer("sliding_window"), flag("use_sliding_window") != false else { return .full }
    if let types = list("layer_types"), index < types.count {
      return types[index].contains("sliding") ? .window(window) : .full
    }
    if let period = integer("sliding_window_pattern") {
      return (index + 1) % period == 0 ? .full : .window(window)
    }
    if modelType == "gemma2" || modelType == "gpt_oss" { return index % 2 == 1 ? .full : .window(window) }
    return .window(window)
  }

  private func feedForward(_ index: Int) throws(Diagnostic) -> TransformerSpec.FFN? {
    guard integer("num_local_experts", "num_experts", "n_routed_experts") ?? 0 > 1 else {
      return .dense(try dense())
    }
    let step = integer("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_freq") ?? 1
    let sparse =
      integer("expert_layer_period").map { index % $0 == (integer("expert_layer_offset") ?? 0) }
      ?? (index >= integer("first_k_dense_replace") ?? 0 && (index + 1) % step == 0)
    return sparse ? try experts() : .dense(try dense())
  }

  private func dense() throws(Diagnostic) -> TransformerSpec.Dense {
    let width = integer("intermediate_size", "intermediate_size_mlp", "n_inner", "ffn_hidden_size")
    let model = integer("hidden_size", "n_embd", "d_model") ?? 0
    return .init(width: integer("intermediate_size_mlp") ?? width ?? 4 * model, gated: isGated)
  }

  private func experts() throws(Diagnostic) -> TransformerSpec.FFN {
    let count = try required("num_local_experts", "num_experts", "n_routed_experts")
    let width = try required("moe_intermediate_size", "intermediate_size")
    let shared =
      integer("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size")
      ?? (integer("n_shared_experts") ?? (modelType.hasPrefix("llama4") ? 1 : 0)) * width
    return .experts(
      .init(
        count: count, topK: try required("num_experts_per_tok", "experts_per_token", "moe_top_k"),
        expertWidth: width, gated: isGated, sharedWidth: shared))
  }

  private func stateSpace(_ width: Int) -> TransformerSpec.StateSpace {
    let heads = integer("mamba_num_heads", "num_heads") ?? 0
    let isSecond = modelType == "mamba2" || heads > 0
    let headSize = integer("mamba_head_dim", "head_dim") ?? 64
    let expand = integer("mamba_expand", "expand") ?? 2
    let inner = isSecond && heads > 0 ? heads * headSize : expand * width
    return .init(
      kind: isSecond ? .mamba2 : .mamba1, innerWidth: inner,
      stateSize: integer("ssm_state_size", "mamba_d_state", "state_size") ?? (isSecond ? 128 : 16),
      heads: isSecond ? max(heads, inner / headSize) : 0, groups: integer("n_groups") ?? 1,
      convKernel: integer("conv_kernel", "mamba_d_conv") ?? 4,
      stepRank: isSecond ? 0 : integer("mamba_dt_rank", "time_step_rank") ?? (width + 15) / 16)
  }
}
