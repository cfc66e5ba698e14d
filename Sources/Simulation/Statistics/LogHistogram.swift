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

  /// Counts from bucket `first` on, empty ones at neither end: a service's latencies lie within a few octaves.
  private var counts: [UInt32] = []
  private var first = 0
  private(set) var count = 0

  init() {}

  /// Copies what is not empty of `buckets` counts.
  init(_ source: UnsafeMutablePointer<UInt32>) {
    var (low, high) = (0, Self.buckets)
    while low < high, source[low] == 0 { low += 1 }
    while high > low, source[high - 1] == 0 { high -= 1 }
    first = low < high ? low : 0
    counts = [UInt32](UnsafeBufferPointer(start: source + low, count: high - low))
    for number in counts { count += Int(number) }
  }

  mutating func record(_ value: Double) {
    let bucket = Self.bucket(of: value)
    cover(bucket..<bucket + 1)
    counts[bucket - first] += 1
    count += 1
  }

  mutating func merge(_ other: LogHistogram) {
    guard other.count > 0 else { return }
    cover(other.first..<other.first + other.counts.count)
    let shift = other.first - first
    for i in other.counts.indices { counts[shift + i] += other.counts[i] }
    count += other.count
  }

  /// Makes room for a range of buckets.
  private mutating func cover(_ range: Range<Int>) {
    if counts.isEmpty { first = range.lowerBound }
    if range.lowerBound < first {
      counts.insert(contentsOf: repeatElement(0, count: first - range.lowerBound), at: 0)
      first = range.lowerBound
    }
    let missing = range.upperBound - first - counts.count
    if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
  }

  /// The smallest bucket middle with at least `share` of the values at or below it; nil without values.
  func quantile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for (i, number) in counts.enumerated() {
      seen += Int(number)
      if seen >= rank { return Self.middle(of: first + i) }
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
