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

  static let ring = 8192
  /// Output tokens to whole seconds at work: a multiplier of 2⁻³².
  let secondsPerToken: UInt64
  /// The second at hand.
  var now = Second(second: 0)
  private var isOpen = false
  private var active = 0

  init(secondsPerOutputToken: Double) { secondsPerToken = UInt64(secondsPerOutputToken * 0x1p32) }

  /// When the second at hand ends, in nanoseconds.
  var end: Int64 { (Int64(now.second) + 1) * 1_000_000_000 }

  /// Begins the first second.
  mutating func start(_ arrival: SimTime) {
    guard !isOpen else { return }
    now = Second(second: Self.second(of: arrival.nanoseconds))
    isOpen = true
  }

  /// Hands on the second at hand and begins that of `arrival`; `endings` counts the requests that end in each second
  /// of the ring.
  mutating func finish(
    _ endings: UnsafeMutablePointer<Int32>, until arrival: SimTime, _ finished: (Second) -> Void
  ) {
    let next = Self.second(of: arrival.nanoseconds)
    active += now.requests
    now.active = active
    finished(now)
    // Requests that end pass out second by second; beyond one turn of the ring all have ended.
    for second in stride(from: now.second, to: min(next, now.second + Self.ring), by: 1) {
      let slot = second & (Self.ring - 1)
      active -= Int(endings[slot])
      endings[slot] = 0
    }
    now = Second(second: next)
  }

  /// Hands on the last second.
  mutating func close(_ finished: (Second) -> Void) {
    guard isOpen else { return }
    active += now.requests
    now.active = active
    finished(now)
    isOpen = false
  }

  private static func second(of nanoseconds: Int64) -> Int {
    Int(nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000)
  }
}
