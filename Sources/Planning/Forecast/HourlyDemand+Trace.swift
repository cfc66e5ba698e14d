import Economics
import FleetData
import Quantities

extension HourlyDemand {
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
    try? self.init(hours: means)
  }

  /// The load of an hour UTC in a place of this longitude, by the clock of its sun.
  public func load(hourUTC: Int, longitude: Double) -> Double {
    hours[SolarClock.localHour(utc: hourUTC, longitude: longitude)]
  }
}
