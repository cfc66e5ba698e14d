import FleetData
import Quantities

extension WorkloadTrace {
  /// The same demand at `factor` times the rate, over the same time; see `RateScaler`.
  ///
  /// - Parameter windowSeconds: stretches that count as the same place of the rate's slow shape.
  public func scaled(by factor: Double, seed: UInt64, windowSeconds: Double = 300) -> WorkloadTrace {
    var scaler = RateScaler(
      by: factor, seed: seed, windowSeconds: windowSeconds, of: TraceOutline(self))
    var scaled = scaler.add(self)
    scaled.append(scaler.finish())
    return scaled.withoutUnusedNames()
  }
}

/// Changes the rate of a trace that comes in pieces, in order of arrival.
///
/// Requests without sessions keep their burstiness: each window of the result replays a stretch of the trace `factor`
/// windows long around the same place, compressed to the window (or a shorter stretch, drawn out). Gaps keep their
/// coefficient of variation, and the slow shape of the rate stays. Independent thinning would not: it turns any trace
/// into a Poisson process.
///
/// Requests with sessions move with their session: whole sessions are left out at random, or added again as new
/// sessions up to a window earlier or later.
///
/// Only the stretch at hand is held: `factor` windows of the trace, or two where there are sessions.
public struct RateScaler {
  private enum Way {
    case unchanged
    case windows(WindowScaler)
    case sessions(SessionScaler)
  }
  private var way: Way

  public init(
    by factor: Double, seed: UInt64, windowSeconds: Double = 300, of outline: TraceOutline
  ) {
    precondition(factor > 0 && factor.isFinite, "a rate is scaled by a positive number")
    if outline.count < 2 || factor == 1 {
      way = .unchanged
    } else if outline.sessions > 0 {
      way = .sessions(SessionScaler(factor, seed, windowSeconds, outline))
    } else {
      way = .windows(WindowScaler(factor, seed, windowSeconds, outline))
    }
  }

  /// Takes a piece. Returns what is ready, in order of arrival.
  public mutating func add(_ piece: WorkloadTrace) -> WorkloadTrace {
    switch way {
    case .unchanged: return piece
    case .windows(var scaler):
      way = .unchanged
      defer { way = .windows(scaler) }
      return scaler.add(piece)
    case .sessions(var scaler):
      way = .unchanged
      defer { way = .sessions(scaler) }
      return scaler.add(piece)
    }
  }

  /// What is left when the last piece was taken.
  public mutating func finish() -> WorkloadTrace {
    switch way {
    case .unchanged: return WorkloadTrace()
    case .windows(var scaler): return scaler.finish()
    case .sessions(var scaler): return scaler.finish()
    }
  }
}

/// Replays stretches around each window.
private struct WindowScaler {
  private let factor: Double
  private let base: Double
  private let length: Double
  private let windows: Int
  private let width: Double
  private let stretch: Double
  private var stream: RandomStream
  /// The requests read that a window may still need.
  private var held = WorkloadTrace()
  /// The window at hand, and where its stretch begins once that is drawn.
  private var window = 0
  private var from: Double?

  init(_ factor: Double, _ seed: UInt64, _ windowSeconds: Double, _ outline: TraceOutline) {
    self.factor = factor
    stream = RandomStream(seed, "scale")
    base = outline.first.seconds
    length = max((outline.last - outline.first).seconds, 1e-9)
    windows = max(1, Int((length / windowSeconds).rounded()))
    width = length / Double(windows)
    stretch = min(width * factor, length)
  }

  mutating func add(_ piece: WorkloadTrace) -> WorkloadTrace {
    held.append(piece)
    guard let last = held.arrivals.last?.seconds else { return held }
    return replayed(upTo: last)
  }

  mutating func finish() -> WorkloadTrace { replayed(upTo: .infinity) }

  /// The windows whose stretches end before a time, at which the requests held end.
  private mutating func replayed(upTo end: Double) -> WorkloadTrace {
    var picked: [(time: SimTime, index: Int)] = []
    while window < windows {
      let from = self.from ?? draw()
      self.from = from
      guard base + from + stretch < end else { break }
      let first = picked.count
      replay(from, into: &picked)
      picked[first...].sort { ($0.time, $0.index) < ($1.time, $1.index) }
      window += 1
      self.from = nil
    }
    var part = held[picked.map(\.index)]
    part.arrivals = picked.map(\.time)
    let first = firstIndex(at: base + (from ?? earliest))
    if first > held.count / 2 { held = held[Array(first..<held.count)] }
    return part
  }

  /// Where the stretch of the window begins. A longer stretch lies around its window, a shorter one anywhere within;
  /// the ends of the trace hold it in.
  private mutating func draw() -> Double {
    let slack = width - stretch
    return held(in: slack > 0 ? left + slack * stream.uniform() : left + slack / 2)
  }

  private var left: Double { Double(window) * width }

  /// The least that `draw` may say of the window.
  private var earliest: Double { held(in: left + min(0, (width - stretch) / 2)) }

  private func held(in wanted: Double) -> Double { min(max(0, wanted), length - stretch) }

  /// Takes the requests of the stretch, drawn to the window; when the whole trace is too short, several times.
  private mutating func replay(_ from: Double, into picked: inout [(time: SimTime, index: Int)]) {
    let isLast = from + stretch >= length * (1 - 1e-12)
    let first = firstIndex(at: base + from)
    let end = isLast ? held.count : firstIndex(at: base + from + stretch)
    let (speed, repeats) = (stretch / width, width * factor / stretch)
    for copy in 0..<Int(repeats.rounded(.up)) {
      let share = min(1, repeats - Double(copy))
      for index in first..<max(first, end) where share >= 1 || stream.uniform() < share {
        let time = base + left + (held.arrivals[index].seconds - base - from) / speed
        picked.append((SimTime(seconds: time), index))
      }
    }
  }

  /// The first request held at or after `seconds`.
  private func firstIndex(at seconds: Double) -> Int {
    var low = 0
    var high = held.count
    while low < high {
      let middle = (low + high) / 2
      if held.arrivals[middle].seconds < seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
