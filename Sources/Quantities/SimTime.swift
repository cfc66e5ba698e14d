/// Simulated time: whole nanoseconds since the start of the run, so that sums are exact and order is total.
@frozen
public struct SimTime: Hashable, Comparable, Sendable, Codable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// Rounds to the nearest nanosecond; a precondition refuses NaN and times beyond 292 years.
  @inlinable public init(seconds: Double) {
    precondition(seconds.magnitude < 9.2e9, "a simulated time must be finite and within 292 years")
    nanoseconds = Int64((seconds * 1e9).rounded())
  }
  @inlinable public static var zero: SimTime { SimTime(nanoseconds: 0) }
  @inlinable public var seconds: Double { Double(nanoseconds) * 1e-9 }
  @inlinable public static func < (a: SimTime, b: SimTime) -> Bool { a.nanoseconds < b.nanoseconds }
  @inlinable public static func + (a: SimTime, b: SimTime) -> SimTime {
    SimTime(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
  @inlinable public static func - (a: SimTime, b: SimTime) -> SimTime {
    SimTime(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
}
