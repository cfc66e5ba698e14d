import FleetData

/// How much of the prompts a prefix cache would find, for every cache size at once.
///
/// The distance of a block is the number of different blocks touched since it was last touched: a cache of C blocks
/// that evicts the least recently used one finds it when the distance is below C. The first `exactTouches` touches are
/// all followed; beyond them a share of all blocks, chosen by hash and halved whenever the touches double, stands for
/// the rest, so that memory and time stay bounded.
///
/// - Source: stack distances by Mattson et al., IBM Systems Journal 9(2), 1970, counted with a Fenwick tree;
///   sampling by hash as in SHARDS, Waldspurger et al., FAST 2015.
struct PrefixReuse {
  static let exactTouches = 1 << 19
  /// So many different blocks are followed at least, as far as there are so many.
  static let fewestBlocks = 4096

  private var table = BlockTable(capacity: 1 << 12)
  private var marks = FenwickTree(count: 1 << 13)
  /// The block touched at each tick of the clock.
  private var touched: [UInt64] = []
  private var clock = 0
  /// Blocks whose 24-bit hash lies below are followed.
  private var threshold: UInt64 = 1 << 24
  /// All touches, followed or not, and how many may pass before fewer blocks are followed.
  private var passed = 0
  private var nextReview = exactTouches
  /// Weighted touches that found their block, by distance: four bins per octave.
  private var hits = [Double](repeating: 0, count: 4 * 48)
  private var touches = 0.0
  private var leadingTokens: UInt64 = 0
  private var inputTokens: UInt64 = 0
  private var blockTokens = 512

  mutating func add(_ batch: WorkloadTrace) {
    guard !batch.blockOffsets.isEmpty else { return }
    blockTokens = batch.blockTokens
    batch.blockHashes.withUnsafeBufferPointer { hashes in
      for i in 0..<batch.count {
        let blocks = batch.blockOffsets[i]..<batch.blockOffsets[i + 1]
        addRequest(UnsafeBufferPointer(rebasing: hashes[blocks]), input: batch.inputTokens[i])
      }
    }
  }

  private mutating func addRequest(_ blocks: UnsafeBufferPointer<UInt64>, input: UInt32) {
    inputTokens &+= UInt64(input)
    passed &+= blocks.count
    if passed > nextReview { review() }
    let threshold = threshold
    var leading = 0
    var isLeading = true
    for block in blocks {
      let hash = Self.mixed(block)
      guard hash &>> 40 < threshold else { continue }
      let found = touch(hash)
      isLeading = isLeading && found
      leading += isLeading ? 1 : 0
    }
    leadingTokens &+= min(UInt64(input), UInt64(leading * blockTokens))
  }

  private var isExact: Bool { threshold == 1 << 24 }
  private var weight: Double { 0x1p24 / Double(threshold) }

  /// Moves a block to the front. Returns whether it had been there.
  private mutating func touch(_ hash: UInt64) -> Bool {
    if clock == marks.count { compact() }
    touches += weight
    let before = table.replace(hash, with: UInt32(clock))
    if let before {
      // Every mark from the last touch on belongs to another block touched since.
      let distance = Double(marks.sum(from: Int(before) + 1, to: clock)) * weight
      hits[Self.bin(distance)] += weight
      marks.add(-1, at: Int(before))
      touched[Int(before)] = 0
    }
    marks.add(1, at: clock)
    touched.append(hash)
    clock += 1
    return before != nil
  }

  /// Follows fewer blocks from here on, unless few enough are followed.
  private mutating func review() {
    nextReview *= 2
    for _ in 0..<(isExact ? 2 : 1) where table.count > 2 * Self.fewestBlocks {
      threshold /= 2
      let kept = threshold
      table.keep { $0 &>> 40 < kept }
    }
    for i in touched.indices where touched[i] &>> 40 >= threshold { touched[i] = 0 }
    compact()
  }

  /// Numbers the touches anew, oldest first, so that the clock can go on.
  private mutating func compact() {
    touched = touched.filter { $0 != 0 }
    clock = touched.count
    marks = FenwickTree(ones: clock, count: max(1 << 13, 4 * clock))
    touched.reserveCapacity(marks.count)
    for (index, hash) in touched.enumerated() { _ = table.replace(hash, with: UInt32(index)) }
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
