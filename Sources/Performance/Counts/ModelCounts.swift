import FleetData
import Quantities

/// Parameters, FLOPs and bytes of one model, counted once from its shape and summed over its layers.
///
/// D model width, V vocabulary, N query heads, K key-value heads of size H, F FFN width, E experts of which k are used.
public struct ModelCounts: Sendable, Hashable {
  /// Every stored parameter, input and output embeddings counted once when tied.
  public var totalParameters: Double
  /// Parameters that multiply one token: everything but the input embedding table and the experts it does not visit.
  public var activeParameters: Double
  /// Parameters of the output projection (V·D).
  public var logitParameters: Double
  /// Parameters of the input table that a step only looks up: V·D when untied, 0 when the logits read the same table.
  public var lookupParameters: Double
  /// Routed experts, all layers, one entry per (count, top-k) pair in layer order.
  public var expertGroups: [ExpertGroup]
  /// Attention layers with the same span, in order of first appearance.
  public var attentionGroups: [AttentionGroup]
  /// Elements of recurrent state per sequence, all SSM layers.
  public var stateElements: Double
  /// FLOPs per token of the recurrence itself (not its projections), all SSM layers.
  public var stateFLOPsPerToken: Double
  public var layers: Int
  public var modelWidth: Int
  /// All-reduces (or their equals) of one token's activations in a tensor-parallel forward pass.
  public var reductions: Int
  /// Layers that send tokens to experts and back.
  public var expertLayers: Int
  /// Width of the vectors they send: the model's, or the latent width its experts work in.
  public var routedWidth: Int
  /// The cache holds latent vectors that all heads share.
  public var cachesLatents = false

  /// Routed experts that share one routing shape.
  public struct ExpertGroup: Sendable, Hashable {
    public var count: Int
    public var topK: Int
    public var layers: Int
    /// Over all experts and layers of the group.
    public var parameters: Double
  }

  /// Attention layers of one span.
  public struct AttentionGroup: Sendable, Hashable {
    /// Keys a token can see at most; `nil` means all before it.
    public var span: Int?
    public var layers: Int
    /// Cached elements per token, all layers of the group: 2·K·H, or the latent vector's.
    public var kvElements: Double
    /// FLOPs per (query, key) pair in prefill, all layers: 4·N·H.
    public var pairFLOPs: Double
    /// FLOPs per (query, key) pair in decode; more than in prefill for latent attention, whose weights are absorbed.
    public var decodePairFLOPs: Double
    /// The least K among the layers: how many ways the cache splits by head.
    public var kvHeads: Int
  }

  public init(_ model: TransformerSpec) {
    let width = Double(model.modelWidth)
    logitParameters = Double(model.vocabulary) * width
    lookupParameters = model.tiedEmbeddings ? 0 : logitParameters
    totalParameters = logitParameters + lookupParameters + Double(model.extraParameters)
    (expertGroups, attentionGroups, stateElements, stateFLOPsPerToken) = ([], [], 0, 0)
    (layers, modelWidth, reductions, expertLayers) = (model.layers.count, model.modelWidth, 0, 0)
    routedWidth = model.modelWidth
    activeParameters = 0
    var unvisited = 0.0
    for layer in model.layers {
      totalParameters += Double(layer.normParameters)
      totalParameters += mixerParameters(layer.mixer, width: width)
      addMixer(layer.mixer)
      let hasMixer = layer.mixer != .none
      guard let ffn = layer.ffn else {
        reductions += hasMixer ? 1 : 0
        continue
      }
      reductions += hasMixer && !model.parallelBlock ? 2 : 1
      totalParameters += ffnParameters(ffn, width: width)
      if case .experts(let experts) = ffn { unvisited += addExperts(experts, width: width) }
    }
    activeParameters = totalParameters - lookupParameters - unvisited
  }

  /// Adds one layer's routed experts; returns the parameters that a token does not visit.
  private mutating func addExperts(_ experts: TransformerSpec.Experts, width: Double) -> Double {
    let all = Double(experts.count) * routedExpertParameters(experts, width: width)
    expertLayers += 1
    routedWidth = experts.routedWidth(in: modelWidth)
    if let i = expertGroups.firstIndex(where: { $0.count == experts.count && $0.topK == experts.topK }) {
      expertGroups[i].layers += 1
      expertGroups[i].parameters += all
    } else {
      expertGroups.append(
        ExpertGroup(count: experts.count, topK: experts.topK, layers: 1, parameters: all))
    }
    return all * (1 - Double(experts.topK) / Double(experts.count))
  }

  private mutating func addMixer(_ mixer: TransformerSpec.Mixer) {
    switch mixer {
    case .attention(let a):
      let pair = 4 * Double(a.heads * a.headSize)
      addAttention(
        span: a.span.limit, elements: Double(2 * a.kvHeads * a.headSize), pair: pair, decodePair: pair,
        kvHeads: a.kvHeads)
    case .latentAttention(let a):
      cachesLatents = true
      let heads = Double(a.heads)
      let pair = 2 * heads * Double(a.nopeHeadSize + a.ropeHeadSize + a.valueHeadSize)
      let absorbed = 2 * heads * Double(2 * a.kvRank + a.ropeHeadSize)
      addAttention(
        span: nil, elements: Double(a.kvRank + a.ropeHeadSize), pair: pair, decodePair: absorbed, kvHeads: 1)
    case .ssm(let s):
      let inner = Double(s.innerWidth * s.stateSize)
      stateElements += inner + Double(convolutionChannels(s) * (s.convKernel - 1))
      stateFLOPsPerToken += 6 * inner
    case .none: break
    }
  }

  private mutating func addAttention(
    span: Int?, elements: Double, pair: Double, decodePair: Double, kvHeads: Int
  ) {
    if let i = attentionGroups.firstIndex(where: { $0.span == span }) {
      attentionGroups[i].layers += 1
      attentionGroups[i].kvElements += elements
      attentionGroups[i].pairFLOPs += pair
      attentionGroups[i].decodePairFLOPs += decodePair
      attentionGroups[i].kvHeads = min(attentionGroups[i].kvHeads, kvHeads)
    } else {
      attentionGroups.append(
        AttentionGroup(
          span: span, layers: 1, kvElements: elements, pairFLOPs: pair, decodePairFLOPs: decodePair,
          kvHeads: kvHeads))
    }
  }
}

extension TransformerSpec.Span {
  /// Keys a token can see at most; `nil` for full attention.
  var limit: Int? {
    switch self {
    case .full: nil
    case .window(let keys), .chunk(let keys): keys
    }
  }
}
