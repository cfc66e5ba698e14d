import Foundation

/// The speed one tensor-parallel instance cannot pass at batch 1: the ceiling of scaling up.
///
///     t(n) = L·r·h·2(√n − 1) + p·N/(n·B)
///     n*   = (pN/(L·r·h·B))^(2/3),   t_min = 3(L·r·h)^(2/3)(pN/B)^(1/3) − 2L·r·h
///
/// More chips read the weights faster, but every all-reduce crosses √n ranks; past n* each further chip costs more
/// latency than it saves. At n* a token costs about three times its floor.
/// - Shapes: N parameters of p bytes, L layers with r reduces each, h seconds per hop, B bytes/s of HBM per chip.
/// - Source: Erdil 2025, arXiv:2506.04645, equations 12–14.
public struct LatencyFloor: Sendable, Hashable {
  /// p·N/B: seconds in which one chip reads all weights.
  public let weightRead: Double
  /// L·r·h: seconds of hops per token on a unit path.
  public let hops: Double

  public init(
    parameters: Double, bytesPerParameter: Double, hbmBytesPerSecond: Double, layers: Int,
    reducesPerLayer: Double = 4, hopSeconds: Double = 1e-6
  ) throws(EconomicsError) {
    try require(parameters, .atLeastOne, "parameters")
    try require(bytesPerParameter, .positive, "bytes per parameter")
    try require(hbmBytesPerSecond, .positive, "HBM bandwidth in bytes per second")
    try require(Double(layers), .atLeastOne, "layers")
    try require(reducesPerLayer, .positive, "reduces per layer")
    try require(hopSeconds, .positive, "hop latency in seconds")
    weightRead = parameters * bytesPerParameter / hbmBytesPerSecond
    hops = Double(layers) * reducesPerLayer * hopSeconds
  }

  /// n*: where one instance is fastest; never below one chip.
  public var bestChips: Double { max(1, pow(weightRead / hops, 2.0 / 3)) }

  /// Seconds per token on n chips.
  public func seconds(chips n: Double) throws(EconomicsError) -> Double {
    try require(n, .atLeastOne, "chips")
    return hops * 2 * (n.squareRoot() - 1) + weightRead / n
  }

  /// t_min.
  public func leastSeconds() throws(EconomicsError) -> Double { try seconds(chips: bestChips) }

  /// Tokens per second of the fastest instance.
  public func tokensPerSecond() throws(EconomicsError) -> Double { try 1 / leastSeconds() }

  /// Chip-seconds per token on n chips over those of one chip: the price of speed.
  public func costRatio(chips n: Double) throws(EconomicsError) -> Double {
    try seconds(chips: n) * n / weightRead
  }
}
