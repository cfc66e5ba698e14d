import Quantities

/// Is the run in steady state, and if not, why not and what would help?
///
/// Backlog over arrival rate is the time a request now needs (Little); x_i is that time at the end of window i. In a
/// fleet that keeps up it settles; in one that does not it grows by 1 − 1/ρ seconds per second. A run is unsteady when
///
/// 1. its arrivals last less than five times the mean latency of its calmest window: the fleet never fills up;
/// 2. x drifts upwards: the slope of x over the windows after the first quarter differs from 0 at the 1 % level
///    (one-sided t, the windows counted as n(1 − r)/(1 + r) independent ones where r is the residuals' correlation
///    from one to the next), and between two quarters x grew by half and by more than 1 % of the time between;
/// 3. x grew by more than 1 % of that time and by half, however it scatters, and the last quarter is its highest;
/// 4. a backlog came and went: in some window requests waited, beyond the latency of the calmest, for more than a
///    tenth of the run. Batch means cannot average over fewer than ten such spells.
/// - Source: the batch correction is that of A. M. Law, Simulation Modeling and Analysis, section 9.5, for first-order
///   correlation.
enum Steadiness {
  struct Verdict {
    var reason: String?
    /// How long a run must be, where a longer one would help.
    var longerRun: Double?
  }

  static let sojournsNeeded = 5.0
  static let spellsNeeded = 10.0

  static func verdict(
    _ windows: LatencyWindows, groups: [GroupUsage], input: FleetSimulation, service: String
  ) -> Verdict {
    let used = Array(windows.windows[..<windows.usedWindows])
    guard used.contains(where: { $0.arrived > 0 }) else { return Verdict(reason: "no request arrived") }
    let serving = input.groups.indices.filter { input.groups[$0].services.contains(service) }.map {
      groups[$0]
    }
    let span = Double(used.count) * windows.width
    guard let calmest = used.compactMap(\.meanEndToEnd).min() else {
      return Verdict(reason: "no request finished in \(text(span)) of arrivals: run longer")
    }
    if span < sojournsNeeded * calmest {
      let needed = sojournsNeeded * calmest
      return Verdict(
        reason: "arrivals last \(text(span)) but a request takes \(text(calmest)): the fleet never fills up; "
          + "run at least \(text(needed)), \(rounded(needed / span)) times as long", longerRun: needed)
    }
    if let reason = overload(windows, used, serving) { return Verdict(reason: reason) }
    return spell(used, width: windows.width, calmest: calmest, serving) ?? Verdict()
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
    let middle = mean(times[2 * quarter..<(used.count - quarter)])
    guard drifts(Array(times[quarter...])) || late > middle else { return nil }
    let since = times.lastIndex { $0 <= 1.5 * min(early, times.min() ?? 0) + 0.01 * between } ?? 0
    let arrived = used.reduce(0) { $0 + $1.arrived }
    let departed = used.reduce(0) { $0 + $1.departed }
    let span = Double(used.count) * windows.width
    return
      "overload since \(text(Double(since) * windows.width)): \(rounded(Double(arrived) / span)) requests/s "
      + "arrive and \(rounded(Double(departed) / span)) leave, \(arrived - departed) are waiting or running at the "
      + "last arrival; \(bottleneck(groups)); a longer run only grows the queue, add replicas"
  }

  /// Is the slope of x over its index above 0 at the 1 % level, correlation between neighbours allowed for?
  static func drifts(_ x: [Double]) -> Bool {
    let n = Double(x.count)
    guard x.count >= 6 else { return false }
    let (center, level) = ((n - 1) / 2, x.reduce(0, +) / n)
    var (spread, product) = (0.0, 0.0)
    for (i, value) in x.enumerated() {
      spread += (Double(i) - center) * (Double(i) - center)
      product += (Double(i) - center) * (value - level)
    }
    let slope = product / spread
    let residuals = x.enumerated().map { $1 - level - slope * (Double($0) - center) }
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return slope > 0 }
    let lagged = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    // The correlation found in n points is too small by about (1 + 4r)/n (M. G. Kendall, Biometrika 41, 1954).
    let found = lagged / squares
    let r = min(max(found + (1 + 4 * found) / n, 0), 0.95)
    let independent = max(n * (1 - r) / (1 + r), 4)
    let error = (squares / (independent - 2) / spread * n / independent).squareRoot()
    return slope > Confidence.oneSidedPercentPoint(degrees: Int(independent) - 2) * error
  }

  /// A wait that came and went but took too much of the run; nil when none did.
  private static func spell(
    _ used: [LatencyWindows.Window], width: Double, calmest: Double, _ groups: [GroupUsage]
  ) -> Verdict? {
    let span = Double(used.count) * width
    let means = used.map { $0.meanEndToEnd ?? 0 }
    guard let worst = means.indices.max(by: { means[$0] < means[$1] }) else { return nil }
    let wait = means[worst] - calmest
    guard spellsNeeded * wait > span else { return nil }
    let since = means[..<worst].lastIndex { $0 - calmest < 0.1 * wait } ?? 0
    let needed = spellsNeeded * wait
    return Verdict(
      reason: "overload since \(text(Double(since) * width)): requests that come around "
        + "\(text(Double(worst) * width)) take \(text(means[worst])), \(text(calmest)) in the calmest part; "
        + "such a backlog is \(rounded(100 * wait / span)) % of the run; \(bottleneck(groups)); add replicas, or "
        + "run at least \(text(needed)), \(rounded(needed / span)) times as long", longerRun: needed)
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
