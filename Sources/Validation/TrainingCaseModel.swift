import FleetData
import Performance

extension TrainingCase.Model {
  /// The row's shape as a model; norms and biases, which sources leave out, count nothing.
  ///
  /// - Throws: a `Diagnostic` when the vocabulary is unstated.
  func spec(id: String, source: String) throws(Diagnostic) -> TransformerSpec {
    guard let vocab else { throw Diagnostic("the row does not state the vocabulary") }
    return TransformerSpec(
      id: id, name: name ?? id, modelWidth: dModel, vocabulary: vocab, tiedEmbeddings: tied ?? false,
      layers: (0..<layers).map {
        TransformerSpec.Layer(mixer: mixer($0), ffn: feedForward($0), normParameters: 0)
      }, provenance: Provenance(source: source, asOf: "", grade: .quoted))
  }

  private func mixer(_ index: Int) -> TransformerSpec.Mixer {
    if let mla {
      return .latentAttention(
        .init(
          heads: heads, queryRank: mla.qRank, kvRank: mla.kvRank, ropeHeadSize: mla.rope,
          nopeHeadSize: mla.nope, valueHeadSize: mla.v))
    }
    let local = window.map { TransformerSpec.Span.window($0) }
    let isGlobal = index >= layers - (globalLayers ?? 0)
    let span = isGlobal ? TransformerSpec.Span.full : local ?? .full
    return .attention(.init(heads: heads, kvHeads: kvHeads, headSize: headDim, span: span))
  }

  private func feedForward(_ index: Int) -> TransformerSpec.FFN {
    let gated = gatedMlp ?? true
    guard let moe else { return .dense(.init(width: dFf, gated: gated)) }
    let isDense =
      index < (moe.denseLayers ?? 0) || moe.every.map { index % $0 != $0 - 1 } ?? false
    if isDense { return .dense(.init(width: moe.denseDFf ?? dFf, gated: gated)) }
    return .experts(
      .init(
        count: moe.experts, topK: moe.topK, expertWidth: moe.dFf, gated: gated,
        sharedWidth: moe.sharedDFf ?? 0))
  }
}

extension TrainingCase {
  /// The convention of the row's FLOPs: as its check or its own words name it, else matmuls with full attention.
  public var convention: FLOPConvention {
    let text = (check?.convention ?? flopConvention ?? "").lowercased()
    if text.hasPrefix("6p") || text.hasPrefix("6*params") { return .allParameters }
    if text.contains("full recompute") { return .fullRecompute }
    if text.contains("causal-halved") && !text.contains("not causal") { return .causalAttention }
    return .fullAttention
  }

  /// Model FLOPs of a token by the row's own convention.
  public func flopsPerToken(_ spec: TransformerSpec, sequence: Int) -> Double {
    trainingFLOPsPerToken(spec, sequence: sequence, convention: convention, parameters: model.params).value
  }
}
