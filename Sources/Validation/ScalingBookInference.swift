import FleetData
import Performance
import Quantities

/// Caches, decode steps and serving rates.
extension ScalingBookCase {
  static let inference: [String: @Sendable (ScalingBookInputs) -> Double?] = [
    "kv_bytes_per_token": { v in cache(v).map { $0.kvBytesPerToken(.int8).value } },
    "kv_bytes": { v in
      guard let s = v.number("S") else { return nil }
      return cache(v).map { $0.kvBytes(context: Int(s), .int8).value * (v.number("B") ?? 1) }
    },
    "attn_intensity": { v in
      guard let g = v.number("G") else { return nil }
      if let t = v.number("T") { return prefillAttentionIntensity(tokens: t, group: g) }
      return v.number("S").map { decodeAttentionIntensity(context: $0, group: g) }
    },
    "decode_step": { v in
      if let hbm = v.number("hbm"), let w = v.number("hbm_bw") {
        return Roofline(peak: 1, bandwidth: BytesPerSecond(w)).time(0, moving: Bytes(hbm)).value
      }
      return v.number("B").flatMap { decode(v)?.step(batch: $0).value }
    },
    "decode_throughput": { v in
      guard let b = v.number("B") else { return nil }
      if let step = v.number("step_ms") {
        return DecodeRule.requestRate(batch: b, step: Seconds(step * 1e-3), outputTokens: 1)
      }
      return decode(v)?.throughput(batch: b).value
    },
    "decode_throughput_per_chip": { v in
      guard let b = v.number("B"), let n = v.number("chips") else { return nil }
      return decode(v).map { $0.throughput(batch: b).value / n }
    },
    "max_batch": { v in
      guard let hbm = v.number("hbm"), let n = v.number("chips"), let weights = v.number("param_bytes"),
        let kv = v.number("kv_tok"), let s = v.number("S")
      else { return nil }
      return Double(
        MemoryRule.mostSequences(
          weights: Bytes(weights), kvBytes: Bytes(kv * s), chips: n, perChip: Bytes(hbm)))
    },
    "forward_flops": { v in
      // Two of the six FLOPs that training spends on a parameter.
      v.number("active", "params").map { TrainingRule.flops(parameters: $0).value / 3 }
    },
    "free_hbm": { v in
      guard let hbm = v.number("hbm"), let n = v.number("chips") else { return nil }
      if let weights = v.number("param_bytes") {
        return MemoryRule.free(Bytes(weights), chips: n, perChip: Bytes(hbm)).value
      }
      return v.number("bytes").map {
        MemoryRule.free(Bytes($0), chips: n, perChip: Bytes(hbm)).value / n
      }
    },
    "min_chips_memory": { v in
      guard let hbm = v.number("hbm"), let bytes = v.number("bytes") else { return nil }
      let used = v.number("params").map { $0 * bytes } ?? bytes
      let exact = MemoryRule.chips(for: Bytes(used), perChip: Bytes(hbm))
      return v.formula.contains("ceil") ? exact.rounded(.up) : exact
    },
    "memory_per_chip": { v in
      guard let bytes = v.number("bytes"), let n = v.number("chips", "ways") else { return nil }
      return ShardedArray(elements: bytes, elementBytes: 1, ways: Int(n)).bytesPerChip.value
    },
    "serving_memory": { v in
      guard let p = v.number("params"), let kv = v.number("kv_tok"), let s = v.number("S"),
        let b = v.number("B")
      else { return nil }
      return -MemoryRule.free(Bytes(p + kv * s * b), chips: 1, perChip: 0).value
    },
    "min_slice": { v in
      guard let bytes = v.number("bytes") else { return nil }
      let used = v.number("params").map { $0 * bytes } ?? bytes
      return Double(
        MemoryRule.smallestSlice(for: Bytes(used), perChip: Bytes(v.number("hbm") ?? 16e9)))
    },
    "prefill_time": { v in
      guard let s = v.number("S"), let mfu = v.number("mfu") else { return nil }
      return decode(v)?.prefill(tokens: s, mfu: mfu).value
    },
    "disagg_ratio": { v in
      guard let prefill = v.number("prefill_s"), let b = v.number("B"), let step = v.number("step_s"),
        let out = v.number("out")
      else { return nil }
      return DecodeRule.prefillSlices(
        prefill: Seconds(prefill), batch: b, step: Seconds(step), outputTokens: out)
    },
    "qps_per_chip": { v in
      guard let b = v.number("B", "batch"), let n = v.number("chips") else { return nil }
      return DecodeRule.requestRate(
        batch: b, step: Seconds(v.number("step") ?? 0.019), outputTokens: v.number("out") ?? 512) / n
    },
    "twod_crossover": { v in
      v.number("F_over_D").map { DecodeRule.twoDimensionalChips(widening: $0) }
    },
    "twod_comms": { v in
      guard let b = v.number("B"), let d = v.number("D"), let n = v.number("N"), let w = v.number("W")
      else { return nil }
      return DecodeRule.twoDimensionalExchange(
        batch: b, width: d, chips: n, link: BytesPerSecond(w)
      ).value
    },
  ]

  /// The cache of the shape given, or of Llama 3 70B, the chapter's running example.
  private static func cache(_ v: ScalingBookInputs) -> ModelCounts? {
    let layers = Int(v.number("L") ?? 80)
    let elements = v.number("NH", "KH") ?? (v.number("K") ?? 8) * (v.number("H") ?? 128)
    let heads = Int(elements) / 128
    return ModelCounts(
      spec(
        width: 8192, layers: layers, vocabulary: 1,
        attention: .init(heads: heads, kvHeads: heads, headSize: 128), ffn: nil))
  }

  /// The slice and model of a decode case; what is unsaid is Llama 3 70B in int8 with 8,192 tokens on v5e 4x2.
  private static func decode(_ v: ScalingBookInputs) -> DecodeRule? {
    let chip = Roofline(
      peak: FLOPsPerSecond(v.number("peak") ?? 1.97e14),
      bandwidth: BytesPerSecond(v.number("hbm_bw") ?? 8.1e11))
    let weights = v.number("param_bytes") ?? v.number("params") ?? 70e9
    let perToken = v.number("kv_tok") ?? 163_840
    let kv = v.number("kv_seq_bytes") ?? perToken * (v.number("S") ?? 8192)
    // Weights given in bytes are bf16.
    let parameters = v.number("params") ?? v.number("param_bytes").map { $0 / 2 } ?? 70e9
    return DecodeRule(
      slice: chip.times(v.number("chips") ?? 8), parameters: parameters, weightBytes: Bytes(weights),
      kvBytes: Bytes(kv))
  }
}
