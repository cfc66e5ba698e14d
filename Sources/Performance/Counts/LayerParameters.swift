import FleetData

/// Stored parameters of the layer's token mixer.
///
///     attention  2·D·N·H + 2·D·K·H
///     latent     D·r_q + r_q·N·(h_n + h_r)  (or D·N·(h_n + h_r))  + D·(r_kv + h_r) + r_kv·N·(h_n + h_v) + N·h_v·D
///     Mamba-2    D·(2I + 2GS + n) + (I + 2GS)·c + I·D
///     Mamba-1    2·D·I + I·c + I·(R + 2S) + R·I + I·S + I + I·D
///
/// each plus what the spec lists as extra (biases, norms inside the mixer, decay and skip vectors).
func mixerParameters(_ mixer: TransformerSpec.Mixer, width: Double) -> Double {
  switch mixer {
  case .attention(let a):
    return 2 * width * Double((a.heads + a.kvHeads) * a.headSize) + Double(a.extraParameters)
  case .latentAttention(let a):
    let heads = Double(a.heads)
    let queryWidth = heads * Double(a.nopeHeadSize + a.ropeHeadSize)
    let query = a.queryRank.map { Double($0) * (width + queryWidth) } ?? width * queryWidth
    let compress = width * Double(a.kvRank + a.ropeHeadSize)
    let expand = Double(a.kvRank) * heads * Double(a.nopeHeadSize + a.valueHeadSize)
    return query + compress + expand + heads * Double(a.valueHeadSize) * width + Double(a.extraParameters)
  case .ssm(let s):
    return stateSpaceParameters(s, width: width) + Double(s.extraParameters)
  case .none: return 0
  }
}

private func stateSpaceParameters(_ s: TransformerSpec.StateSpace, width: Double) -> Double {
  let inner = Double(s.innerWidth)
  let convolution = Double(convolutionChannels(s) * s.convKernel)
  switch s.kind {
  case .mamba2:
    let projected = Double(2 * s.innerWidth + 2 * s.groups * s.stateSize + s.heads)
    return width * projected + convolution + inner * width
  case .mamba1:
    let steps = inner * Double(s.stepRank + 2 * s.stateSize) + Double(s.stepRank) * inner
    return 2 * width * inner + convolution + steps + inner * Double(s.stateSize + 1) + inner * width
  }
}

/// Channels of the short convolution: I for Mamba-1, I + 2GS for Mamba-2, whose B and C pass through it too.
func convolutionChannels(_ s: TransformerSpec.StateSpace) -> Int {
  s.kind == .mamba1 ? s.innerWidth : s.innerWidth + 2 * s.groups * s.stateSize
}

/// Stored parameters of the layer's FFN: (3 if gated else 2)·D·F, or all experts, the shared ones, the router D·E and,
/// where experts work in a latent width Z, its two projections 2·D·Z.
func ffnParameters(_ ffn: TransformerSpec.FFN, width: Double) -> Double {
  switch ffn {
  case .dense(let d):
    return Double(d.gated ? 3 : 2) * width * Double(d.width) + Double(d.extraParameters)
  case .experts(let e):
    let shared = Double(e.gated ? 3 : 2) * width * Double(e.sharedWidth)
    let routed = Double(e.count) * routedExpertParameters(e, width: width)
    let projections = 2 * width * Double(e.latentWidth ?? 0)
    return routed + shared + projections + width * Double(e.count) + Double(e.extraParameters)
  }
}

/// Parameters of one routed expert: (3 if gated else 2)·Z·F, where Z is the model's width unless experts have their own.
func routedExpertParameters(_ e: TransformerSpec.Experts, width: Double) -> Double {
  let inner = e.latentWidth.map(Double.init) ?? width
  return Double(e.gated ? 3 : 2) * inner * Double(e.expertWidth) + Double(e.extraParametersPerExpert)
}
