import FleetData
import Performance
import Quantities

/// Parameters, FLOPs and limits of training.
extension ScalingBookCase {
  static let training: [String: @Sendable (ScalingBookInputs) -> Double?] = [
    "attention_param_fraction": { v in
      guard let d = v.number("D"), let f = v.number("F") else { return nil }
      let mixer = layerParameters(square(d))
      return mixer / layerParameters(square(d, ffn: f))
    },
    "attn_equals_proj": { v in v.number("D").map { AttentionShare(square($0)).paritySequence } },
    "attn_fraction": { v in
      guard let d = v.number("D"), let t = v.number("T") else { return nil }
      return AttentionShare(square(d, ffn: 4 * d)).ratio(sequence: t)
    },
    "activation_bytes": { v in
      guard let layers = v.number("L"), let d = v.number("D"), let tokens = v.number("tokens", "B")
      else { return nil }
      let elements = v.number("per_layer").map { $0 * d } ?? v.number("F").map { d + 2 * $0 }
      return elements.map {
        TrainingRule.activationBytes(tokens: tokens, layers: layers, elements: $0).value
      }
    },
    "remat_flops_factor": { _ in TrainingRule.flops(parameters: 1, recompute: .full).value },
    "remat_flops": { v in
      guard let b = v.number("B"), let t = v.number("T"), let nh = v.number("NH") else { return nil }
      return b * t * AttentionShare(square(nh)).forwardFLOPs(sequence: t).value
    },
    "mfu": { v in
      guard let hours = v.number("gpu_hours"), let peak = v.number("peak"),
        let active = v.number("active"), let tokens = v.number("tokens")
      else { return nil }
      return TrainingRule.mfu(
        TrainingRule.flops(parameters: active, tokens: tokens), chipSeconds: .hour * hours,
        peak: FLOPsPerSecond(peak))
    },
    "dp_min_tokens": { v in
      if let x = v.number("X") { return limits(v)?.dataParallelTokens(replicas: x) }
      return limits(v)?.dataParallelTokens(axes: v.number("axes") ?? 1)
    },
    "dp_min_tokens_moe": { v in
      guard let e = v.number("E"), let k = v.number("k"), let dense = v.number("min") else { return nil }
      return TrainingLimits.dataParallelTokens(dense: dense, experts: Int(e), topK: Int(k))
    },
    "dp_min_batch": { v in
      guard let each = v.number("per_chip"), let n = v.number("chips") else { return nil }
      return TrainingLimits(intensity: each).dataParallelTokens() * n
    },
    "max_chips": { v in
      guard let batch = v.number("batch"), let least = v.number("min") else { return nil }
      return TrainingLimits.mostChips(tokens: batch, minimum: least)
    },
    "tp_limit": { v in
      v.number("F").flatMap { limits(v)?.tensorWays(columns: $0, axes: v.number("axes") ?? 1) }
    },
    "fsdp_opt": { v in
      guard let n = v.number("N"), let b = v.number("B"), let f = v.number("F") else { return nil }
      return TrainingLimits.bestFSDPWays(
        tokens: b, columns: f, chips: n, axisRatio: v.number("ratio") ?? 2)
    },
    "mixed_min_tokens_sum": { v in mixed(v, .sum) },
    "mixed_min_tokens_max": { v in mixed(v, .overlapped) },
    "batch_all_comms_bound": { v in
      guard let n = v.number("N"), let each = mixed(v, .overlapped) else { return nil }
      return n * each
    },
    "pp_comms_hops": { v in
      guard let m = v.number("microbatches"), let s = v.number("stages") else { return nil }
      return Double(TrainingLimits.pipelineHops(microbatches: Int(m), stages: Int(s)))
    },
    "params": { v in parameterCount(v) },
    "optimizer_bytes": { v in
      guard let p = v.number("params"), let each = v.number("bytes_per_param") else { return nil }
      return TrainingRule.stateBytes(parameters: p, bytesPerParameter: each).value
    },
    "flops_per_token": { v in v.number("params").map { TrainingRule.flops(parameters: $0).value } },
    "train_flops": { v in
      guard let tokens = v.number("tokens") else { return nil }
      if let each = v.number("per_token") { return each * tokens }
      return v.number("params").map { TrainingRule.flops(parameters: $0, tokens: tokens).value }
    },
    "token_time": { v in runTime(v) },
    "train_seconds": { v in runTime(v) },
    "train_days": { v in runTime(v) },
    "step_time": { v in
      guard let p = v.number("params"), let tokens = v.number("tokens") else { return nil }
      return runTime(v, TrainingRule.flops(parameters: p, tokens: tokens).value)
    },
    "train_memory": { v in
      guard let p = v.number("params"), let tokens = v.number("tokens"), let d = v.number("D"),
        let layers = v.number("L"), let kept = v.number("ckpt_per_layer")
      else { return nil }
      let saved = TrainingRule.activationBytes(tokens: tokens, layers: layers, elements: kept * d)
      return (TrainingRule.stateBytes(parameters: p) + saved).value
    },
    "tokens_per_chip": { v in tokensPerChip(v) },
    "tokens_per_gpu": { v in tokensPerChip(v) },
  ]

  private static func mixed(_ v: ScalingBookInputs, _ overlap: Overlap) -> Double? {
    v.number("F").flatMap {
      limits(v)?.mixedTokens(columns: $0, axesProduct: v.number("MxMy") ?? 2, overlap: overlap)
    }
  }

  private static func runTime(_ v: ScalingBookInputs, _ work: Double? = nil) -> Double? {
    guard let work = work ?? v.number("flops"), let peak = v.number("peak") else { return nil }
    return TrainingRule.time(
      FLOPs(work), chips: v.number("chips", "gpus") ?? 1, peak: FLOPsPerSecond(peak),
      mfu: v.number("mfu") ?? 1
    ).value
  }

  private static func tokensPerChip(_ v: ScalingBookInputs) -> Double? {
    guard let n = v.number("chips", "gpus") else { return nil }
    let batch = v.number("batch").flatMap { b in v.number("seq").map { b * $0 } }
    return (v.number("tokens") ?? batch).map { TrainingLimits.mostChips(tokens: $0, minimum: n) }
  }

  /// FFN, attention, vocabulary or all parameters of a gated dense model, as the book's expression asks.
  private static func parameterCount(_ v: ScalingBookInputs) -> Double? {
    guard let model = dense(v) else { return nil }
    let mixers = dense(v, ffn: false).map(layerParameters)
    switch v.formula {
    case "3LDF": return mixers.map { layerParameters(model) - $0 }
    case "2VD": return ModelCounts(model).logitParameters + ModelCounts(model).lookupParameters
    case let text where text.contains("DNH"): return mixers
    default: return ModelCounts(model).totalParameters
    }
  }

  static func layerParameters(_ model: TransformerSpec) -> Double {
    let counts = ModelCounts(model)
    return counts.totalParameters - counts.logitParameters - counts.lookupParameters
  }

  /// A layer of width D with D-wide multi-head attention, and a gated FFN if asked.
  static func square(_ width: Double, ffn: Double? = nil) -> TransformerSpec {
    spec(
      width: Int(width), layers: 1, vocabulary: 1,
      attention: .init(heads: Int(width) / 128, kvHeads: Int(width) / 128, headSize: 128), ffn: ffn)
  }

  /// The model that L, D, F, N, K, H and V describe.
  static func dense(_ v: ScalingBookInputs, ffn: Bool = true) -> TransformerSpec? {
    guard let layers = v.number("L"), let heads = v.number("N", "K"), let kv = v.number("K"),
      let size = v.number("H")
    else { return nil }
    return spec(
      width: Int(v.number("D") ?? heads * size), layers: Int(layers), vocabulary: Int(v.number("V") ?? 1),
      attention: .init(heads: Int(heads), kvHeads: Int(kv), headSize: Int(size)),
      ffn: ffn ? v.number("F") : nil)
  }

  static func spec(
    width: Int, layers: Int, vocabulary: Int, attention: TransformerSpec.Attention, ffn: Double?
  ) -> TransformerSpec {
    let layer = TransformerSpec.Layer(
      mixer: .attention(attention), ffn: ffn.map { .dense(.init(width: Int($0), gated: true)) },
      normParameters: 0)
    return TransformerSpec(
      id: "book", name: "book", modelWidth: width, vocabulary: vocabulary, tiedEmbeddings: false,
      layers: Array(repeating: layer, count: layers),
      provenance: Provenance(source: "jax-ml/scaling-book", asOf: "2025", grade: .quoted))
  }
}
