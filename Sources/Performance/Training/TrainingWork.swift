import FleetData

/// Work of one token in a forward pass, summed over the layers of a model.
///
/// FLOPs count two per multiplied parameter; attention counts all T keys of the sequence (or the span), before any
/// causal halving. Elements are read and written by what is not a matmul.
struct TrainingWork: Sendable {
  /// Mixers, dense FFNs, shared experts and routers.
  var denseFLOPs = 0.0
  /// Routed experts.
  var expertFLOPs = 0.0
  var logitFLOPs: Double
  var attentionFLOPs = 0.0
  /// The same with heads narrower than 128 counted as 128 wide: a systolic array is filled along the head.
  var paddedAttentionFLOPs = 0.0
  /// Norms and residuals: every chip of a tensor group does them unless they are split by sequence.
  var normElements = 0.0
  /// Attention's and the FFN's inner activations, split with the heads and columns.
  var innerElements = 0.0
  /// Activations kept for the backward pass when nothing is recomputed.
  var savedElements = 0.0
  /// Of those, what latent attention's up-projections make again from the latent vectors, and their FLOPs: selective
  /// recomputation keeps the latents alone.
  var expandedElements = 0.0
  var expansionFLOPs = 0.0
  /// Keys and values of all layers, which context parallelism exchanges.
  var kvElements = 0.0

  /// Passes over a D-wide vector per layer: two norms, two residual additions, casts (read and write).
  private static let normPasses = 14.0
  /// Passes over each routed copy of a token: sort, gather, scatter, combine, with their counterparts.
  private static let routedPasses = 20.0

  init(_ model: TransformerSpec, sequence: Int) {
    let width = Double(model.modelWidth)
    logitFLOPs = 2 * width * Double(model.vocabulary)
    for layer in model.layers {
      addMixer(layer.mixer, width: width, sequence: Double(sequence))
      switch layer.ffn {
      case .dense(let ffn): addDense(width: width, columns: Double(ffn.width), gated: ffn.gated)
      case .experts(let experts): addExperts(experts, width: width)
      case nil: break
      }
      normElements += Self.normPasses * width
      savedElements += 2 * width
    }
  }

  /// FLOPs of the matmuls alone, logits aside.
  var layerFLOPs: Double { denseFLOPs + expertFLOPs }

  private mutating func addMixer(_ mixer: TransformerSpec.Mixer, width: Double, sequence: Double) {
    let inner: Double
    switch mixer {
    case .attention(let a):
      inner = Double(2 * (a.heads + a.kvHeads) * a.headSize)
      addAttention(4 * Double(a.heads * a.headSize) * keys(a.span, sequence), headSize: a.headSize)
      kvElements += Double(2 * a.kvHeads * a.headSize)
      denseFLOPs += 2 * (mixerParameters(mixer, width: width) - Double(a.extraParameters))
    case .latentAttention(let a):
      let head = a.nopeHeadSize + a.ropeHeadSize + a.valueHeadSize
      inner = Double(2 * a.heads * head)
      addAttention(2 * Double(a.heads * head) * sequence, headSize: a.valueHeadSize)
      kvElements += Double(a.kvRank + a.ropeHeadSize)
      addExpansion(a)
      denseFLOPs += 2 * (mixerParameters(mixer, width: width) - Double(a.extraParameters))
    case .ssm(let s):
      inner = Double(6 * s.innerWidth)
      denseFLOPs += 2 * (mixerParameters(mixer, width: width) - Double(s.extraParameters))
      denseFLOPs += 6 * Double(s.innerWidth * s.stateSize)
    case .none: return
    }
    innerElements += 2 * inner
    savedElements += inner
  }

  /// Queries, keys and values out of their latent vectors.
  private mutating func addExpansion(_ a: TransformerSpec.LatentAttention) {
    let queries = a.heads * (a.nopeHeadSize + a.ropeHeadSize)
    let values = a.heads * (a.nopeHeadSize + a.valueHeadSize)
    expansionFLOPs += 2 * Double((a.queryRank ?? 0) * queries + a.kvRank * values)
    let kept = (a.queryRank ?? queries) + a.kvRank + a.ropeHeadSize
    expandedElements += Double(2 * queries + a.heads * a.valueHeadSize - kept)
  }

  private mutating func addAttention(_ flops: Double, headSize: Int) {
    attentionFLOPs += flops
    paddedAttentionFLOPs += flops * max(1, 128 / Double(headSize))
  }

  private func keys(_ span: TransformerSpec.Span, _ sequence: Double) -> Double {
    span.limit.map { min(Double($0), sequence) } ?? sequence
  }

  private mutating func addDense(width: Double, columns: Double, gated: Bool) {
    denseFLOPs += (gated ? 6 : 4) * width * columns
    innerElements += (gated ? 4 : 3) * columns
    savedElements += (gated ? 3 : 2) * columns
  }

  private mutating func addExperts(_ experts: TransformerSpec.Experts, width: Double) {
    let copies = Double(experts.topK)
    let columns = Double(experts.expertWidth)
    let routed = Double(experts.latentWidth ?? Int(width))
    expertFLOPs += (experts.gated ? 6 : 4) * routed * columns * copies
    denseFLOPs += 2 * width * Double(experts.count + 2 * (experts.latentWidth ?? 0))
    innerElements += copies * ((experts.gated ? 4 : 3) * columns + (2 + Self.routedPasses) * routed)
    savedElements += copies * ((experts.gated ? 3 : 2) * columns + 2 * routed)
    if experts.sharedWidth > 0 {
      addDense(width: width, columns: Double(experts.sharedWidth), gated: experts.gated)
    }
  }
}
