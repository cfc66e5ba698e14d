import Quantities

/// Learns when a client's requests arrive: its rate over time, and the gaps on the clock that runs with that rate.
///
/// Plain descriptions are tried first: independent gaps, over coarser and finer bins of the rate; then gaps in the
/// order of the trace, in longer and longer runs (`GapOrder`). The first whose gaps and counts vary as much as the
/// trace's at every scale is taken, or else the closest.
struct ArrivalFit {
  /// Ascending, from the start of the trace.
  let times: [Double]
  let duration: Double
  let requestsPerBin: Int
  private let wanted: Burstiness

  init(times: [Double], duration: Double, requestsPerBin: Int) {
    self.times = times
    self.duration = duration
    self.requestsPerBin = requestsPerBin
    wanted = Burstiness(times)
  }

  /// The client with its rate over time and its gaps.
  func arrivals(of client: ClientRecipe) -> ClientRecipe {
    guard times.count > 20 else { return client }
    var best = client
    var least = Double.infinity
    for length in runLengths {
      for count in binCounts {
        var candidate = client
        candidate.shape = shape(bins: count)
        candidate.renewal = renewal(candidate.shape, runLength: length)
        let misfit = misfit(of: candidate, unless: least)
        if misfit < least { (best, least) = (candidate, misfit) }
        // Whatever a plain description cannot be told from, the plain one is.
        if misfit <= (length == 1 ? 2 : 1) { return candidate }
      }
    }
    return best
  }

  private var isLong: Bool { times.count > 100_000 }

  /// 1 stands for independent gaps. At least eight runs are left to shuffle.
  private var runLengths: [Int] {
    (isLong ? [1, 64, 1024] : [1, 32, 256, 1024]).filter { $0 == 1 || times.count >= 8 * $0 }
  }

  /// From the finest bins with enough requests each to none.
  private var binCounts: [Int] {
    var counts: [Int] = []
    var count = min(2048, times.count / max(1, requestsPerBin))
    while count > 1 {
      counts.append(count)
      count /= isLong ? 16 : 8
    }
    return counts + [1]
  }

  /// How far the burstiness of what a description makes is off, averaged over seeds; 1 is just close enough.
  ///
  /// - Parameter least: the least so far; far beyond it the first seed is enough.
  private func misfit(of client: ClientRecipe, unless least: Double) -> Double {
    let recipe = WorkloadRecipe(durationSeconds: duration, clients: [client])
    func trial(_ seed: UInt64) -> Double {
      let maker = RequestMaker(client, index: 0, recipe: recipe, seed: seed, firstSession: 0)
      return wanted.misfit(of: Burstiness(maker.arrivals(ratePerSecond: client.ratePerSecond)))
    }
    let first = trial(1)
    guard !isLong, first < 10, first < max(4, 2 * least) else { return first }
    return (first + trial(2) + trial(3)) / 3
  }

  private func shape(bins count: Int) -> RateShape {
    var shape = RateShape()
    guard count > 1 else { return shape }
    shape.binSeconds = duration / Double(count)
    shape.bins = [Double](repeating: 0, count: count)
    for time in times { shape.bins[min(count - 1, Int(time / shape.binSeconds))] += 1 }
    return shape
  }

  /// Gaps on the clock that runs with the rate: their mean there is about 1.
  private func renewal(_ shape: RateShape, runLength: Int) -> Renewal {
    let bins = shape.bins.isEmpty ? [Double(times.count)] : shape.bins
    let width = duration / Double(bins.count)
    var cumulative = [0.0]
    for bin in bins { cumulative.append(cumulative[cumulative.count - 1] + bin) }
    let clock = times.map { time -> Double in
      let bin = min(bins.count - 1, Int(time / width))
      return cumulative[bin] + bins[bin] * (time / width - Double(bin))
    }
    let gaps = zip(clock.dropFirst(), clock).map { $0 - $1 }
    let sizes = quantiles(gaps, limit: GapOrder.classes + 1)
    return runLength == 1
      ? .empirical(quantiles: sizes)
      : .ordered(quantiles: sizes, runs: GapOrder.runs(gaps, length: runLength))
  }
}

/// How unevenly requests arrive, from gap to gap and from window to window.
private struct Burstiness {
  private let variation: Double
  private let dispersion: [SlidingDispersion.Figure]

  init(_ times: [Double]) {
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
    let mean = gaps.reduce(0, +) / Double(max(1, gaps.count))
    let squares = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, gaps.count))
    variation = mean > 0 ? max(1e-9, squares.squareRoot() / mean) : 1
    dispersion = SlidingDispersion.figures(times)
  }

  /// The figure of `other` that is furthest off, in units of what is allowed: 1.25 % of the variation of gaps, and of a
  /// dispersion what its number of windows can tell.
  func misfit(of other: Burstiness) -> Double {
    var worst = abs(other.variation / variation - 1) / 0.0125
    for figure in dispersion {
      let made = other.dispersion.first { $0.windowSeconds == figure.windowSeconds }?.index ?? 0
      worst = max(worst, abs(made / max(1e-9, figure.index) - 1) / figure.tolerance)
    }
    return worst
  }
}
