import FleetData

/// How much of the prompts a prefix cache would find, for every cache size at once.
///
/// The distance of a block is the number of different blocks touched since it was last touched: a cache of C blocks
/// that evicts the least recently used one finds it when the distance is below C. The first `exactTouches` touches are
/// all followed. Beyond them a share of all blocks, chosen by hash and halved whenever more than `mostFollowed` are
/// followed, stands for the rest, so that memory and time stay bounded whatever the trace. What the chosen blocks miss
/// of all touches belongs to blocks so popular that one of them counts: they are found at the shortest distance.
///
/// With n blocks followed the error of a hit rate is about 1/√n: under 1 % for the 16,384 or more followed here.
/// - Source: stack distances by Mattson et al., IBM Systems Journal 9(2), 1970, counted with a Fenwick tree;
///   sampling by hash with a fixed number of blocks and its correction as in SHARDS, Waldspurger et al., FAST 2015.
struct PrefixReuse {
  static let exactTouches = 1 << 19
  static let mostFollowed = 1 << 15
  private static let everything: UInt64 = 1 << 32

  private var table = BlockTable(capacity: 1 << 12)
  private var marks = FenwickTree(count: 1 << 13)
  /// The block touched at each tick of the clock; 0 when it was touched again later.
  private var touched: [UInt64] = []
  private var clock = 0
  /// Blocks whose 32-bit hash lies below are followed.
  private var threshold = everything
  /// All touches, followed or not.
  private var passed = 0
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
      var row = 0
      while row < batch.count, isExact {
        let blocks = batch.blockOffsets[row]..<batch.blockOffsets[row + 1]
        addExactly(UnsafeBufferPointer(rebasing: hashes[blocks]), input: batch.inputTokens[row])
        row += 1
      }
      if row < batch.count {
        follow(
          UnsafeBufferPointer(rebasing: hashes[batch.blockOffsets[row]..<batch.blockOffsets[batch.count]]))
      }
    }
  }

  private var isExact: Bool { threshold == Self.everything }
  private var weight: Double { Double(Self.everything) / Double(threshold) }

  /// Follows every block of a request and counts the leading ones that were there.
  private mutating func addExactly(_ blocks: UnsafeBufferPointer<UInt64>, input: UInt32) {
    inputTokens &+= UInt64(input)
    passed &+= blocks.count
    var leading = 0
    var isLeading = true
    for block in blocks {
      let found = touch(Self.mixed(block) | 1)
      isLeading = isLeading && found
      leading += isLeading ? 1 : 0
    }
    leadingTokens &+= min(UInt64(input), UInt64(leading * blockTokens))
    if passed > Self.exactTouches { followFewer() }
  }

  /// Follows the chosen ones of many blocks.
  private mutating func follow(_ blocks: UnsafeBufferPointer<UInt64>) {
    passed &+= blocks.count
    var threshold = threshold
    for block in blocks {
      let hash = Self.mixed(block)
      guard hash &>> 32 < threshold else { continue }
      _ = touch(hash | 1)
      if table.count > Self.mostFollowed {
        followFewer()
        threshold = self.threshold
      }
    }
  }

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

  /// Follows fewer blocks from here on: at most half as many as are allowed.
  private mutating func followFewer() {
    repeat {
      var expected = table.count
      repeat {
        threshold /= 2
        expected /= 2
      } while expected > Self.mostFollowed / 2
      let kept = threshold
      table.keep { $0 &>> 32 < kept }
    } while table.count > Self.mostFollowed
    for i in touched.indices where touched[i] &>> 32 >= threshold { touched[i] = 0 }
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

  /// Two products spread whole numbers, dense or not, over 64 bits.
  @inline(__always)
  private static func mixed(_ block: UInt64) -> UInt64 {
    let z = (block &+ 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
    return (z ^ (z &>> 32)) &* 0x94d0_49bb_1331_11eb
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
    guard passed > 0, touches > 0 else { return nil }
    let all = Double(passed)
    var hits = hits
    // The touches the chosen blocks stand for are more or fewer than all by what the most popular blocks had.
    if !isExact { hits[0] = max(0, hits[0] + all - touches) }
    let found = hits.reduce(0, +)
    let ideal = isExact ? Double(leadingTokens) / Double(max(1, inputTokens)) : found / all
    let distinct = Double(table.count) * weight
    var curve: [PrefixStatistics.Point] = []
    var below = 0.0
    for bin in hits.indices {
      below += hits[bin]
      let size = Self.upperEdge(bin)
      if bin % 4 == 3, size >= 63, size < 2 * distinct {
        curve.append(.init(cacheBlocks: Int(size) + 1, hitRate: min(1, below / all)))
      }
    }
    return PrefixStatistics(
      blockTokens: blockTokens, blocks: passed, distinctBlocks: Int(distinct.rounded()),
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
