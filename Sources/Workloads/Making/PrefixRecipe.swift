import FleetData
import Quantities

/// How the prompts of a client share their beginnings, learnt from the prefix blocks of a trace.
///
/// Each request takes its leading blocks from an earlier request and brings new ones behind them; how many, and from
/// how far back, are drawn together from what the trace did at that input length. Copies of copies grow into the same
/// kind of tree, so that both the hits of an endless cache and, within a tenth, their fall with a smaller one come back.
public struct PrefixRecipe: Hashable, Sendable, Codable {
  /// Requests of similar input length.
  public struct Band: Hashable, Sendable, Codable {
    /// Most input tokens of the band; the last band has no bound.
    public var upTo: Double
    /// Leading blocks shared, and how many requests back they were last used (0 when none are); pairs.
    public var shared: [Int]
    public var ages: [Int]

    enum CodingKeys: String, CodingKey {
      case shared, ages
      case upTo = "up_to_tokens"
    }
  }
  public var blockTokens: Int
  public var bands: [Band]

  enum CodingKeys: String, CodingKey {
    case bands
    case blockTokens = "block_tokens"
  }
}

extension PrefixRecipe {
  private static let bandRequests = 128
  private static let mostBands = 24
  private static let pairsPerBand = 192

  /// Learns from the requests at `indices`; nil when the trace has no blocks.
  init?(_ trace: WorkloadTrace, _ indices: [Int]) {
    guard !trace.blockOffsets.isEmpty else { return nil }
    var lastUse: [UInt64: Int] = [:]
    var all: [(input: Double, shared: Int, age: Int)] = []
    for (number, i) in indices.enumerated() {
      let blocks = trace.blockHashes[trace.blockOffsets[i]..<trace.blockOffsets[i + 1]]
      var shared = 0
      var last = number
      for block in blocks {
        guard let use = lastUse[block] else { break }
        shared += 1
        last = use
      }
      for block in blocks { lastUse[block] = number }
      all.append((Double(trace.inputTokens[i]), shared, number - last))
    }
    guard !all.isEmpty else { return nil }
    blockTokens = trace.blockTokens
    let ordered = all.sorted { ($0.input, $0.shared, $0.age) < ($1.input, $1.shared, $1.age) }
    let count = max(1, min(Self.mostBands, ordered.count / Self.bandRequests))
    bands = (0..<count).map { band in
      let members = ordered[band * ordered.count / count..<(band + 1) * ordered.count / count]
      let pairs = members.sorted { ($0.shared, $0.age) < ($1.shared, $1.age) }
      let kept = min(Self.pairsPerBand, pairs.count)
      let picked = (0..<kept).map { pairs[(2 * $0 + 1) * pairs.count / (2 * kept)] }
      return Band(
        upTo: members.last?.input ?? 0, shared: picked.map(\.shared), ages: picked.map(\.age))
    }
  }

  /// Gives `requests`, which are in order of arrival, their blocks. Returns the first block number not used.
  func share(among requests: inout [MadeRequest], firstBlock: UInt64, seed: UInt64, name: String) -> UInt64 {
    var next = firstBlock
    var draws = bands.indices.map {
      StratifiedUniforms(
        count: requests.count / bands.count, stream: RandomStream(seed, "prefixes/\(name)/\($0)"))
    }
    var lastUse: [UInt64: Int] = [:]
    for i in requests.indices {
      let input = Double(requests[i].input)
      let band = bands.firstIndex { input <= $0.upTo } ?? bands.count - 1
      let count = max(1, Int((input / Double(blockTokens)).rounded(.up)))
      let pair = Int(draws[band].next() * Double(bands[band].shared.count))
      let wanted = min(count, bands[band].shared[pair])
      var blocks: [UInt64] = []
      if wanted > 0 {
        let middle = min(max(0, i - max(1, bands[band].ages[pair])), i - 1)
        blocks = Self.beginning(requests, before: i, middle, wanted, lastUse)
      }
      while blocks.count < count {
        blocks.append(next)
        next += 1
      }
      for block in blocks { lastUse[block] = i }
      requests[i].blocks = blocks
    }
    return next
  }

  /// The first `wanted` blocks of the request closest to `middle` that has as many and was the last to use them: only
  /// then does their age come out as drawn. Without one, those of the request with the most.
  private static func beginning(
    _ requests: [MadeRequest], before i: Int, _ middle: Int, _ wanted: Int, _ lastUse: [UInt64: Int]
  ) -> [UInt64] {
    guard i > 0 else { return [] }
    var best = middle
    for step in 0..<200 {
      for place in [middle - step, middle + step] where (0..<i).contains(place) {
        let blocks = requests[place].blocks
        if blocks.count >= wanted {
          if lastUse[blocks[wanted - 1]] == place { return Array(blocks.prefix(wanted)) }
          if requests[best].blocks.count < wanted { best = place }
        } else if blocks.count > requests[best].blocks.count {
          best = place
        }
      }
    }
    return Array(requests[best].blocks.prefix(wanted))
  }
}
