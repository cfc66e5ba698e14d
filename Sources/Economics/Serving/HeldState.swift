/// What it costs to keep a sequence's cache while nobody computes on it: an agent that waits for a tool.
///
///     usd = bytes · seconds · price / (3600 · HBM bytes of a chip)
///
/// Capacity is planned by byte-seconds, not by tokens: HBM that holds a waiting cache admits no other sequence.
public struct HeldState: Sendable, Hashable {
  /// Dollars of HBM per byte and second.
  public let usdPerByteSecond: Double

  public init(usdPerChipHour: Double, hbmBytesPerChip: Double) throws(EconomicsError) {
    try require(usdPerChipHour, .nonNegative, "price per chip-hour in dollars")
    try require(hbmBytesPerChip, .positive, "HBM bytes per chip")
    usdPerByteSecond = usdPerChipHour / 3600 / hbmBytesPerChip
  }

  /// Holding `bytes` for `seconds`.
  public func usd(bytes: Double, seconds: Double) throws(EconomicsError) -> Double {
    try require(bytes, .nonNegative, "bytes held")
    try require(seconds, .nonNegative, "seconds held")
    return usdPerByteSecond * bytes * seconds
  }

  /// The wait beyond which it is cheaper to drop the cache and pay `usd` to have it again.
  public func breakEvenSeconds(bytes: Double, usdToRestore usd: Double) throws(EconomicsError) -> Double {
    try require(bytes, .positive, "bytes held")
    try require(usd, .nonNegative, "dollars to restore")
    return usdPerByteSecond > 0 ? usd / (usdPerByteSecond * bytes) : .infinity
  }
}
