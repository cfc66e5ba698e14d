import Quantities

/// The shape of a decoder: everything needed to count its parameters, FLOPs, bytes and KV cache.
///
/// L layers of width D; attention with N query heads and K key-value heads of size H; FFN of width F; vocabulary V.
public struct TransformerSpec: Sendable, Hashable {
  public var id: String
  public var name: String
  /// D.
  public var modelWidth: Int
  /// V, padded as the checkpoint is.
  public var vocabulary: Int
  public var tiedEmbeddings: Bool
  /// One entry per layer, bottom to top.
  public var layers: [Layer]
  public var maxContext: Int?
  /// Parameters outside the layer shapes (final norms, learned positions).
  public var extraParameters: Int
  /// Attention and FFN read the same input and their outputs share one all-reduce (PaLM).
  public var parallelBlock: Bool
  /// Multi-token-prediction layers that a server may use to draft.
  public var mtpLayers: Int
  public var publishedParameters: Double?
  public var publishedActiveParameters: Double?
  public var provenance: Provenance

  public struct Layer: Sendable, Hashable {
    public var mixer: Mixer
    public var ffn: FFN?
    /// Norm weights of this layer.
    public var normParameters: Int
    public init(mixer: Mixer, ffn: FFN?, normParameters: Int) {
      self.mixer = mixer
      self.ffn = ffn
      self.normParameters = normParameters
    }
  }

  /// What mixes tokens in a layer.
  public enum Mixer: Sendable, Hashable {
    case attention(Attention)
    case latentAttention(LatentAttention)
    case ssm(StateSpace)
    /// A layer that is an FFN alone (Nemotron-H).
    case none
  }

  public struct Attention: Sendable, Hashable {
    public var heads: Int
    public var kvHeads: Int
    public var headSize: Int
    /// Keys attended: all before it, a sliding window, or its own chunk.
    public var span: Span
    /// Weights beside the four projections: biases, QK norms, sinks.
    public var extraParameters: Int

    public init(heads: Int, kvHeads: Int, headSize: Int, span: Span = .full, extraParameters: Int = 0) {
      self.heads = heads
      self.kvHeads = kvHeads
      self.headSize = headSize
      self.span = span
      self.extraParameters = extraParameters
    }
  }

  public enum Span: Sendable, Hashable {
    case full
    case window(Int)
    case chunk(Int)
  }

  /// Multi-head latent attention (DeepSeek): one compressed key-value vector per token, shared by all heads.
  public struct LatentAttention: Sendable, Hashable {
    public var heads: Int
    public var queryRank: Int?
    public var kvRank: Int
    public var ropeHeadSize: Int
    public var nopeHeadSize: Int
    public var valueHeadSize: Int
    public var extraParameters: Int

    public init(
      heads: Int, queryRank: Int?, kvRank: Int, ropeHeadSize: Int, nopeHeadSize: Int, valueHeadSize: Int,
      extraParameters: Int = 0
    ) {
      self.heads = heads
      self.queryRank = queryRank
      self.kvRank = kvRank
      self.ropeHeadSize = ropeHeadSize
      self.nopeHeadSize = nopeHeadSize
      self.valueHeadSize = valueHeadSize
      self.extraParameters = extraParameters
    }
  }

  /// A state-space layer: constant state per sequence, work linear in tokens.
  public struct StateSpace: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable { case mamba1, mamba2 }
    public var kind: Kind
    public var innerWidth: Int
    public var stateSize: Int
    /// Mamba-2 heads; 0 for Mamba-1.
    public var heads: Int
    public var groups: Int
    public var convKernel: Int
    /// Mamba-1 rank of the step-size projection; 0 for Mamba-2.
    public var stepRank: Int
    public var extraParameters: Int

    public init(
      kind: Kind, innerWidth: Int, stateSize: Int, heads: Int, groups: Int, convKernel: Int,
      stepRank: Int, extraParameters: Int = 0
    ) {
      self.kind = kind
      self.innerWidth = innerWidth
      self.stateSize = stateSize
      self.heads = heads
      self.groups = groups
      self.convKernel = convKernel
      self.stepRank = stepRank
      self.extraParameters = extraParameters
    }
  }

  public enum FFN: Sendable, Hashable {
    case dense(Dense)
    case experts(Experts)
  }

  public struct Dense: Sendable, Hashable {
    /// F.
    public var width: Int
    /// Three matrices (SwiGLU, GeGLU) rather than two.
    public var gated: Bool
    public var extraParameters: Int
    public init(width: Int, gated: Bool, extraParameters: Int = 0) {
      self.width = width
      self.gated = gated
      self.extraParameters = extraParameters
    }
  }

  public struct Experts: Sendable, Hashable {
    public var count: Int
    public var topK: Int
    public var expertWidth: Int
    public var gated: Bool
    /// Total width of the experts every token visits; 0 when there are none.
    public var sharedWidth: Int
    public var extraParameters: Int
    /// Biases inside one routed expert.
    public var extraParametersPerExpert: Int
    /// Z, when routed experts work on vectors narrower than the model: one projection D → Z before them and one Z → D
    /// after their sum serve them all. Router and shared experts stay at width D.
    public var latentWidth: Int?

    public init(
      count: Int, topK: Int, expertWidth: Int, gated: Bool, sharedWidth: Int, extraParameters: Int = 0,
      extraParametersPerExpert: Int = 0, latentWidth: Int? = nil
    ) {
      self.count = count
      self.topK = topK
      self.expertWidth = expertWidth
      self.gated = gated
      self.sharedWidth = sharedWidth
      self.extraParameters = extraParameters
      self.extraParametersPerExpert = extraParametersPerExpert
      self.latentWidth = latentWidth
    }

    /// Width of the vectors that travel to the routed experts and back.
    public func routedWidth(in modelWidth: Int) -> Int { latentWidth ?? modelWidth }
  }

  public init(
    id: String, name: String, modelWidth: Int, vocabulary: Int, tiedEmbeddings: Bool, layers: [Layer],
    maxContext: Int? = nil, extraParameters: Int = 0, parallelBlock: Bool = false, mtpLayers: Int = 0,
    publishedParameters: Double? = nil, publishedActiveParameters: Double? = nil, provenance: Provenance
  ) {
    self.id = id
    self.name = name
    self.modelWidth = modelWidth
    self.vocabulary = vocabulary
    self.tiedEmbeddings = tiedEmbeddings
    self.layers = layers
    self.maxContext = maxContext
    self.extraParameters = extraParameters
    self.parallelBlock = parallelBlock
    self.mtpLayers = mtpLayers
    self.publishedParameters = publishedParameters
    self.publishedActiveParameters = publishedActiveParameters
    self.provenance = provenance
  }
}
