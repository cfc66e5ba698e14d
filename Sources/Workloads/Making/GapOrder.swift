import Quantities

/// Gaps whose sizes and whose order come from a trace.
///
/// A renewal process draws every gap for itself; real arrivals come in batches and in spells of work and silence, and
/// only their order tells. `runs` are stretches of consecutive gaps, each gap named by its size class among all (0 to
/// `classes` − 1). Runs are strung together in random order; the gaps, drawn evenly from the quantiles, are then laid
/// out so that the smallest lies where the smallest class is, and so on.
/// - Source: the reordering of draws by the ranks of a historical sequence, Clark et al., "The Schaake shuffle", Journal
///   of Hydrometeorology 5(1), 2004; blocks as in Künsch, "The jackknife and the bootstrap for general stationary
///   observations", Annals of Statistics 17(3), 1989.
enum GapOrder {
  static let classes = 4096
  /// Gaps kept in all runs together.
  private static let mostGaps = 1 << 14

  /// Runs of `length` consecutive gaps; of a long trace, evenly spread ones.
  static func runs(_ gaps: [Double], length: Int) -> [[Int]] {
    var sizes = [Int](repeating: 0, count: gaps.count)
    for (rank, place) in gaps.indices.sorted(by: { (gaps[$0], $0) < (gaps[$1], $1) }).enumerated() {
      sizes[place] = rank * classes / gaps.count
    }
    guard gaps.count > mostGaps else {
      return stride(from: 0, to: gaps.count, by: length).map {
        Array(sizes[$0..<min($0 + length, gaps.count)])
      }
    }
    let count = max(2, mostGaps / length)
    return (0..<count).map { run in
      let start = run * (gaps.count - length) / (count - 1)
      return Array(sizes[start..<start + length])
    }
  }

  /// `count` gaps of mean 1.
  static func gaps(_ count: Int, quantiles: [Double], runs: [[Int]], stream: inout RandomStream) -> [Double] {
    guard count > 0, !quantiles.isEmpty, runs.contains(where: { !$0.isEmpty }) else { return [] }
    // Size class above, a random number below, so that equal classes are ordered at random.
    var keys: [UInt64] = []
    keys.reserveCapacity(count)
    while keys.count < count {
      for run in runs.shuffled(using: &stream) {
        for size in run where keys.count < count {
          keys.append(UInt64(size) << 44 | stream.next() >> 20)
        }
      }
    }
    let places = keys.indices.sorted { keys[$0] < keys[$1] }
    let law = LengthDistribution.empirical(quantiles: quantiles)
    var gaps = [Double](repeating: 0, count: count)
    var sum = 0.0
    for (rank, place) in places.enumerated() {
      gaps[place] = law.quantile((Double(rank) + stream.uniform()) / Double(count))
      sum += gaps[place]
    }
    guard sum > 0 else { return [Double](repeating: 1, count: count) }
    return gaps.map { $0 * Double(count) / sum }
  }
}
