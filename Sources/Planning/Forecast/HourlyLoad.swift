import FleetData
import Quantities

/// Load by local hour of the day, the peak hour 1.
public struct HourlyLoad: Sendable, Hashable {
  /// 24 values of 0…1.
  public let hours: [Double]

  /// - Parameter loads: 24 loads in any unit, the largest above zero.
  public init(loads: [Double]) {
    let peak = loads.max() ?? 0
    precondition(loads.count == 24 && peak > 0, "a day has 24 hours, one of them with load")
    hours = loads.map { $0 / peak }
  }

  /// Mean requests by hour of the day of a trace that covers at least one.
  ///
  /// Hours count from midnight where the trace states dates, else from its first request.
  public init?(trace: WorkloadTrace) {
    guard trace.duration.value >= Seconds.day.value * 0.99 else { return nil }
    let start = trace.start ?? 0
    var counts = [Double](repeating: 0, count: 24)
    var seen = [Double](repeating: 0, count: 24)
    let first = Int((start + (trace.arrivals.first?.seconds ?? 0)) / 3600)
    let last = Int((start + (trace.arrivals.last?.seconds ?? 0)) / 3600)
    for hour in first...last { seen[hour % 24] += 1 }
    for arrival in trace.arrivals { counts[Int((start + arrival.seconds) / 3600) % 24] += 1 }
    let means = zip(counts, seen).map { $1 > 0 ? $0 / $1 : 0 }
    guard (means.max() ?? 0) > 0 else { return nil }
    self.init(loads: means)
  }

  /// Mean load over peak load.
  public var loadFactor: Double { hours.reduce(0, +) / 24 }

  /// The load of an hour UTC in a place of this longitude, whose clock runs an hour ahead every 15 degrees.
  public func load(hourUTC: Int, longitude: Double) -> Double {
    let local = hourUTC + Int((longitude / 15).rounded())
    return hours[((local % 24) + 24) % 24]
  }
}
