import Quantities

/// Is the run in steady state, and if not, why not and what would help?
///
/// Backlog over arrival rate is the time a request now needs (Little). In a fleet that keeps up it settles; in one
/// that does not it grows by 1 − 1/ρ seconds per second. A run is unsteady when its arrivals last less than five
/// times the mean latency of its calmest window, or when that time grows by more than 1 % of the time between two quarters of the run and by half.
enum Steadiness {
  struct Verdict {
    var reason: String?
  }

  static let sojournsNeeded = 5.0

  static func verdict(
    _ windows: LatencyWindows, groups: [GroupUsage], input: FleetSimulation, service: String
  ) -> Verdict {
    let used = Array(windows.windows[..<windows.usedWindows])
    let arrived = used.reduce(0) { $0 + $1.arrived }
    guard arrived > 0 else { return Verdict(reason: "no request arrived") }
    let serving = input.groups.indices.filter { input.groups[$0].services.contains(service) }.map {
      groups[$0]
    }
    let span = Double(used.count) * windows.width
    guard let sojourn = shortestMeanSojourn(used) else {
      return Verdict(reason: "no request finished in \(text(span)) of arrivals: run longer")
    }
    if span < sojournsNeeded * sojourn {
      let needed = sojournsNeeded * sojourn
      return Verdict(
        reason: "arrivals last \(text(span)) but a request takes \(text(sojourn)): the fleet never fills up; "
          + "run at least \(text(needed)), \(rounded(needed / span)) times as long")
    }
    return Verdict(reason: overload(windows, used, serving))
  }

  /// The mean latency of the calmest window: what a request takes before any backlog.
  private static func shortestMeanSojourn(_ used: [LatencyWindows.Window]) -> Double? {
    used.compactMap(\.meanEndToEnd).min()
  }

  /// The length a run needs for its length alone not to be the reason; nil when it is long enough.
  static func longerRun(_ windows: LatencyWindows) -> Seconds? {
    let used = Array(windows.windows[..<windows.usedWindows])
    guard let sojourn = shortestMeanSojourn(used) else { return nil }
    let needed = sojournsNeeded * sojourn
    return needed > Double(used.count) * windows.width ? Seconds(needed) : nil
  }

  /// The sentence about a backlog that grows, or nil when it does not.
  private static func overload(
    _ windows: LatencyWindows, _ used: [LatencyWindows.Window], _ groups: [GroupUsage]
  ) -> String? {
    guard used.count >= 8 else { return nil }
    let quarter = used.count / 4
    let times = residenceTimes(used, width: windows.width)
    let early = mean(times[quarter..<2 * quarter])
    let late = mean(times[(used.count - quarter)...])
    let between = Double(used.count - 2 * quarter) * windows.width
    guard late - early > 0.01 * between, late > 1.5 * early else { return nil }
    let since = times.lastIndex { $0 <= 1.5 * min(early, times.min() ?? 0) + 0.01 * between } ?? 0
    let arrived = used.reduce(0) { $0 + $1.arrived }
    let departed = used.reduce(0) { $0 + $1.departed }
    let span = Double(used.count) * windows.width
    return
      "overload since \(text(Double(since) * windows.width)): \(rounded(Double(arrived) / span)) requests/s "
      + "arrive and \(rounded(Double(departed) / span)) leave, \(arrived - departed) are waiting or running at the "
      + "last arrival; \(bottleneck(groups)); a longer run only grows the queue, add replicas"
  }

  /// Backlog at the end of each window over the rate of arrivals up to there.
  private static func residenceTimes(_ used: [LatencyWindows.Window], width: Double) -> [Double] {
    var (arrived, departed) = (0, 0)
    return used.enumerated().map { i, window in
      arrived += window.arrived
      departed += window.departed
      let rate = Double(max(arrived, 1)) / (Double(i + 1) * width)
      return Double(arrived - departed) / rate
    }
  }

  /// Which resource of the busiest group gave out.
  private static func bottleneck(_ groups: [GroupUsage]) -> String {
    guard let group = groups.max(by: { ($0.utilization, $1.group) < ($1.utilization, $0.group) }) else {
      return "no replica serves it"
    }
    let busy = "\(group.group) is busy \(rounded(group.utilization * 100)) % of the time"
    if group.kvBlockedShare > max(0.1, group.seatBlockedShare) {
      return busy + " and its KV cache is full at \(rounded(group.kvBlockedShare * 100)) % of its decisions"
    }
    if group.seatBlockedShare > 0.1 {
      return busy + " and its batch is full at \(rounded(group.seatBlockedShare * 100)) % of its decisions"
    }
    return busy + " with \(rounded(group.meanBatch)) sequences per step: its steps take too long"
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }

  /// Three significant digits.
  static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    if value.magnitude >= 100 { return String(Int(value.rounded())) }
    let places = value.magnitude >= 10 ? 10.0 : value.magnitude >= 1 ? 100.0 : 1000.0
    return String((value * places).rounded() / places)
  }

  private static func text(_ seconds: Double) -> String { rounded(seconds) + " s" }
}
