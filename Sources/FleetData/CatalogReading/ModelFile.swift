import Foundation

/// The JSON shape of `models.json` (`models/1`): one record per architecture, expanded into layers here.
enum ModelFile {
  static func models(in data: Data) throws -> [TransformerSpec] {
    try decoder.decode(File.self, from: data).models.map { $0.spec() }
  }

  /// One record on its own.
  static func model(in data: Data) throws -> TransformerSpec {
    try decoder.decode(Record.self, from: data).spec()
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
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
    var latentWidth: Int?
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
    let plan = plan
    return TransformerSpec(
      id: id, name: name, modelWidth: dModel, vocabulary: vocab, tiedEmbeddings: tiedEmbeddings,
      layers: (0..<layers).map { plan.layer(mix($0), feed($0), span: span($0)) }, maxContext: maxContext,
      extraParameters: (finalNormParams ?? dModel) + (learnedPositions ?? 0) * dModel,
      parallelBlock: parallelAttention ?? false, mtpLayers: mtpLayers ?? 0,
      publishedParameters: paramsPublishedTotal, publishedActiveParameters: paramsPublishedActive,
      provenance: Provenance(source: shapeSource, asOf: asOf, grade: grade, note: note))
  }

  private var plan: LayerPlan {
    LayerPlan(
      width: dModel, heads: heads, kvHeads: kvHeads, headSize: headDim,
      extras: .init(
        qkvBias: qkvBias ?? false, outputBias: oBias ?? false, headNorm: qkNorm ?? false,
        sinks: attnSinks ?? false, positionProjection: relPosProj ?? false),
      latent: mla?.attention(heads: heads), stateSpace: ssm?.spec, denseWidth: dFf, isGated: gatedFfn,
      hasFFNBias: ffnBias ?? false, experts: moe?.spec(gated: gatedFfn),
      normParameters: normParamsPerLayer ?? (hybridPattern == nil ? 2 : 1) * dModel)
  }

  private func mix(_ index: Int) -> LayerPlan.Mix {
    if let hybridPattern { return HybridPattern(hybridPattern).mix(index) }
    return attnPeriod.map { index % $0 == (attnOffset ?? 0) } ?? (heads > 0) ? .attention : .stateSpace
  }

  private func feed(_ index: Int) -> LayerPlan.Feed {
    if let hybridPattern { return HybridPattern(hybridPattern).feed(index) }
    guard let moe, index >= moe.firstDense ?? 0 else { return .dense }
    if let period = moe.period, index % period != (moe.offset ?? 0) { return .dense }
    return .experts
  }

  /// Local layers come first in every published pattern: `5 local : 1 global`, alternating, three chunks to one.
  private func span(_ index: Int) -> TransformerSpec.Span {
    if let attentionChunk { return index % 4 == 3 ? .full : .chunk(attentionChunk) }
    guard let slidingWindow else { return .full }
    guard let slidingPattern else { return .window(slidingWindow) }
    let period = slidingPattern.hasPrefix("5") ? 6 : 2
    return index % period == period - 1 ? .full : .window(slidingWindow)
  }
}

extension ModelFile.Latent {
  func attention(heads: Int) -> TransformerSpec.LatentAttention {
    TransformerSpec.LatentAttention(
      heads: heads, queryRank: qLoraRank, kvRank: kvLoraRank, ropeHeadSize: qkRopeHeadDim,
      nopeHeadSize: qkNopeHeadDim, valueHeadSize: vHeadDim,
      extraParameters: (qLoraRank ?? 0) + kvLoraRank)
  }
}

extension ModelFile.StateSpace {
  var spec: TransformerSpec.StateSpace {
    TransformerSpec.StateSpace(
      kind: kind, innerWidth: dInner, stateSize: dState, heads: nHeads ?? 0, groups: nGroups ?? 1,
      convKernel: convKernel, stepRank: dtRank ?? 0,
      extraParameters: bcdtNorm == true ? (dtRank ?? 0) + 2 * dState : 0)
  }
}

extension ModelFile.Experts {
  func spec(gated: Bool) -> TransformerSpec.Experts {
    TransformerSpec.Experts(
      count: experts, topK: topK, expertWidth: dFfExpert, gated: gated,
      sharedWidth: sharedExperts * (dFfShared ?? dFfExpert),
      extraParameters: routerBias == true ? experts : 0,
      latentWidth: latentWidth)
  }
}

/// Nemotron-H writes one letter per layer: M state space, * attention, - dense FFN, E experts.
struct HybridPattern {
  private let letters: [UInt8]
  init(_ pattern: String) { letters = Array(pattern.utf8) }

  init(names: [String]) {
    letters = names.map { name in
      switch name {
      case "mamba": UInt8(ascii: "M")
      case "attention": UInt8(ascii: "*")
      case "moe": UInt8(ascii: "E")
      default: UInt8(ascii: "-")
      }
    }
  }

  /// Layers beyond the pattern's end are those of its last letter.
  private func letter(_ index: Int) -> UInt8 { letters[min(index, letters.count - 1)] }

  func mix(_ index: Int) -> LayerPlan.Mix {
    switch letter(index) {
    case UInt8(ascii: "M"): .stateSpace
    case UInt8(ascii: "*"): .attention
    default: .none
    }
  }

  func feed(_ index: Int) -> LayerPlan.Feed {
    switch letter(index) {
    case UInt8(ascii: "M"), UInt8(ascii: "*"): .none
    case UInt8(ascii: "E"): .experts
    default: .dense
    }
  }
}
