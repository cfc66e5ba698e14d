import Foundation
import FleetData
import Quantities

/// What links between sites must carry when training spreads over them.
public enum TrainingLinks {
  /// Bits per second per site of synchronous data parallel on a ring of R sites:
  /// `2(R−1)/R · N · bits / t`; with DiLoCo, 1/H of it on average.
  public static func averageBitsPerSecond(
    parameters n: Double, sites: Double, stepSeconds: Double, bitsPerParameter: Double,
    stepsBetweenSyncs h: Double = 1
  ) throws(EconomicsError) -> Double {
    try requireRun(n, stepSeconds, h)
    try require(sites, .atLeastOne, "sites")
    try require(bitsPerParameter, .positive, "bits per parameter")
    return 2 * (sites - 1) / sites * n * bitsPerParameter / stepSeconds / h
  }

  /// The constants of `bitsPerSecond(utilization:)`.
  public struct Fit: Sendable, Hashable {
    /// k: traffic over the ideal.
    public var traffic: Double
    /// f: the share of one step under which traffic hides.
    public var hidden: Double
    /// Fitted to 74 cells of arXiv:2503.09799 table 6, whose grid steps by 21 %: median error 7 %, worst 42 %.
    public static let median = Fit(traffic: 0.7215, hidden: 0.5674)
    /// No hidden traffic beyond a step, none saved: 13 % over the table's median.
    public static let safe = Fit(traffic: 1, hidden: 1)
    public init(traffic: Double, hidden: Double) {
      self.traffic = traffic
      self.hidden = hidden
    }
  }

  /// Bandwidth that keeps chips busy for a share CU of the time when they synchronise every H steps:
  /// `k·16·N / (t·(H·(1/CU − 1) + f))` bits per second, in bf16.
  public static func bitsPerSecond(
    utilization cu: Double, parameters n: Double, stepSeconds: Double, stepsBetweenSyncs h: Double,
    fit: Fit = .median
  ) throws(EconomicsError) -> Double {
    try requireRun(n, stepSeconds, h)
    try require(cu, .positiveShare, "compute utilisation")
    return fit.traffic * 16 * n / (stepSeconds * (h * (1 / cu - 1) + fit.hidden))
  }

  /// The inverse: compute utilisation that a bandwidth allows, at most 1.
  public static func utilization(
    bitsPerSecond: Double, parameters n: Double, stepSeconds: Double, stepsBetweenSyncs h: Double,
    fit: Fit = .median
  ) throws(EconomicsError) -> Double {
    try requireRun(n, stepSeconds, h)
    try require(bitsPerSecond, .positive, "bits per second")
    let stall = fit.traffic * 16 * n / (stepSeconds * bitsPerSecond) - fit.hidden
    return 1 / (1 + max(0, stall) / h)
  }

  /// `t_inner / (t_inner + t_sync)`: nothing overlapped.
  public static func utilization(innerSeconds: Double, syncSeconds: Double) throws(EconomicsError) -> Double {
    try require(innerSeconds, .positive, "inner phase in seconds")
    try require(syncSeconds, .nonNegative, "synchronisation in seconds")
    return innerSeconds / (innerSeconds + syncSeconds)
  }

  /// How many times fewer bits H local steps and coarser numbers send.
  public static func trafficReduction(stepsBetweenSyncs h: Double, bitsFrom: Double, bitsTo: Double)
    throws(EconomicsError) -> Double
  {
    try require(h, .atLeastOne, "steps between synchronisations")
    try require(bitsFrom, .positive, "bits per value before")
    try require(bitsTo, .positive, "bits per value after")
    return h * bitsFrom / bitsTo
  }

  /// How many times smaller the peak is when layers are sent a fragment at a time.
  ///
  /// - Source: streaming DiLoCo, arXiv:2501.18512.
  public static func peakReduction(layers: Double, fragmentLayers: Double) throws(EconomicsError) -> Double {
    try require(layers, .atLeastOne, "layers")
    try require(fragmentLayers, .atLeastOne, "layers per fragment")
    return layers / fragmentLayers
  }

  /// Round trip that light in fibre cannot beat: `2·d·1.468/c`.
  public static func fibreRoundTrip(kilometres: Double) throws(EconomicsError) -> Seconds {
    try require(kilometres, .nonNegative, "kilometres")
    return RoundTrips.fibreFloor(kilometres: kilometres)
  }

  /// Time to push weights to actors: `bytes / bandwidth`. It must fit in the staleness that learning tolerates.
  public static func weightPush(bytes: Bytes, over bandwidth: BytesPerSecond) throws(EconomicsError)
    -> Seconds
  {
    try require(bytes.value, .nonNegative, "bytes of weights")
    try require(bandwidth.value, .positive, "bandwidth in bytes per second")
    return bytes / bandwidth
  }

  private static func requireRun(_ n: Double, _ step: Double, _ h: Double) throws(EconomicsError) {
    try require(n, .atLeastOne, "parameters")
    try require(step, .positive, "step time in seconds")
    try require(h, .atLeastOne, "steps between synchronisations")
  }
}
