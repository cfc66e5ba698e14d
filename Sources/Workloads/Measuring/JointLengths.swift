/// Input against output lengths in logarithmic bins, four per octave.
struct JointLengths {
  static let side = 112
  private var bins = [UInt32](repeating: 0, count: side * side)

  /// The bins, row by row of input lengths, for a caller who counts himself.
  mutating func withBins(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    bins.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  /// Bin of a length below 2²⁸: octave and its quarter, read off the bits of the number as a float.
  @inline(__always)
  static func bin(_ length: UInt32) -> Int {
    let bits = Float(length).bitPattern &>> 21
    return min(Int(truncatingIfNeeded: bits &- (127 &<< 2)), side - 1)
  }

  static func lowerEdge(_ bin: Int) -> Double { Double(Float(bitPattern: UInt32(bin + 127 << 2) << 21)) }

  /// Spearman's rank correlation of the binned lengths, ties at their middle rank.
  var rankCorrelation: Double? {
    let n = bins.reduce(0.0) { $0 + Double($1) }
    guard n > 1 else { return nil }
    let rows = (0..<Self.side).map { i in
      (0..<Self.side).reduce(0.0) { $0 + Double(bins[i * Self.side + $1]) }
    }
    let columns = (0..<Self.side).map { j in
      (0..<Self.side).reduce(0.0) { $0 + Double(bins[$1 * Self.side + j]) }
    }
    let a = Self.middleRanks(rows)
    let b = Self.middleRanks(columns)
    let mean = (n + 1) / 2
    var covariance = 0.0
    for i in 0..<Self.side where rows[i] > 0 {
      for j in 0..<Self.side {
        covariance += Double(bins[i * Self.side + j]) * (a[i] - mean) * (b[j] - mean)
      }
    }
    let varianceA = zip(rows, a).reduce(0.0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    let varianceB = zip(columns, b).reduce(0.0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    guard varianceA > 0, varianceB > 0 else { return nil }
    return covariance / (varianceA * varianceB).squareRoot()
  }

  private static func middleRanks(_ counts: [Double]) -> [Double] {
    var below = 0.0
    return counts.map { count in
      defer { below += count }
      return below + (count + 1) / 2
    }
  }

  /// Requests by octave of input and octave of output, empty rows and columns at the end left out.
  var octaves: JointDistribution {
    var table = [[Int]](repeating: [Int](repeating: 0, count: Self.side / 4), count: Self.side / 4)
    for i in 0..<Self.side { for j in 0..<Self.side { table[i / 4][j / 4] += Int(bins[i * Self.side + j]) } }
    let rows = (table.lastIndex { $0.contains { $0 > 0 } } ?? 0) + 1
    let columns = ((0..<Self.side / 4).last { j in table.contains { $0[j] > 0 } } ?? 0) + 1
    return JointDistribution(
      inputEdges: (0..<rows).map { Self.lowerEdge(4 * $0) },
      outputEdges: (0..<columns).map { Self.lowerEdge(4 * $0) },
      requests: table.prefix(rows).map { Array($0.prefix(columns)) })
  }
}

/// Requests by input and output length, one row and column per power of two.
public struct JointDistribution: Hashable, Sendable, Codable {
  /// Least input tokens of each row.
  public var inputEdges: [Double]
  /// Least output tokens of each column.
  public var outputEdges: [Double]
  public var requests: [[Int]]

  enum CodingKeys: String, CodingKey {
    case requests
    case inputEdges = "input_tokens_from"
    case outputEdges = "output_tokens_from"
  }
}

extension JointDistribution {
  /// The same in at most `limit` rows and columns: neighbours are put together, empty ones at the ends left out.
  public func coarsened(to limit: Int) -> JointDistribution {
    let rows = Self.groups(requests.map { $0.reduce(0, +) }, limit)
    let columns = Self.groups(outputEdges.indices.map { j in requests.reduce(0) { $0 + $1[j] } }, limit)
    return JointDistribution(
      inputEdges: rows.map { inputEdges[$0.lowerBound] },
      outputEdges: columns.map { outputEdges[$0.lowerBound] },
      requests: rows.map { row in
        columns.map { column in row.reduce(0) { $0 + requests[$1][column].reduce(0, +) } }
      })
  }

  private static func groups(_ totals: [Int], _ limit: Int) -> [Range<Int>] {
    guard let first = totals.firstIndex(where: { $0 > 0 }), let last = totals.lastIndex(where: { $0 > 0 })
    else { return [] }
    let width = (last - first + limit) / limit
    return stride(from: first, through: last, by: width).map { $0..<min($0 + width, last + 1) }
  }
}
