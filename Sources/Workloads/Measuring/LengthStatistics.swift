/// What a column of token lengths looks like.
public struct LengthStatistics: Hashable, Sendable, Codable {
  public var total: UInt64
  public var mean: Double
  public var standardDeviation: Double
  public var p10: Double
  public var p50: Double
  public var p90: Double
  public var p99: Double
  public var p999: Double
  public var max: UInt32

  init(_ histogram: LengthHistogram) {
    let shares = histogram.percentiles([0.1, 0.5, 0.9, 0.99, 0.999])
    total = histogram.total
    mean = histogram.mean
    standardDeviation = histogram.standardDeviation
    p10 = shares[0]
    p50 = shares[1]
    p90 = shares[2]
    p99 = shares[3]
    p999 = shares[4]
    max = histogram.maximum
  }

  enum CodingKeys: String, CodingKey {
    case total, mean, p10, p50, p90, p99, p999, max
    case standardDeviation = "standard_deviation"
  }
}
