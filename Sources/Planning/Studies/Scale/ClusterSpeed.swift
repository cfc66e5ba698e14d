import Economics
import FleetData
import Performance

extension SwitchedClusterModel {
  /// A dense transformer of one attention shape on H100 nodes, in bf16; `nil` for other architectures.
  init?(_ model: TransformerSpec) {
    guard let layer = model.layers.first, case .attention(let attention) = layer.mixer,
      case .dense(let ffn) = layer.ffn
    else { return nil }
    let (width, layers) = (Double(model.modelWidth), Double(model.layers.count))
    let heads = Double(attention.heads * attention.headSize)
    let keys = Double(attention.kvHeads * attention.headSize)
    self.init(
      attentionParameters: layers * width * 2 * (heads + keys),
      ffnParameters: layers * width * Double(ffn.width) * (ffn.gated ? 3 : 2),
      unembeddingParameters: width * Double(model.vocabulary), layers: model.layers.count, width: width,
      attentionWidth: heads, ffnWidth: Double(ffn.width),
      queriesPerKVHead: Double(attention.heads / attention.kvHeads),
      kvBytesPerToken: ModelCounts(model).kvBytesPerToken(.bf16).value, bytesPerParameter: 2,
      peakFLOPs: 989.5e12,
      hbmBytesPerSecond: 3.35e12)
  }

  /// The fastest lone user over 1 to 256 chips: tokens per second and the chips it takes.
  func fastest(context: Double) throws(EconomicsError) -> (tokensPerSecond: Double, chips: Double) {
    var best = (tokensPerSecond: 0.0, chips: 1.0)
    var chips = 1.0
    while chips <= 256 {
      let speed = try 1 / stepSeconds(chips: chips, batch: 1, context: context)
      if speed > best.tokensPerSecond { best = (speed, chips) }
      chips *= 2
    }
    return best
  }
}
