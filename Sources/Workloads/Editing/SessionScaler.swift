import FleetData
import Quantities

/// Leaves out or repeats whole sessions. Requests without a session are sessions of one.
struct SessionScaler {
  private let factor: Double
  private let seed: UInt64
  private let window: Double
  private let outline: TraceOutline
  private var waiting = ArrivalBuffer()
  private var alone: UInt64 = 0

  init(_ factor: Double, _ seed: UInt64, _ windowSeconds: Double, _ outline: TraceOutline) {
    self.factor = factor
    self.seed = seed
    window = windowSeconds
    self.outline = outline
  }

  mutating func add(_ piece: WorkloadTrace) -> WorkloadTrace {
    guard let last = piece.arrivals.last else { return piece }
    var picked: [Int] = []
    var arrivals: [SimTime] = []
    var sessions: [Int32] = []
    for i in piece.arrivals.indices {
      let session = piece.sessions[i]
      if session < 0 { alone += 1 }
      let key = session < 0 ? alone | 1 << 63 : UInt64(session)
      for copy in 0..<Int(factor.rounded(.up)) {
        guard let shift = shift(of: copy, key) else { continue }
        let time = piece.arrivals[i] + SimTime(seconds: shift)
        guard time >= outline.first, time <= outline.last else { continue }
        picked.append(i)
        arrivals.append(time)
        sessions.append(session < 0 ? -1 : Int32(copy) * outline.sessions + session)
      }
    }
    var part = piece[picked]
    part.arrivals = arrivals
    part.sessions = sessions
    waiting.add(part)
    return waiting.take(before: last - SimTime(seconds: window))
  }

  mutating func finish() -> WorkloadTrace { waiting.take() }

  /// By how many seconds a copy of a session is moved; nil when there is no such copy. Drawn anew for every request of
  /// the session, always the same, so that sessions need not be remembered.
  private func shift(of copy: Int, _ key: UInt64) -> Double? {
    var stream = RandomStream(seed, "scale")
    stream = RandomStream(stream.next() ^ key &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(copy), "session")
    guard stream.uniform() < factor - Double(copy) else { return nil }
    return copy == 0 ? 0 : (2 * stream.uniform() - 1) * window
  }
}
