/// Chips paid for whether used or not, beside chips rented by the hour when demand exceeds them.
///
///     cost(q) = p_c·q + p_o·E[(d − q)⁺]          per hour, in peak chips
///
/// The derivative `p_c − p_o·P(d > q)` is a step function of q: one more committed chip pays as long as it is busy for
/// more than `p_c/p_o` of the hours, so the best q is an hour's demand.
/// - Source: the newsvendor argument.
public struct Commitment: Sendable, Hashable {
  /// Dollars per chip-hour under commitment and on demand.
  public let committedUSD: Double
  public let onDemandUSD: Double
  public let demand: HourlyDemand

  public init(committedUSD: Double, onDemandUSD: Double, demand: HourlyDemand) throws(EconomicsError) {
    try require(committedUSD, .nonNegative, "committed price per chip-hour in dollars")
    try require(onDemandUSD, .positive, "on-demand price per chip-hour in dollars")
    self.committedUSD = committedUSD
    self.onDemandUSD = onDemandUSD
    self.demand = demand
  }

  /// The share of hours a committed chip must be busy to be worth it.
  public var breakEvenUse: Double { committedUSD / onDemandUSD }

  /// Dollars per hour and peak chip when a share q of the peak is committed.
  public func usdPerHour(committedShare q: Double) throws(EconomicsError) -> Double {
    try require(q, .share, "committed share of the peak")
    return committedUSD * q + onDemandUSD * (demand.mean - demand.meanServed(level: q))
  }

  /// The q of least cost; the smallest when several tie.
  public func bestShare() throws(EconomicsError) -> Double {
    var best = (share: 0.0, usd: try usdPerHour(committedShare: 0))
    for share in demand.hours.sorted() {
      let usd = try usdPerHour(committedShare: share)
      if usd < best.usd * (1 - 1e-12) { best = (share, usd) }
    }
    return best.share
  }

  /// Dollars per chip-hour of demand served: all hours paid over the hours used.
  public func usdPerUsedHour(committedShare q: Double) throws(EconomicsError) -> Double {
    try usdPerHour(committedShare: q) / demand.mean
  }
}
