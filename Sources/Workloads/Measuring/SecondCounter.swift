import FleetData
import Quantities

/// Gathers requests by the second they arrive in, and hands each finished second on: what follows works on seconds.
struct SecondCounter {
  struct Second {
    var second: Int
    var requests = 0
    var input = 0
    var output = 0
    /// Requests at work at the end of the second, each for its output tokens at the assumed speed.
    var active = 0
  }

  private static let ring = 8192
  /// Output tokens to whole seconds at work: a multiplier of 2⁻³².
  private let secondsPerToken: UInt64
  private var current: Second?
  private var endings = [Int32](repeating: 0, count: ring)
  private var active = 0

  init(secondsPerOutputToken: Double) { secondsPerToken = UInt64(secondsPerOutputToken * 0x1p32) }

  mutating func add(_ batch: WorkloadTrace, _ finished: (Second) -> Void) {
    guard let first = batch.arrivals.first else { return }
    var now = current ?? Second(second: Self.second(of: first.nanoseconds))
    var start = Int64(now.second) * 1_000_000_000
    endings.withUnsafeMutableBufferPointer { endings in
      batch.arrivals.withUnsafeBufferPointer { arrivals in
        batch.inputTokens.withUnsafeBufferPointer { inputs in
          batch.outputTokens.withUnsafeBufferPointer { outputs in
            for i in 0..<arrivals.count {
              let offset = arrivals[i].nanoseconds &- start
              if UInt64(bitPattern: offset) >= 1_000_000_000 {
                Self.finish(&now, &active, endings, until: Self.second(of: arrivals[i].nanoseconds), finished)
                start = Int64(now.second) * 1_000_000_000
              }
              now.requests &+= 1
              now.input &+= Int(inputs[i])
              now.output &+= Int(outputs[i])
              let busy = min(Int((UInt64(outputs[i]) &* secondsPerToken) &>> 32), Self.ring - 1)
              endings[(now.second &+ busy) & (Self.ring - 1)] &+= 1
            }
          }
        }
      }
    }
    current = now
  }

  mutating func close(_ finished: (Second) -> Void) {
    guard var now = current else { return }
    endings.withUnsafeMutableBufferPointer {
      Self.finish(&now, &active, $0, until: now.second + 1, finished)
    }
    current = nil
  }

  private static func second(of nanoseconds: Int64) -> Int {
    Int(nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000)
  }

  private static func finish(
    _ now: inout Second, _ active: inout Int, _ endings: UnsafeMutableBufferPointer<Int32>, until next: Int,
    _ finished: (Second) -> Void
  ) {
    active += now.requests
    now.active = active
    finished(now)
    // Requests that end pass out second by second; beyond one turn of the ring all have ended.
    for second in stride(from: now.second, to: min(next, now.second + ring), by: 1) {
      let slot = second & (ring - 1)
      active -= Int(endings[slot])
      endings[slot] = 0
    }
    now = Second(second: next)
  }
}
