import FleetData
import Quantities

/// How the prompts of a client share their beginnings, learnt from the prefix blocks of a trace.
///
/// Each request takes its leading blocks from an earlier request and brings new ones behind them; how many it takes,
/// how many it leaves, and how many others could have been taken more recently, are drawn together from what the trace
/// did at that input length and about that far from its start, where every prompt is new. Copies of copies grow into the
/// same kind of tree, so that the hits of an endless cache and their fall with a smaller one come back.
/// - Source: the LRU stack model of reference strings; E. G. Coffman and P. J. Denning, "Operating Systems Theory",
///   1973, section 6.6, applied to the beginnings of prompts.
public struct PrefixRecipe: Hashable, Sendable, Codable {
  /// Requests of similar input length.
  public struct Band: Hashable, Sendable, Codable {
    /// Most input tokens of the band; the last band has no bound.
    public var upTo: Double
    /// Share of the client's requests that lie in it.
    public var share: Double
    /// Leading blocks shared, how many requests that came later hold as long a beginning (0 when none are shared), and
    /// how many blocks the request they come from had behind them; one of each for every request remembered, in order
    /// of arrival.
    public var shared: [Int]
    public var ranks: [Int]
    public var rests: [Int]

    enum CodingKeys: String, CodingKey {
      case share, shared, ranks, rests
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
  private static let requestsPerBand = 192

  /// What one request of the trace shared.
  private struct Sharing {
    var number: Int
    var input: Double
    var shared: Int
    var rank = 0
    var rest = 0
  }

  /// Learns from the requests at `indices`; nil when the trace has no blocks.
  init?(_ trace: WorkloadTrace, _ indices: [Int]) {
    guard !trace.blockOffsets.isEmpty, !indices.isEmpty else { return nil }
    var lastUse: [UInt64: Int] = [:]
    var forest = PrefixForest()
    var all: [Sharing] = []
    for (number, i) in indices.enumerated() {
      let blocks = trace.blockHashes[trace.blockOffsets[i]..<trace.blockOffsets[i + 1]]
      var users: [Int] = []
      for block in blocks {
        guard let user = lastUse[block] else { break }
        users.append(user)
      }
      var sharing = Sharing(number: number, input: Double(trace.inputTokens[i]), shared: users.count)
      if let source = users.last {
        sharing.rank = forest.rank(of: source, blocks: users.count)
        sharing.rest = forest.length(of: source) - users.count
      }
      forest.add(length: blocks.count, users: users)
      for block in blocks { lastUse[block] = number }
      all.append(sharing)
    }
    blockTokens = trace.blockTokens
    let ordered = all.sorted { ($0.input, $0.number) < ($1.input, $1.number) }
    let size = max(Self.bandRequests, (ordered.count + Self.mostBands - 1) / Self.mostBands)
    bands = []
    var start = 0
    while start < ordered.count {
      var end = min(ordered.count, start + size)
      // Requests of one length stay together.
      while end < ordered.count, ordered[end].input == ordered[end - 1].input { end += 1 }
      bands.append(Self.band(ordered[start..<end], of: ordered.count))
      start = end
    }
  }

  private static func band(_ members: ArraySlice<Sharing>, of all: Int) -> Band {
    let sorted = members.sorted { $0.number < $1.number }
    let kept = min(requestsPerBand, sorted.count)
    let picked = (0..<kept).map { sorted[(2 * $0 + 1) * sorted.count / (2 * kept)] }
    return Band(
      upTo: members.last?.input ?? 0, share: Double(members.count) / Double(all),
      shared: picked.map(\.shared), ranks: picked.map(\.rank), rests: picked.map(\.rest))
  }

  /// Gives `requests`, which are in order of arrival, their blocks. Returns the first block number not used.
  func share(among requests: inout [MadeRequest], firstBlock: UInt64, seed: UInt64, name: String) -> UInt64 {
    var next = firstBlock
    var memories = bands.enumerated().map { place, band in
      Memory(
        count: band.shared.count, requests: Int((Double(requests.count) * band.share).rounded()),
        stream: RandomStream(seed, "prefixes/\(name)/\(place)"))
    }
    var forest = PrefixForest()
    // By block, counted from the first: the request that used it last.
    var lastUse: [Int] = []
    for i in requests.indices {
      let input = Double(requests[i].input)
      let band = bands.firstIndex { input <= $0.upTo } ?? bands.count - 1
      let count = max(1, Int((input / Double(blockTokens)).rounded(.up)))
      let pick = memories[band].next()
      let wanted = min(count, bands[band].shared[pick])
      var blocks: [UInt64] = []
      if wanted > 0,
        let source = forest.prompt(
          ofRank: bands[band].ranks[pick], blocks: wanted, rest: bands[band].rests[pick])
      {
        blocks = Array(requests[source].blocks.prefix(wanted))
      }
      forest.add(length: count, users: blocks.map { lastUse[Int($0 - firstBlock)] })
      for block in blocks { lastUse[Int(block - firstBlock)] = i }
      lastUse += repeatElement(i, count: count - blocks.count)
      while blocks.count < count {
        blocks.append(next)
        next += 1
      }
      requests[i].blocks = blocks
    }
    return next
  }
}

/// Goes through the requests remembered of a band as the band's requests are made: roughly in order, shuffled over
/// stretches that grow with the distance from the start.
private struct Memory {
  private var order: [Int]
  private let requests: Int
  private var stream: RandomStream
  private var taken = 0

  init(count: Int, requests: Int, stream: RandomStream) {
    self.requests = max(1, requests)
    self.stream = stream
    order = Array(0..<count)
    var start = 0
    while start < count {
      let end = min(count, max(4, start + start / 2))
      order[start..<end].shuffle(using: &self.stream)
      start = end
    }
  }

  /// The place of the next one; beyond the end, any of the later half.
  mutating func next() -> Int {
    defer { taken += 1 }
    guard taken < requests else {
      return order[order.count / 2 + Int(stream.uniform() * Double(order.count - order.count / 2))]
    }
    return order[taken * order.count / requests]
  }
}
