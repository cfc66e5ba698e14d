/// Counts of durations in buckets of equal ratio: any quantile within 0.2 %, in constant memory.
///
/// A bucket is an exponent and the first eight bits of the mantissa of a Double, so the bucket of a value is a shift
/// of its bits; 40 octaves from 0.95 µs to 12 days are kept apart. A quantile is given as the middle of its bucket.
/// - Source: the layout of HdrHistogram (G. Tene) with binary instead of decimal precision.
struct LogHistogram: Sendable, Equatable {
  static let bits = 8
  static let octaves = 40
  static let buckets = octaves << bits
  /// Half a bucket relative to its value: 2⁻⁹.
  static let relativeError = 0x1p-9
  private static let lowest = Int((0x1p-20).bitPattern >> UInt64(52 - bits))

  private(set) var counts: [UInt32] = []
  private(set) var count = 0

  init() {}

  /// Copies `buckets` counts.
  init(_ source: UnsafeMutablePointer<UInt32>) {
    let copy = [UInt32](UnsafeBufferPointer(start: source, count: Self.buckets))
    count = copy.reduce(0) { $0 + Int($1) }
    if count > 0 { counts = copy }
  }

  @inline(__always) mutating func record(_ value: Double) {
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.buckets) }
    counts[Self.bucket(of: value)] += 1
    count += 1
  }

  mutating func merge(_ other: LogHistogram) {
    guard other.count > 0 else { return }
    count += other.count
    if counts.isEmpty {
      counts = other.counts
      return
    }
    for i in counts.indices { counts[i] += other.counts[i] }
  }

  /// The smallest bucket middle with at least `share` of the values at or below it; nil without values.
  func quantile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for i in counts.indices {
      seen += Int(counts[i])
      if seen >= rank { return Self.middle(of: i) }
    }
    return nil
  }

  @inline(__always) static func bucket(of value: Double) -> Int {
    let raw = Int(value.bitPattern >> UInt64(52 - bits)) - lowest
    return min(max(raw, 0), buckets - 1)
  }

  private static func middle(of bucket: Int) -> Double {
    if bucket == 0 { return 0 }
    let low = Double(bitPattern: UInt64(bucket + lowest) << UInt64(52 - bits))
    let high = Double(bitPattern: UInt64(bucket + 1 + lowest) << UInt64(52 - bits))
    return (low + high) / 2
  }
}
