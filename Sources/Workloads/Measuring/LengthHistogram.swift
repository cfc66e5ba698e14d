/// Counts of token lengths: exact below 65,536, within 1/256 above, in fixed memory.
struct LengthHistogram {
  private static let exact = 1 << 16
  private static let perOctave = 256
  /// Below `exact` one bin per length, then 256 bins per octave up to 2³².
  private static let size = exact + 16 * perOctave
  private var bins = [UInt32](repeating: 0, count: size)
  /// Counts that no longer fit in `bins`; empty before the first.
  private var carried: [UInt64] = []
  private var sinceCarry = 0
  private(set) var count: UInt64 = 0
  private(set) var total: UInt64 = 0
  /// The greatest length of `exact` or more.
  private var largest: UInt32 = 0

  mutating func add(_ lengths: [UInt32]) {
    reserve(lengths.count)
    var total: UInt64 = 0
    var largest: UInt32 = 0
    withBins { bins in
      for length in lengths {
        total &+= UInt64(length)
        largest = max(largest, length)
        bins[Self.bin(length)] &+= 1
      }
    }
    close(count: lengths.count, total: total, largest: largest)
  }

  /// Makes room for `count` more lengths, which no bin will overflow under.
  mutating func reserve(_ count: Int) {
    sinceCarry += count
    guard sinceCarry > UInt32.max else { return }
    carried = bins.indices.map { counted($0) }
    bins = [UInt32](repeating: 0, count: Self.size)
    sinceCarry = count
  }

  /// The bins, for a caller who counts himself, after `reserve` and before `close`.
  mutating func withBins(_ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    bins.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }

  mutating func close(count: Int, total: UInt64, largest: UInt32) {
    self.count += UInt64(count)
    self.total += total
    self.largest = max(self.largest, largest)
  }

  private func counted(_ bin: Int) -> UInt64 { (carried.isEmpty ? 0 : carried[bin]) + UInt64(bins[bin]) }

  var maximum: UInt32 {
    guard largest < Self.exact else { return largest }
    return UInt32((0..<Self.exact).last { counted($0) > 0 } ?? 0)
  }

  @inline(__always)
  static func bin(_ length: UInt32) -> Int { length < exact ? Int(length) : largeBin(length) }

  private static func largeBin(_ length: UInt32) -> Int {
    let octave = 31 - length.leadingZeroBitCount
    let within = Int((length >> UInt32(octave - 8)) & 255)
    return exact + (octave - 16) * perOctave + within
  }

  /// The least length of a bin.
  private static func length(ofBin bin: Int) -> Double {
    guard bin >= exact else { return Double(bin) }
    let octave = (bin - exact) / perOctave + 16
    let within = (bin - exact) % perOctave
    return Double((256 + within) << (octave - 8))
  }

  /// The lengths at several shares in ascending order, straight lines between order statistics: the usual
  /// definition of spreadsheets and numerical libraries.
  func percentiles(_ shares: [Double]) -> [Double] {
    guard count > 0 else { return shares.map { _ in 0 } }
    let wanted = shares.flatMap { share -> [UInt64] in
      let place = share * Double(count - 1)
      return [UInt64(place), min(count - 1, UInt64(place) + 1)]
    }
    let values = orderStatistics(wanted)
    return shares.enumerated().map { i, share in
      let place = share * Double(count - 1)
      let fraction = place - place.rounded(.down)
      return values[2 * i] + (values[2 * i + 1] - values[2 * i]) * fraction
    }
  }

  /// The lengths at ascending ranks counted from 0.
  private func orderStatistics(_ ranks: [UInt64]) -> [Double] {
    let maximum = maximum
    var values: [Double] = []
    var below: UInt64 = 0
    var bin = 0
    for rank in ranks {
      while bin < bins.count, below + counted(bin) <= rank {
        below += counted(bin)
        bin += 1
      }
      values.append(min(Double(maximum), Self.length(ofBin: bin)))
    }
    return values
  }

  var mean: Double { count == 0 ? 0 : Double(total) / Double(count) }

  /// From the bins: exact below 65,536 tokens.
  var standardDeviation: Double {
    guard count > 0 else { return 0 }
    let mean = mean
    var sum = 0.0
    for bin in bins.indices where counted(bin) > 0 {
      let distance = Self.length(ofBin: bin) - mean
      sum += Double(counted(bin)) * distance * distance
    }
    return (sum / Double(count)).squareRoot()
  }
}
