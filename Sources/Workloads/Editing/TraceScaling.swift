import FleetData
import Quantities

extension WorkloadTrace {
  /// The same demand at `factor` times the rate, over the same time.
  ///
  /// Requests without sessions keep their burstiness: each window of the result replays a stretch of the trace
  /// `factor` windows long around the same place, compressed to the window (or a shorter stretch, drawn out). Gaps
  /// keep their coefficient of variation, and the slow shape of the rate stays. Independent thinning would not: it
  /// turns any trace into a Poisson process.
  ///
  /// Requests with sessions move with their session: whole sessions are left out at random, or added again as new
  /// sessions up to a window earlier or later.
  ///
  /// - Parameter windowSeconds: stretches that count as the same place of the rate's slow shape.
  public func scaled(by factor: Double, seed: UInt64, windowSeconds: Double = 300) -> WorkloadTrace {
    precondition(factor > 0 && factor.isFinite, "a rate is scaled by a positive number")
    guard count > 1, factor != 1 else { return self }
    let stream = RandomStream(seed, "scale")
    return sessions.contains { $0 >= 0 }
      ? scaledBySessions(factor, stream, windowSeconds) : scaledByWindows(factor, stream, windowSeconds)
  }

  private func scaledByWindows(_ factor: Double, _ generator: RandomStream, _ windowSeconds: Double)
    -> WorkloadTrace
  {
    var stream = generator
    let length = max(duration.value, 1e-9)
    let base = arrivals[0].seconds
    let windows = max(1, Int((length / windowSeconds).rounded()))
    let width = length / Double(windows)
    let stretch = min(width * factor, length)
    var picked: [(time: SimTime, index: Int)] = []
    for window in 0..<windows {
      let left = Double(window) * width
      // A longer stretch lies around its window, a shorter one anywhere within; the ends of the trace hold it in.
      let slack = width - stretch
      let wanted = slack > 0 ? left + slack * stream.uniform() : left + slack / 2
      let from = min(max(0, wanted), length - stretch)
      let repeats = width * factor / stretch
      append(
        from: base + from, to: base + from + stretch, isLast: from + stretch >= length * (1 - 1e-12),
        at: base + left, width: width, repeats: repeats, &stream, into: &picked)
    }
    picked.sort { ($0.time, $0.index) < ($1.time, $1.index) }
    var scaled = self[picked.map(\.index)]
    scaled.arrivals = picked.map(\.time)
    return scaled
  }

  /// Takes the requests of a stretch, drawn to a window; when the whole trace is too short, several times.
  private func append(
    from: Double, to: Double, isLast: Bool, at left: Double, width: Double, repeats: Double,
    _ stream: inout RandomStream, into picked: inout [(time: SimTime, index: Int)]
  ) {
    let first = firstIndex(at: from)
    let end = isLast ? count : firstIndex(at: to)
    let speed = (to - from) / width
    for copy in 0..<Int(repeats.rounded(.up)) {
      let share = min(1, repeats - Double(copy))
      for index in first..<max(first, end) where share >= 1 || stream.uniform() < share {
        picked.append((SimTime(seconds: left + (arrivals[index].seconds - from) / speed), index))
      }
    }
  }

  /// The first request at or after `seconds`.
  private func firstIndex(at seconds: Double) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if arrivals[middle].seconds < seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func scaledBySessions(_ factor: Double, _ generator: RandomStream, _ windowSeconds: Double)
    -> WorkloadTrace
  {
    var stream = generator
    // Requests without a session are sessions of one.
    var members: [[Int]] = []
    var numbers: [Int32: Int] = [:]
    for i in arrivals.indices {
      if sessions[i] >= 0, let number = numbers[sessions[i]] {
        members[number].append(i)
      } else {
        if sessions[i] >= 0 { numbers[sessions[i]] = members.count }
        members.append([i])
      }
    }
    var picked: [(time: SimTime, index: Int, session: Int32)] = []
    var next: Int32 = 0
    let last = arrivals[count - 1]
    for indices in members {
      for copy in 0..<Int(factor.rounded(.up)) {
        guard stream.uniform() < factor - Double(copy) else { continue }
        let shift = copy == 0 ? 0 : (2 * stream.uniform() - 1) * windowSeconds
        for index in indices {
          let time = arrivals[index] + SimTime(seconds: shift)
          if time >= arrivals[0], time <= last {
            picked.append((time, index, sessions[index] < 0 ? -1 : next))
          }
        }
        next += 1
      }
    }
    picked.sort { ($0.time, $0.index, $0.session) < ($1.time, $1.index, $1.session) }
    var scaled = self[picked.map(\.index)]
    scaled.arrivals = picked.map(\.time)
    scaled.sessions = picked.map(\.session)
    return scaled.withoutUnusedNames()
  }
}
