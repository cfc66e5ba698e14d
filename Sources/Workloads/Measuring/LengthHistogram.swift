/// Counts of token lengths: exact below 65,536, within 1/256 above, in fixed memory.
struct LengthHistogram {
  private static let exact = 1 << 16
  private static let perOctave = 256
  /// Below `exact` one bin per length, then 256 bins per octave up to 2³².
  private var bins = [UInt64](repeating: 0, count: exact + 16 * perOctave)
  private(set) var count: UInt64 = 0
  private(set) var total: UInt64 = 0
  private(set) var maximum: UInt32 = 0

  mutating func add(_ lengths: [UInt32]) {
    var total: UInt64 = 0
    var maximum = self.maximum
    bins.withUnsafeMutableBufferPointer { bins in
      lengths.withUnsafeBufferPointer { lengths in
        for length in lengths {
          total &+= UInt64(length)
          maximum = max(maximum, length)
          let bin = length < 65_536 ? Int(length) : Self.largeBin(length)
          bins[bin] &+= 1
        }
      }
    }
    self.total += total
    self.maximum = maximum
    count += UInt64(lengths.count)
  }

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
    var values: [Double] = []
    var below: UInt64 = 0
    var bin = 0
    for rank in ranks {
      while bin < bins.count, below + bins[bin] <= rank {
        below += bins[bin]
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
    for bin in bins.indices where bins[bin] > 0 {
      let distance = Self.length(ofBin: bin) - mean
      sum += Double(bins[bin]) * distance * distance
    }
    return (sum / Double(count)).squareRoot()
  }
}
