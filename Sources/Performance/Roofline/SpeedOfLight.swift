import FleetData
import Quantities

/// A forward pass as a list of operations, each at the longer of its arithmetic and its traffic, one after another.
///
/// No kernel is slower and nothing overlaps: a bound from the other side of `Roofline.time`, which lets everything
/// overlap. Tables of measured kernels are compared with it operation by operation.
public struct SpeedOfLight: Sendable {
  public struct Operation: Sendable, Hashable {
    public var name: String
    public var seconds: Double
    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  public var model: TransformerSpec
  public var chip: ChipSpec
  /// Chips that share every layer.
  public var tensor: Int
  /// Chips the routed experts are spread over.
  public var expert: Int
  public var weights: Precision
  public var kv: Precision
  /// Attention's own arithmetic.
  public var attention: Precision
  /// Every step reads every expert, as some tools count, rather than those its tokens are expected to pick.
  public var readsAllExperts = false
  /// Convolution and scan of state-space layers are split over the chips with their channels; some tools leave them whole.
  public var splitsStates = true

  public init(
    model: TransformerSpec, chip: ChipSpec, tensor: Int = 1, expert: Int = 1, weights: Precision = .bf16,
    kv: Precision = .bf16, attention: Precision = .bf16
  ) {
    self.model = model
    self.chip = chip
    self.tensor = tensor
    self.expert = expert
    self.weights = weights
    self.kv = kv
    self.attention = attention
  }

  /// Prefill of `batch` prompts of `tokens` tokens; logits of their last tokens only.
  public func prefill(batch: Int, tokens: Int) throws(EstimateError) -> [Operation] {
    let keys = Double(tokens) / 2
    return try operations(
      tokens: Double(batch * tokens), sequences: Double(batch), keys: keys, cached: false)
  }

  /// One decode step of `batch` sequences that see `context` tokens each.
  public func decode(batch: Int, context: Int) throws(EstimateError) -> [Operation] {
    try operations(
      tokens: Double(batch), sequences: Double(batch), keys: Double(context), cached: true)
  }

  /// The sum of a list, leaving out operations whose name is in `except`.
  public static func total(_ operations: [Operation], except: Set<String> = []) -> Seconds {
    Seconds(operations.reduce(0) { $0 + (except.contains($1.name) ? 0 : $1.seconds) })
  }

  private func operations(
    tokens: Double, sequences: Double, keys: Double, cached: Bool
  ) throws(EstimateError) -> [Operation] {
    let pass = Pass(
      tokens: tokens, keys: keys, cached: cached, width: Double(model.modelWidth),
      narrow: try roofline(weights), wide: try roofline(.bf16), heads: try roofline(attention))
    var list: [Operation] = []
    for layer in model.layers {
      for part in [mixer(layer.mixer, pass), feedForward(layer.ffn, pass)] where !part.isEmpty {
        list += part
        // A norm with its residual addition: read two, write two.
        list.append(pass.moved("norm", elements: 4 * tokens * pass.width))
        if tensor > 1 { list.append(exchange(.allReduce, elements: tokens * pass.width)) }
      }
    }
    list.append(
      pass.matmul("logits", sequences, pass.width, Double(model.vocabulary) / Double(tensor), pass.wide, 2))
    return list
  }

  private func roofline(_ precision: Precision) throws(EstimateError) -> Roofline {
    guard let peak = chip.peak[precision] else {
      throw .precisionUnsupported(
        chip: chip.id, precision: precision, supported: supportedPrecisions(chip))
    }
    return Roofline(peak: peak.value, bandwidth: chip.hbmBandwidth.value)
  }

  /// A collective of bf16 activations among the chips of a layer, at the links' rated speed.
  private func exchange(_ kind: Collective, elements: Double) -> Operation {
    let network = SliceNetwork(
      chip: chip, slice: .standard(chips: tensor, on: chip), sharding: Sharding(tensor: tensor))
    let time = kind.time(Bytes(2 * elements), over: network[.tensor])
    return Operation(name: kind == .allReduce ? "all-reduce" : "all-gather", seconds: time.value)
  }
}

/// One pass over one layer: what every operation of it shares.
private struct Pass {
  let tokens: Double
  let keys: Double
  let cached: Bool
  let width: Double
  let narrow: Roofline
  let wide: Roofline
  let heads: Roofline

  func matmul(
    _ name: String, _ tokens: Double, _ inner: Double, _ outer: Double, _ machine: Roofline, _ bytes: Double
  ) -> SpeedOfLight.Operation {
    // Weights in their own format, activations in bf16.
    let moved = Bytes(inner * outer * bytes + 2 * tokens * (inner + outer))
    return .init(name: name, seconds: machine.time(FLOPs(2 * tokens * inner * outer), moving: moved).value)
  }

  func moved(_ name: String, elements: Double) -> SpeedOfLight.Operation {
    .init(name: name, seconds: (Bytes(2 * elements) / wide.bandwidth).value)
  }
}

extension SpeedOfLight {
  private func mixer(_ mixer: TransformerSpec.Mixer, _ pass: Pass) -> [Operation] {
    let ways = Double(tensor)
    let bytes = weights.bytesPerElement
    switch mixer {
    case .attention(let a):
      let inner = Double(a.heads * a.headSize) / ways
      // Fewer key-value heads than chips are copied, one for each.
      let cacheWidth = max(Double(a.kvHeads), ways) * Double(a.headSize) / ways
      let keys = a.span.limit.map { min(Double($0), pass.keys) } ?? pass.keys
      return [
        pass.matmul("qkv", pass.tokens, pass.width, inner + 2 * cacheWidth, pass.narrow, bytes),
        attend(pass, flops: 4 * inner * keys, elements: 2 * cacheWidth * keys, io: 2 * inner),
        pass.matmul("projection", pass.tokens, inner, pass.width, pass.narrow, bytes),
      ]
    case .latentAttention(let a):
      let head = Double(a.nopeHeadSize + a.ropeHeadSize + a.valueHeadSize)
      let latent = Double(a.kvRank + a.ropeHeadSize)
      let perKey =
        2 * Double(a.heads) / ways * (pass.cached ? Double(2 * a.kvRank + a.ropeHeadSize) : head)
      let parameters = mixerParameters(mixer, width: pass.width) / ways
      return [
        pass.matmul(
          "latent projections", pass.tokens, pass.width, parameters / pass.width, pass.narrow, bytes),
        attend(pass, flops: perKey * pass.keys, elements: latent * pass.keys, io: 0),
      ]
    case .ssm(let s): return stateSpace(s, pass)
    case .none: return []
    }
  }

  /// In and out projections, the short convolution (read and written), the scan (its input, gate and step sizes read,
  /// its output written), and in decode the state that every sequence keeps, read and written.
  private func stateSpace(_ s: TransformerSpec.StateSpace, _ pass: Pass) -> [Operation] {
    let (ways, inner) = (Double(tensor), Double(s.innerWidth))
    let channels = Double(convolutionChannels(s))
    let whole = mixerParameters(.ssm(s), width: pass.width) - Double(s.extraParameters)
    let projected = (whole - channels * Double(s.convKernel) - inner * pass.width) / pass.width
    let share = splitsStates ? ways : 1
    var list = [
      pass.matmul(
        "state projections", pass.tokens, pass.width, projected / ways, pass.narrow,
        weights.bytesPerElement),
      pass.moved("convolution", elements: 2 * pass.tokens * channels / share),
      pass.moved("scan", elements: pass.tokens * (channels + inner + Double(s.heads)) / share),
      pass.matmul(
        "state output", pass.tokens, inner / ways, pass.width, pass.narrow, weights.bytesPerElement),
    ]
    if pass.cached {
      let state = inner * Double(s.stateSize) + channels * Double(s.convKernel - 1)
      list.append(pass.moved("state", elements: 2 * pass.tokens * state / ways))
    }
    return list
  }

  /// `flops` and cached `elements` per query token.
  private func attend(_ pass: Pass, flops: Double, elements: Double, io: Double) -> Operation {
    let cache = pass.cached ? elements * kv.bytesPerElement : 0
    let time = pass.heads.time(
      FLOPs(pass.tokens * flops), moving: Bytes(pass.tokens * (cache + 2 * io)))
    return Operation(name: "attention", seconds: time.value)
  }

  private func feedForward(_ ffn: TransformerSpec.FFN?, _ pass: Pass) -> [Operation] {
    switch ffn {
    case .dense(let d): return dense(pass, columns: Double(d.width) / Double(tensor), gated: d.gated)
    case .experts(let e): return experts(e, pass)
    case nil: return []
    }
  }

  private func dense(_ pass: Pass, columns: Double, gated: Bool) -> [Operation] {
    let bytes = weights.bytesPerElement
    return [
      pass.matmul("ffn in", pass.tokens, pass.width, (gated ? 2 : 1) * columns, pass.narrow, bytes),
      pass.moved("activation", elements: (gated ? 3 : 2) * pass.tokens * columns),
      pass.matmul("ffn out", pass.tokens, columns, pass.width, pass.narrow, bytes),
    ]
  }

  private func experts(_ e: TransformerSpec.Experts, _ pass: Pass) -> [Operation] {
    let inner = Double(e.routedWidth(in: model.modelWidth))
    let each = Double(e.gated ? 3 : 2) * inner * Double(e.expertWidth)
    let share =
      readsAllExperts
      ? 1 : ModelCounts.touchedShare(count: e.count, topK: e.topK, tokens: pass.tokens)
    let touched = Double(e.count) * share
    let ways = Double(max(expert, tensor))
    let work = FLOPs(2 * pass.tokens * Double(e.topK) * each / ways)
    let moved = Bytes(touched * each * weights.bytesPerElement / ways)
    var list = [
      pass.matmul("router", pass.tokens, pass.width, Double(e.count), pass.wide, 2),
      Operation(name: "experts", seconds: pass.narrow.time(work, moving: moved).value),
    ]
    if e.latentWidth != nil { list += latentExchange(pass, inner) }
    if e.sharedWidth > 0 {
      list += dense(pass, columns: Double(e.sharedWidth) / Double(tensor), gated: e.gated)
    }
    return list
  }

  /// Down to the experts' own width and back up, each chip a share of the latent columns: they are gathered on the way
  /// in, and summed over the experts' chips on the way out.
  private func latentExchange(_ pass: Pass, _ inner: Double) -> [Operation] {
    let bytes = weights.bytesPerElement
    let projections = [
      pass.matmul("latent down", pass.tokens, pass.width, inner / Double(tensor), pass.narrow, bytes),
      pass.matmul("latent up", pass.tokens, inner / Double(tensor), pass.width, pass.narrow, bytes),
    ]
    guard tensor > 1 else { return projections }
    return projections
      + [Collective.allGather, .allReduce].map { exchange($0, elements: pass.tokens * inner) }
  }
}
