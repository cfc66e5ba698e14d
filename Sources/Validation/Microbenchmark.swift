import FleetData
import Performance
import Quantities

extension PeerCase {
  /// Our least time of a measured kernel beside its measured time; `nil` for rows that are not microbenchmarks.
  ///
  /// The ratio is the share of the speed of light that the kernel reached: never more than 1.
  public func microbenchmark() throws -> PeerComparison? {
    guard kind == "measured-microbench" else { return nil }
    if let layer, let batch, let seq, let totalUs {
      return row("layer", try prefillSeconds(layer, batch: batch, seq: seq), measured: totalUs * 1e-6)
    }
    if let bytes, let timeUs { return row("all-gather", lineGather(bytes), measured: timeUs * 1e-6) }
    let machine = try roofline()
    if let rate = tflopsPerDevice, let shape = matmulShape {
      let time = machine.matmul(tokens: shape.m, inner: shape.k, outer: shape.n)
      let work = 2 * shape.m * shape.k * shape.n
      return row("matmul", time.value, measured: work / (rate * 1e12))
    }
    if let rate = gelementsPerS, let m, let n {
      let time = machine.elementwise(count: m * n, operands: 2, elementBytes: 2)
      return row("normalise", time.value, measured: m * n / (rate * 1e9))
    }
    return nil
  }

  private func row(_ quantity: String, _ ours: Double, measured: Double) -> PeerComparison {
    PeerComparison(id: id, quantity: quantity, ours: ours * 1e6, theirs: measured * 1e6, unit: "us")
  }

  private var matmulShape: (m: Double, k: Double, n: Double)? {
    if let square { return (square, square, square) }
    guard let m, let k, let n else { return nil }
    return (m, k, n)
  }

  /// The chip of the row; an Ironwood row counts one of its two devices, half a chip.
  private func roofline() throws -> Roofline {
    let name = chip?.split(separator: " ").first.map(String.init) ?? ""
    let spec = try Catalog.builtIn.chip(name == "a100" ? "a100-80g" : name)
    guard let peak = spec.peak[.bf16]?.value else {
      throw Diagnostic("\(spec.id) has no bf16 peak")
    }
    let whole = Roofline(peak: peak, bandwidth: spec.hbmBandwidth.value)
    return chip?.contains("half chip") == true ? whole.times(0.5) : whole
  }

  /// The gather of the scaling book: one unwrapped v5e axis of four.
  private func lineGather(_ bytes: Double) -> Double {
    guard let chip = try? Catalog.builtIn.chip("tpu-v5e"), case .torus(let links) = chip.interconnect
    else { return 0 }
    let group = CommGroup(
      inner: .torus(
        [.init(length: 4, wraps: false)], linkOneWay: links.linkOneWay.value, hopLatency: 0))
    return Collective.allGather.time(Bytes(bytes), over: group).value
  }

  /// One layer of GPT-3 over four A100s.
  private func prefillSeconds(_ layer: Layer, batch: Int, seq: Int) throws -> Double {
    let size = layer.dModel / layer.heads
    let block = TransformerSpec.Layer(
      mixer: .attention(.init(heads: layer.heads, kvHeads: layer.heads, headSize: size)),
      ffn: .dense(.init(width: layer.dFf, gated: false)), normParameters: 0)
    let model = TransformerSpec(
      id: id, name: id, modelWidth: layer.dModel, vocabulary: 1, tiedEmbeddings: true, layers: [block],
      provenance: Provenance(source: id, asOf: "2024", grade: .quoted))
    let light = SpeedOfLight(model: model, chip: try Catalog.builtIn.chip("a100-80g"), tensor: 4)
    return SpeedOfLight.total(try light.prefill(batch: batch, tokens: seq)).value
  }
}
