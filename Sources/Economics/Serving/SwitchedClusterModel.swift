import Foundation

/// Erdil's full model of one decode step of a transformer on a cluster of NVLink nodes.
///
///     t = network + max(bytes/(n·B·0.75), FLOPs/(n·C·0.70)) + kernel launches
///     t_reduce = 6.8 µs + 1.2 µs·(ranks per node − 1) + 10 µs·log2(nodes)      (NCCL LL tree)
///
/// with all-reduces among √n ranks on √nodes nodes, and `((1 + 2/g)·H·h + 2d + f)·b·p` bytes reduced per layer.
/// Mixture-of-experts layers read `N_attn + (1 − (1 − 1/s)^b)·N_ffn` of their weights.
/// - Source: Erdil 2025, arXiv:2506.04645; sustained shares 75 % and 70 %, 4 µs per launch, NVLink 450 GB/s per
///   direction halved by the LL protocol, InfiniBand 50 GB/s per GPU.
public struct SwitchedClusterModel: Sendable, Hashable {
  public var attentionParameters: Double
  public var ffnParameters: Double
  public var unembeddingParameters: Double
  /// s: experts over active experts; 1 for a dense model.
  public var sparsity: Double
  public var layers: Int
  public var width: Double
  public var attentionWidth: Double
  /// Active FFN width.
  public var ffnWidth: Double
  public var queriesPerKVHead: Double
  public var kvBytesPerToken: Double
  public var bytesPerParameter: Double
  public var peakFLOPs: Double
  public var hbmBytesPerSecond: Double
  public var chipsPerNode: Double
  public var reducesPerLayer: Double

  public init(
    attentionParameters: Double, ffnParameters: Double, unembeddingParameters: Double, sparsity: Double = 1,
    layers: Int, width: Double, attentionWidth: Double, ffnWidth: Double, queriesPerKVHead: Double,
    kvBytesPerToken: Double, bytesPerParameter: Double, peakFLOPs: Double, hbmBytesPerSecond: Double,
    chipsPerNode: Double = 8, reducesPerLayer: Double = 4
  ) {
    self.attentionParameters = attentionParameters
    self.ffnParameters = ffnParameters
    self.unembeddingParameters = unembeddingParameters
    self.sparsity = sparsity
    self.layers = layers
    self.width = width
    self.attentionWidth = attentionWidth
    self.ffnWidth = ffnWidth
    self.queriesPerKVHead = queriesPerKVHead
    self.kvBytesPerToken = kvBytesPerToken
    self.bytesPerParameter = bytesPerParameter
    self.peakFLOPs = peakFLOPs
    self.hbmBytesPerSecond = hbmBytesPerSecond
    self.chipsPerNode = chipsPerNode
    self.reducesPerLayer = reducesPerLayer
  }

  /// Seconds of one decode step of b sequences of `context` tokens on n chips.
  public func stepSeconds(chips n: Double, batch b: Double, context: Double) throws(EconomicsError) -> Double
  {
    try require(n, .atLeastOne, "chips")
    try require(b, .atLeastOne, "sequences per step")
    try require(context, .nonNegative, "context in tokens")
    let launches = 4e-6 * reducesPerLayer * Double(layers)
    return networkSeconds(chips: n, batch: b)
      + max(
        bytes(batch: b, context: context) / (n * hbmBytesPerSecond * 0.75),
        flops(batch: b, context: context) / (n * peakFLOPs * 0.70)) + launches
  }

  func bytes(batch b: Double, context: Double) -> Double {
    let experts = 1 - pow(1 - 1 / sparsity, b)
    let read = attentionParameters + (sparsity > 1 ? experts : 1) * ffnParameters + unembeddingParameters
    return read * bytesPerParameter + b * context * kvBytesPerToken
  }

  func flops(batch b: Double, context: Double) -> Double {
    let active = attentionParameters + ffnParameters / sparsity + unembeddingParameters
    return b * (2 * active + 4 * Double(layers) * attentionWidth * context)
  }

  func networkSeconds(chips n: Double, batch b: Double) -> Double {
    guard n > 1 else { return 0 }
    let nodes = max(1, n / chipsPerNode)
    let ranks = n.squareRoot()
    let reduceNodes = nodes.squareRoot()
    let perReduce =
      6.8e-6 + 1.2e-6 * max(0, ranks / reduceNodes - 1) + 10e-6 * log2(max(1, reduceNodes))
    let reduced =
      ((1 + 2 / queriesPerKVHead) * attentionWidth + 2 * width + ffnWidth) * b * bytesPerParameter
    let bandwidth = nodes > 1 ? 50e9 : 225e9
    // Activations are spread over √n columns; an all-reduce moves them twice.
    let wire = 2 * reduced / (ranks * bandwidth)
    return Double(layers) * (reducesPerLayer * perReduce + wire)
  }
}
