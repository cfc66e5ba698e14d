/// What the layers of a decoder are built from, wherever its shape was written: the catalog or a `config.json`.
///
/// Readers say once how wide heads and FFNs are and which small weights come with them; then, layer by layer, what
/// mixes tokens, what feeds forward, and how far attention sees.
struct LayerPlan {
  enum Mix { case attention, stateSpace, none }
  enum Feed { case dense, experts, none }

  /// Weights beside the projections of attention.
  struct AttentionExtras {
    /// Biases of query, key and value; of the output.
    var qkvBias = false
    var outputBias = false
    /// Norms of queries and keys: by head, or over all heads at once.
    var headNorm = false
    var wideNorm = false
    /// One learned logit per head that attends to nothing.
    var sinks = false
    /// A D × D projection of relative positions.
    var positionProjection = false
  }

  var width: Int
  var heads: Int
  var kvHeads: Int
  var headSize: Int
  var extras = AttentionExtras()
  var latent: TransformerSpec.LatentAttention?
  var stateSpace: TransformerSpec.StateSpace?
  var denseWidth: Int
  var isGated: Bool
  var hasFFNBias = false
  /// Routed experts; `nil` for dense models.
  var experts: TransformerSpec.Experts?
  /// Norm weights of one layer.
  var normParameters: Int

  func layer(_ mix: Mix, _ feed: Feed, span: TransformerSpec.Span = .full) -> TransformerSpec.Layer {
    TransformerSpec.Layer(mixer: mixer(mix, span), ffn: ffn(feed), normParameters: normParameters)
  }

  private func mixer(_ mix: Mix, _ span: TransformerSpec.Span) -> TransformerSpec.Mixer {
    switch mix {
    case .none: .none
    case .stateSpace: stateSpace.map { .ssm($0) } ?? .none
    case .attention: latent.map { .latentAttention($0) } ?? .attention(attention(span))
    }
  }

  private func attention(_ span: TransformerSpec.Span) -> TransformerSpec.Attention {
    var extra = 0
    if extras.qkvBias { extra += (heads + 2 * kvHeads) * headSize }
    if extras.outputBias { extra += width }
    if extras.headNorm { extra += 2 * headSize }
    if extras.wideNorm { extra += (heads + kvHeads) * headSize }
    if extras.sinks { extra += heads }
    if extras.positionProjection { extra += width * width }
    return TransformerSpec.Attention(
      heads: heads, kvHeads: kvHeads, headSize: headSize, span: span, extraParameters: extra)
  }

  private func ffn(_ feed: Feed) -> TransformerSpec.FFN? {
    switch feed {
    case .none: nil
    case .dense:
      denseWidth > 0
        ? .dense(.init(width: denseWidth, gated: isGated, extraParameters: biases(denseWidth))) : nil
    case .experts:
      experts.map { plain in
        var experts = plain
        experts.extraParametersPerExpert = biases(experts.expertWidth)
        return .experts(experts)
      }
    }
  }

  private func biases(_ columns: Int) -> Int { hasFFNBias ? (isGated ? 2 : 1) * columns + width : 0 }
}
