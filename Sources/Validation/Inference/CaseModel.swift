import FleetData
import Performance

extension MeasuredCase.Model {
  /// Is the shape whole, so that a physical bound can be stated?
  var hasShape: Bool {
    archComplete ?? true && layers != nil && dModel != nil && abs(shapeParameters / params - 1) < 0.1
  }

  private var shapeParameters: Double { ModelCounts(shape).totalParameters }

  /// The row's shape as a model. Where a source leaves parts of the shape out, the published total and active
  /// parameters decide: experts take what a token does not visit, the rest is read by every step.
  var spec: TransformerSpec { hasShape ? shape : filled }

  private var shape: TransformerSpec {
    TransformerSpec(
      id: name, name: name, modelWidth: dModel ?? 4096, vocabulary: vocab ?? 150_000,
      tiedEmbeddings: tiedEmbeddings ?? false,
      layers: (0..<(layers ?? 46)).map {
        TransformerSpec.Layer(mixer: mixer($0), ffn: feedForward($0), normParameters: 0)
      }, parallelBlock: parallelBlock ?? false,
      provenance: Provenance(source: "the row", asOf: "", grade: .quoted))
  }

  private func mixer(_ index: Int) -> TransformerSpec.Mixer {
    if let mla {
      return .latentAttention(
        .init(
          heads: heads ?? 1, queryRank: mla.qLora, kvRank: mla.kvLora, ropeHeadSize: mla.qkRope,
          nopeHeadSize: mla.qkNope, valueHeadSize: mla.vHead))
    }
    if let full = fullAttentionLayers, index >= full { return .none }
    var span = TransformerSpec.Span.full
    if let slidingWindow, index < slidingLayers ?? 0 { span = .window(slidingWindow) }
    return .attention(
      .init(heads: heads ?? 32, kvHeads: kvHeads ?? 8, headSize: headDim ?? 128, span: span))
  }

  private func feedForward(_ index: Int) -> TransformerSpec.FFN? {
    let gated = gatedFfn ?? true
    let dense = dFf.map { TransformerSpec.FFN.dense(.init(width: $0, gated: gated)) }
    guard let moe, let count = moe.experts, let topK = moe.topK, let width = moe.dFfExpert else {
      return dense
    }
    let isDense =
      moe.moeEvery.map { index % $0 != $0 - 1 } ?? (index < moe.denseLayers ?? 0)
    if isDense { return dense }
    return .experts(
      .init(count: count, topK: topK, expertWidth: width, gated: gated, sharedWidth: moe.dFfShared ?? 0))
  }

  /// The partial shape with experts and shared weights sized to the published counts.
  private var filled: TransformerSpec {
    var spec = shape
    let width = Double(spec.modelWidth)
    let active = activeParams ?? params
    let count = moe?.experts ?? 128
    let topK = moe?.topK ?? 8
    let unvisited = max(0, params - active)
    let routed = unvisited / (1 - Double(topK) / Double(count))
    let perExpert = routed / Double(spec.layers.count * count) / (3 * width)
    if unvisited > 0 {
      for i in spec.layers.indices {
        spec.layers[i].ffn = .experts(
          .init(count: count, topK: topK, expertWidth: max(1, Int(perExpert)), gated: true, sharedWidth: 0))
      }
    }
    // The published active count leaves the input table out when the embeddings are untied.
    spec.tiedEmbeddings = true
    spec.extraParameters += Int(params - ModelCounts(spec).totalParameters)
    return spec
  }
}
