import Foundation

/// The JSON shape of `models.json` (`models/1`): one record per architecture, expanded into layers here.
enum ModelFile {
  static func models(in data: Data) throws -> [TransformerSpec] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File.self, from: data).models.map { $0.spec() }
  }

  struct File: Decodable { var models: [Record] }

  struct Experts: Decodable {
    var experts: Int
    var topK: Int
    var dFfExpert: Int
    var sharedExperts: Int
    var dFfShared: Int?
    var firstDense: Int?
    var routerBias: Bool?
    var period: Int?
    var offset: Int?
  }

  struct Latent: Decodable {
    var qLoraRank: Int?
    var kvLoraRank: Int
    var qkNopeHeadDim: Int
    var qkRopeHeadDim: Int
    var vHeadDim: Int
  }

  struct StateSpace: Decodable {
    var kind: TransformerSpec.StateSpace.Kind
    var dInner: Int
    var dState: Int
    var nHeads: Int?
    var nGroups: Int?
    var convKernel: Int
    var dtRank: Int?
    var bcdtNorm: Bool?
  }

  struct Record: Decodable {
    var id: String
    var name: String
    var layers: Int
    var dModel: Int
    var heads: Int
    var kvHeads: Int
    var headDim: Int
    var dFf: Int
    var vocab: Int
    var gatedFfn: Bool
    var tiedEmbeddings: Bool
    var maxContext: Int?
    var slidingWindow: Int?
    var slidingPattern: String?
    var attentionChunk: Int?
    var normParamsPerLayer: Int?
    var qkNorm: Bool?
    var qkvBias: Bool?
    var oBias: Bool?
    var ffnBias: Bool?
    var attnSinks: Bool?
    var moe: Experts?
    var mla: Latent?
    var ssm: StateSpace?
    var hybridPattern: String?
    var attnPeriod: Int?
    var attnOffset: Int?
    var parallelAttention: Bool?
    var finalNormParams: Int?
    var learnedPositions: Int?
    var relPosProj: Bool?
    var mtpLayers: Int?
    var paramsPublishedTotal: Double?
    var paramsPublishedActive: Double?
    var shapeSource: String
    var asOf: String
    var grade: Grade
    var note: String?
  }
}

extension ModelFile.Record {
  func spec() -> TransformerSpec {
    TransformerSpec(
      id: id, name: name, modelWidth: dModel, vocabulary: vocab, tiedEmbeddings: tiedEmbeddings,
      layers: (0..<layers).map(layer), maxContext: maxContext,
      extraParameters: (finalNormParams ?? dModel) + (learnedPositions ?? 0) * dModel,
      parallelBlock: parallelAttention ?? false, mtpLayers: mtpLayers ?? 0,
      publishedParameters: paramsPublishedTotal, publishedActiveParameters: paramsPublishedActive,
      provenance: Provenance(source: shapeSource, asOf: asOf, grade: grade, note: note))
  }

  private func layer(_ index: Int) -> TransformerSpec.Layer {
    if let hybridPattern { return hybridLayer(Array(hybridPattern)[index]) }
    let isAttention = attnPeriod.map { index % $0 == (attnOffset ?? 0) } ?? (heads > 0)
    return TransformerSpec.Layer(
      mixer: isAttention ? attention(index) : stateSpace, ffn: feedForward(index),
      normParameters: normParamsPerLayer ?? 2 * dModel)
  }

  /// Nemotron-H writes one letter per layer: M state space, * attention, - dense FFN, E experts.
  private func hybridLayer(_ letter: Character) -> TransformerSpec.Layer {
    let norm = normParamsPerLayer ?? dModel
    return switch letter {
    case "M": TransformerSpec.Layer(mixer: stateSpace, ffn: nil, normParameters: norm)
    case "*": TransformerSpec.Layer(mixer: attention(0), ffn: nil, normParameters: norm)
    case "E": TransformerSpec.Layer(mixer: .none, ffn: experts, normParameters: norm)
    default: TransformerSpec.Layer(mixer: .none, ffn: dense, normParameters: norm)
    }
  }

  private func attention(_ index: Int) -> TransformerSpec.Mixer {
    if let mla {
      return .latentAttention(
        TransformerSpec.LatentAttention(
          heads: heads, queryRank: mla.qLoraRank, kvRank: mla.kvLoraRank, ropeHeadSize: mla.qkRopeHeadDim,
          nopeHeadSize: mla.qkNopeHeadDim, valueHeadSize: mla.vHeadDim,
          extraParameters: (mla.qLoraRank ?? 0) + mla.kvLoraRank))
    }
    var extra = 0
    if qkNorm == true { extra += 2 * headDim }
    if qkvBias == true { extra += (heads + 2 * kvHeads) * headDim }
    if oBias == true { extra += dModel }
    if attnSinks == true { extra += heads }
    if relPosProj == true { extra += dModel * dModel }
    return .attention(
      TransformerSpec.Attention(
        heads: heads, kvHeads: kvHeads, headSize: headDim, span: span(index), extraParameters: extra))
  }

  /// Local layers come first in every published pattern: `5 local : 1 global`, alternating, three chunks to one.
  private func span(_ index: Int) -> TransformerSpec.Span {
    if let attentionChunk { return index % 4 == 3 ? .full : .chunk(attentionChunk) }
    guard let slidingWindow else { return .full }
    guard let slidingPattern else { return .window(slidingWindow) }
    let period = slidingPattern.hasPrefix("5") ? 6 : 2
    return index % period == period - 1 ? .full : .window(slidingWindow)
  }

  private var stateSpace: TransformerSpec.Mixer {
    guard let ssm else { return .none }
    return .ssm(
      TransformerSpec.StateSpace(
        kind: ssm.kind, innerWidth: ssm.dInner, stateSize: ssm.dState, heads: ssm.nHeads ?? 0,
        groups: ssm.nGroups ?? 1, convKernel: ssm.convKernel, stepRank: ssm.dtRank ?? 0,
        extraParameters: ssm.bcdtNorm == true ? (ssm.dtRank ?? 0) + 2 * ssm.dState : 0))
  }

  private func feedForward(_ index: Int) -> TransformerSpec.FFN? {
    guard let moe else { return dFf > 0 ? dense : nil }
    if index < (moe.firstDense ?? 0) { return dense }
    if let period = moe.period, index % period != (moe.offset ?? 0) { return dense }
    return experts
  }

  private var dense: TransformerSpec.FFN {
    let biases = ffnBias == true ? (gatedFfn ? 2 : 1) * dFf + dModel : 0
    return .dense(TransformerSpec.Dense(width: dFf, gated: gatedFfn, extraParameters: biases))
  }

  private var experts: TransformerSpec.FFN? {
    guard let moe else { return nil }
    return .experts(
      TransformerSpec.Experts(
        count: moe.experts, topK: moe.topK, expertWidth: moe.dFfExpert, gated: gatedFfn,
        sharedWidth: moe.sharedExperts * (moe.dFfShared ?? moe.dFfExpert),
        extraParameters: moe.routerBias == true ? moe.experts : 0,
        extraParametersPerExpert: ffnBias == true ? (gatedFfn ? 2 : 1) * moe.dFfExpert + dModel : 0))
  }
}
