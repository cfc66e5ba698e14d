import FleetData

/// How much of the prompts a prefix cache would find, for every cache size at once.
///
/// The distance of a block is the number of different blocks touched since it was last touched: a cache of C blocks
/// that evicts the least recently used one finds it when the distance is below C. Up to `exactLimit` different blocks
/// every one is followed; beyond it a fixed share of all blocks, chosen by hash, stands for the rest, so that memory
/// stays bounded.
///
/// - Source: stack distances by Mattson et al., IBM Systems Journal 9(2), 1970, counted with a Fenwick tree;
///   sampling by hash as in SHARDS, Waldspurger et al., FAST 2015.
struct PrefixReuse {
  static let exactLimit = 1 << 18
  static let sampledLimit = 1 << 15

  private var table = BlockTable(capacity: 1 << 12)
  private var marks = FenwickTree(count: 1 << 13)
  private var clock = 0
  /// Blocks whose 24-bit hash lies below are followed.
  private var threshold: UInt64 = 1 << 24
  private var limit = exactLimit
  /// Weighted touches that found their block, by distance: four bins per octave.
  private var hits = [Double](repeating: 0, count: 4 * 48)
  private var touches = 0.0
  private var leadingTokens: UInt64 = 0
  private var inputTokens: UInt64 = 0
  private var blockTokens = 512

  mutating func add(_ batch: WorkloadTrace) {
    guard !batch.blockOffsets.isEmpty else { return }
    blockTokens = batch.blockTokens
    for i in 0..<batch.count {
      inputTokens &+= UInt64(batch.inputTokens[i])
      var leading = 0
      var isLeading = true
      for j in batch.blockOffsets[i]..<batch.blockOffsets[i + 1] {
        let hash = Self.mixed(batch.blockHashes[j])
        guard hash &>> 40 < threshold else { continue }
        let found = touch(hash)
        isLeading = isLeading && found
        leading += isLeading ? 1 : 0
      }
      leadingTokens &+= min(UInt64(batch.inputTokens[i]), UInt64(leading * blockTokens))
    }
  }

  private var isExact: Bool { threshold == 1 << 24 }
  private var weight: Double { 0x1p24 / Double(threshold) }

  /// Moves a block to the front. Returns whether it had been there.
  private mutating func touch(_ hash: UInt64) -> Bool {
    if clock == marks.count { compact() }
    touches += weight
    let before = table.replace(hash, with: UInt32(clock))
    if let before {
      let distance = Double(marks.sum(from: Int(before) + 1, to: clock)) * weight
      hits[Self.bin(distance)] += weight
      marks.add(-1, at: Int(before))
    }
    marks.add(1, at: clock)
    clock += 1
    if table.count > limit { lowerThreshold() }
    return before != nil
  }

  /// Follows half as many blocks until few enough are left.
  private mutating func lowerThreshold() {
    limit = Self.sampledLimit
    while table.count > limit {
      threshold /= 2
      let kept = threshold
      table.keep { $0 &>> 40 < kept }
    }
    compact()
  }

  /// Numbers the touches anew, oldest first, so that the clock can go on.
  private mutating func compact() {
    let ordered = table.entries.sorted { $0.value < $1.value }
    marks = FenwickTree(count: max(1 << 13, 2 * ordered.count))
    for (index, entry) in ordered.enumerated() {
      _ = table.replace(entry.key, with: UInt32(index))
      marks.add(1, at: index)
    }
    clock = ordered.count
  }

  private static func mixed(_ block: UInt64) -> UInt64 {
    var z = block &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return (z ^ (z &>> 31)) | 1
  }

  /// Bin of a distance d ≥ 0: d + 1 by octave and quarter.
  private static func bin(_ distance: Double) -> Int {
    let bits = Float(distance + 1).bitPattern >> 21
    return min(Int(bits) - (127 << 2), 4 * 48 - 1)
  }

  private static func upperEdge(_ bin: Int) -> Double {
    Double(Float(bitPattern: UInt32(bin + 1 + 127 << 2) << 21)) - 1
  }

  var statistics: PrefixStatistics? {
    guard touches > 0, inputTokens > 0 else { return nil }
    let found = hits.reduce(0, +)
    let distinct = Double(table.count) * weight
    let ideal = isExact ? Double(leadingTokens) / Double(inputTokens) : found / touches
    var curve: [PrefixStatistics.Point] = []
    var below = 0.0
    for bin in hits.indices {
      below += hits[bin]
      let size = Self.upperEdge(bin)
      if bin % 4 == 3, size >= 63, size < 2 * distinct {
        curve.append(.init(cacheBlocks: Int(size) + 1, hitRate: below / touches))
      }
    }
    return PrefixStatistics(
      blockTokens: blockTokens, blocks: Int(touches.rounded()), distinctBlocks: Int(distinct.rounded()),
      idealHitRate: ideal, sampledShare: 1 / weight, curve: curve)
  }
}

/// What prefix caching could save at best.
public struct PrefixStatistics: Hashable, Sendable, Codable {
  public struct Point: Hashable, Sendable, Codable {
    public var cacheBlocks: Int
    /// Share of blocks found.
    public var hitRate: Double

    enum CodingKeys: String, CodingKey {
      case cacheBlocks = "cache_blocks"
      case hitRate = "hit_rate"
    }
  }
  public var blockTokens: Int
  public var blocks: Int
  public var distinctBlocks: Int
  /// Share of input tokens found with a cache without bound: whole leading blocks only.
  public var idealHitRate: Double
  /// Share of the blocks that was followed; 1 means exact.
  public var sampledShare: Double
  /// Hit rate against cache size under least-recently-used eviction.
  public var curve: [Point]

  enum CodingKeys: String, CodingKey {
    case blocks, curve
    case blockTokens = "block_tokens"
    case distinctBlocks = "distinct_blocks"
    case idealHitRate = "ideal_hit_rate"
    case sampledShare = "sampled_share"
  }
}
