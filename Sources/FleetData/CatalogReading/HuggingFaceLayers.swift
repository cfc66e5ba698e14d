import Foundation

extension TransformerSpec {
  /// Reads any decoder's HuggingFace `config.json`: dense, mixture of experts, latent attention, sliding windows and
  /// chunks, Mamba and hybrids, also inside multimodal files.
  ///
  /// - Throws: a `Diagnostic` that names the key that is missing, or what kind of model cannot be read.
  public init(huggingFace data: Data, id: String) throws(Diagnostic) {
    let config = try HuggingFaceConfig(data)
    for key in ["block_configs", "is_encoder_decoder"] where config.flag(key) ?? config.has(key) {
      throw Diagnostic(
        "the model is no plain decoder: its config.json states '\(key)'", help: "describe it in a models.json"
      )
    }
    let width = try config.required("hidden_size", "n_embd", "d_model")
    let count = try config.layerCount()
    let plan = try config.plan(width)
    let vocabulary = try config.required("vocab_size")
    let multiple = max(1, config.integer("pad_vocab_size_multiple") ?? 1)
    let learned = config.modelType == "gpt2" ? (config.integer("n_positions") ?? 1024) * width : 0
    self.init(
      id: config.text("_name_or_path").flatMap { $0.isEmpty ? nil : $0 } ?? id, name: id, modelWidth: width,
      vocabulary: (vocabulary + multiple - 1) / multiple * multiple,
      tiedEmbeddings: config.flag("tie_word_embeddings") ?? config.flag("tie_embeddings")
        ?? config.family.tiesEmbeddings,
      layers: (0..<count).map { plan.layer(config.mix($0), config.feed($0), span: config.span($0)) },
      maxContext: config.integer("max_position_embeddings", "n_positions", "max_seq_len")
        ?? config.family.defaults["max_position_embeddings"], extraParameters: width + learned,
      parallelBlock: config.flag("parallel_attn") ?? config.family.hasParallelBlock,
      mtpLayers: config.integer("num_nextn_predict_layers") ?? 0,
      provenance: Provenance(source: id, asOf: "", grade: .quoted))
  }
}

/// Layers of a HuggingFace configuration.
extension HuggingFaceConfig {
  /// As stated, or as many as the file lists one by one.
  func layerCount() throws(Diagnostic) -> Int {
    if let names = list("layers_block_type") { return names.count }
    return try required("num_hidden_layers", "n_layer", "n_layers", "num_layers")
  }

  func plan(_ width: Int) throws(Diagnostic) -> LayerPlan {
    let heads = family.isMamba ? 0 : try required("num_attention_heads", "n_head", "n_heads")
    let isOld = flag("multi_query") == true && flag("new_decoder_architecture") != true
    let kvHeads = isOld ? 1 : integer("num_key_value_heads", "num_kv_heads", "kv_n_heads")
    let headSize = integer("head_dim", "attention_head_dim") ?? family.defaults["head_dim"]
    let hasEveryBias =
      family.hasEveryBias || flag("use_bias") == true || (family.isFalcon && flag("bias") == true)
    let qkvBias = flag("attention_bias") ?? flag("add_qkv_bias") ?? (hasEveryBias || family.hasQKVBias)
    return LayerPlan(
      width: width, heads: heads, kvHeads: kvHeads ?? family.defaults["num_key_value_heads"] ?? heads,
      headSize: headSize ?? width / max(1, heads),
      extras: .init(
        qkvBias: qkvBias, outputBias: hasEveryBias,
        headNorm: family.hasHeadNorm || flag("use_qk_norm") == true, wideNorm: family.hasWideNorm,
        sinks: family.hasSinks), latent: try latent(heads), stateSpace: stateSpace(width),
      denseWidth: denseWidth(width), isGated: family.isGated,
      hasFFNBias: hasEveryBias || flag("mlp_bias") == true,
      experts: try experts(width),
      normParameters: (pattern != nil ? 1 : family.normsPerLayer) * width)
  }

  func mix(_ index: Int) -> LayerPlan.Mix {
    if let pattern { return pattern.mix(index) }
    if family.isMamba { return .stateSpace }
    if let types = list("layer_types") ?? list("layers_block_type"), index < types.count {
      return types[index].contains("mamba") ? .stateSpace : .attention
    }
    guard let period = integer("attn_layer_period") else { return .attention }
    return index % period == integer("attn_layer_offset") ?? 0 ? .attention : .stateSpace
  }

  func feed(_ index: Int) -> LayerPlan.Feed {
    if let pattern { return pattern.feed(index) }
    if family.isMamba { return .none }
    guard hasExperts else { return .dense }
    if let sparse = integers("moe_layers"), !sparse.isEmpty {
      return sparse.contains(index) ? .experts : .dense
    }
    if integers("mlp_only_layers")?.contains(index) == true { return .dense }
    if let period = integer("expert_layer_period") {
      return index % period == integer("expert_layer_offset") ?? 0 ? .experts : .dense
    }
    let step = max(1, integer("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_freq") ?? 1)
    let first = integer("first_k_dense_replace") ?? 0
    // DeepSeek counts its sparse layers from layer 0, the others from the end of each group.
    let isSparse = has("first_k_dense_replace") ? index % step == 0 : (index + 1) % step == 0
    return index >= first && isSparse ? .experts : .dense
  }

  func span(_ index: Int) -> TransformerSpec.Span {
    if let chunk = integer("attention_chunk_size"), family.isLlama4 {
      let rotary = integers("no_rope_layers").flatMap { index < $0.count ? $0[index] : nil }
      return rotary ?? (index % 4 == 3 ? 0 : 1) == 0 ? .full : .chunk(chunk)
    }
    let windowed = family.windowPeriod == nil ? nil : family.defaults["sliding_window"]
    guard let window = integer("sliding_window") ?? windowed, flag("use_sliding_window") != false
    else { return .full }
    if let types = list("layer_types"), index < types.count {
      return types[index].contains("sliding") ? .window(window) : .full
    }
    // Qwen2 slides in the layers from `max_window_layers` on.
    if let first = integer("max_window_layers") { return index < first ? .full : .window(window) }
    guard let period = integer("sliding_window_pattern") ?? family.windowPeriod else {
      return .window(window)
    }
    return (index + 1) % period == 0 ? .full : .window(window)
  }

  /// Layers of one part each: Nemotron-H's letters, or its later list of names. A list without FFNs of their own
  /// (Jamba, Granite) names mixers alone.
  private var pattern: HybridPattern? {
    if let letters = text("hybrid_override_pattern") { return HybridPattern(letters) }
    guard let names = list("layers_block_type"), names.contains("moe") || names.contains("mlp") else {
      return nil
    }
    return HybridPattern(names: names)
  }

  private var expertCount: Int? {
    integer("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts")
  }
  private var hasExperts: Bool { expertCount ?? 0 > 1 }

  private func denseWidth(_ width: Int) -> Int {
    integer("intermediate_size_mlp", "intermediate_size", "n_inner", "ffn_hidden_size") ?? 4 * width
  }

  private func latent(_ heads: Int) throws(Diagnostic) -> TransformerSpec.LatentAttention? {
    guard let rank = integer("kv_lora_rank") else { return nil }
    return .init(
      heads: heads, queryRank: integer("q_lora_rank"), kvRank: rank,
      ropeHeadSize: try required("qk_rope_head_dim"), nopeHeadSize: try required("qk_nope_head_dim"),
      valueHeadSize: try required("v_head_dim"), extraParameters: (integer("q_lora_rank") ?? 0) + rank)
  }

  private func experts(_ width: Int) throws(Diagnostic) -> TransformerSpec.Experts? {
    guard hasExperts, let count = expertCount else { return nil }
    let columns = try required("moe_intermediate_size", "intermediate_size", "ffn_hidden_size")
    let stated = integer("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size")
    let shared = stated ?? (integer("n_shared_experts") ?? (family.hasSharedExpert ? 1 : 0)) * columns
    // Qwen2's shared expert is weighed by a gate of its own.
    let gate = has("shared_expert_intermediate_size") ? width : 0
    return .init(
      count: count, topK: try required("num_experts_per_tok", "experts_per_token", "moe_top_k", "moe_k"),
      expertWidth: columns, gated: family.isGated, sharedWidth: shared,
      extraParameters: (family.hasRouterBias ? count : 0) + gate, latentWidth: integer("moe_latent_size"))
  }

  private func stateSpace(_ width: Int) -> TransformerSpec.StateSpace? {
    let hasStates = has("ssm_state_size") || has("mamba_d_state") || has("state_size") || family.isMamba
    guard hasStates else { return nil }
    let heads = integer("mamba_num_heads", "mamba_n_heads", "num_heads") ?? 0
    let isSecond = modelType == "mamba2" || heads > 0
    let headSize = integer("mamba_head_dim", "mamba_d_head", "head_dim", "headdim") ?? 64
    let expanded = (integer("mamba_expand", "expand") ?? 2) * width
    let inner = isSecond ? (heads > 0 ? heads * headSize : expanded) : integer("mamba_d_inner") ?? expanded
    let states = integer("ssm_state_size", "mamba_d_state", "state_size", "d_state") ?? (isSecond ? 128 : 16)
    let rank = isSecond ? 0 : integer("mamba_dt_rank", "time_step_rank") ?? (width + 15) / 16
    return .init(
      kind: isSecond ? .mamba2 : .mamba1, innerWidth: inner, stateSize: states,
      heads: isSecond ? max(heads, inner / headSize) : 0,
      groups: integer("n_groups", "mamba_n_groups", "ngroups") ?? 1,
      convKernel: integer("conv_kernel", "mamba_d_conv", "d_conv") ?? 4, stepRank: rank,
      extraParameters: family.hasStateNorm ? rank + 2 * states : 0)
  }
}
