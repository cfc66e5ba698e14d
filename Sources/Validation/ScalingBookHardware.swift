import FleetData
import Performance
import Quantities

/// Rooflines, pods, memory: what one chip or one slice can do.
extension ScalingBookCase {
  static let hardware: [String: @Sendable (ScalingBookInputs) -> Double?] = [
    "compute_time": { v in
      guard let work = v.number("flops") ?? matmulFLOPs(v) else { return nil }
      let peak = v.number("peak") ?? 1.97e14
      return TrainingRule.time(
        FLOPs(work), chips: v.number("chips") ?? 1, peak: FLOPsPerSecond(peak)
      ).value
    },
    "critical_batch": { v in roofline(v)?.criticalTokens(weightBytes: v.number("weight_bytes") ?? 2) },
    "critical_batch_exact": { v in
      guard let k = v.number("K", "D"), let n = v.number("N", "F") else { return nil }
      // Square cases keep bf16 activations beside int8 weights; the others are int8 throughout.
      return roofline(v)?.criticalTokens(
        inner: k, outer: n, weightBytes: 1, activationBytes: v.has("D") ? 2 : 1)
    },
    "critical_batch_moe": { v in
      guard let dense = v.number("crit", "dense_crit"), let e = v.number("E"), let k = v.number("k")
      else { return nil }
      return Roofline.criticalTokens(dense: dense, experts: Int(e), topK: Int(k))
    },
    "critical_batch_pcie": { v in
      if let slice = v.text("slice"), let chip = v.text("chip") { return wrappedAxis(slice, chip) }
      return roofline(v)?.criticalTokens(weightBytes: 2)
    },
    "weight_load_time": { v in weightLoad(v) },
    "layer_weight_time": { v in weightLoad(v) },
    "matmul_time": { v in
      guard let b = v.number("B"), let k = v.number("D"), let n = v.number("F") else { return nil }
      return roofline(v)?.matmul(tokens: b, inner: k, outer: n).value
    },
    "elementwise_time": { v in
      guard let n = v.number("N"), let w = v.number("hbm_bw") else { return nil }
      return Roofline(peak: FLOPsPerSecond(1), bandwidth: BytesPerSecond(w))
        .elementwise(count: n, operands: 3, elementBytes: 4).value
    },
    "pod_hosts": { v in
      guard let n = v.number("chips"), let host = v.number("chips_per_host") else { return nil }
      return MemoryRule.chips(for: Bytes(n), perChip: Bytes(host))
    },
    "pod_hbm": { v in
      guard let n = v.number("chips"), let hbm = v.number("hbm") else { return nil }
      return MemoryRule.free(0, chips: n, perChip: Bytes(hbm)).value
    },
    "pod_flops": { v in
      guard let n = v.number("chips"), let peak = v.number("peak") else { return nil }
      return Roofline(peak: FLOPsPerSecond(peak), bandwidth: 1).times(n).peak.value
    },
    "pcie_time": { v in transfer(v.number("bytes"), v.number("pcie"), v.number("links")) },
    "pipeline_bottleneck": { v in
      let stages = ["pcie_ms", "ici_ms", "hbm_ms", "flops_ms"].compactMap { v.number($0) }
      // Overlapped stages: the rate is that of the slowest, as a roofline of several resources.
      return stages.reduce(0) { slowest, stage in
        Roofline(peak: 1, bandwidth: 1).time(FLOPs(slowest), moving: Bytes(stage * 1e-3)).value
      }
    },
    "ici_intensity": { v in limits(v)?.intensity },
    "tp_alpha": { v in limits(v)?.intensity },
    "hbm_ici_ratio": { v in
      guard let hbm = v.number("hbm"), let ici = v.number("ici") else { return nil }
      return DecodeRule.memoryToLink(BytesPerSecond(hbm), link: BytesPerSecond(ici))
    },
  ]

  static func roofline(_ v: ScalingBookInputs) -> Roofline? {
    guard let peak = v.number("peak"), let bandwidth = v.number("hbm_bw", "vmem_bw", "pcie")
    else { return nil }
    return Roofline(peak: FLOPsPerSecond(peak), bandwidth: BytesPerSecond(bandwidth))
  }

  static func limits(_ v: ScalingBookInputs) -> TrainingLimits? {
    if let alpha = v.number("alpha") { return TrainingLimits(intensity: alpha) }
    guard let peak = v.number("peak"), let link = v.number("bw") else { return nil }
    return TrainingLimits(peak: FLOPsPerSecond(peak), link: BytesPerSecond(link))
  }

  static func transfer(_ bytes: Double?, _ rate: Double?, _ ways: Double?) -> Double? {
    guard let bytes, let rate else { return nil }
    return Collective.permute.ringLimit(
      Bytes(bytes), bandwidth: BytesPerSecond(rate), axes: ways ?? 1
    ).value
  }

  /// FLOPs of the example's matmuls: one for a batch below the sharding chapter's block, two for the block of two.
  private static func matmulFLOPs(_ v: ScalingBookInputs) -> Double? {
    guard let b = v.number("B"), let d = v.number("D"), let f = v.number("F") else { return nil }
    return (v.has("peak") ? 4 : 2) * b * d * f
  }

  private static func weightLoad(_ v: ScalingBookInputs) -> Double? {
    var bytes = v.number("bytes")
    if let parameters = v.number("params") { bytes = parameters * (bytes ?? 2) }
    if let d = v.number("D"), let f = v.number("F") { bytes = 2 * d * f }
    let slice = Roofline(peak: 1, bandwidth: BytesPerSecond(v.number("hbm_bw") ?? 8.1e11))
      .times(v.number("chips") ?? 1)
    return bytes.map { slice.time(0, moving: Bytes($0)).value }
  }

  private static func wrappedAxis(_ slice: String, _ chip: String) -> Double? {
    guard let shape = SliceTopology(parsing: slice),
      let spec = try? Catalog.builtIn.chip("tpu-" + chip), case .torus(let links) = spec.interconnect
    else { return nil }
    return shape.axes.indices.first { shape.wraps(axis: $0, under: links) }.map { Double(shape.axes[$0]) }
  }
}
