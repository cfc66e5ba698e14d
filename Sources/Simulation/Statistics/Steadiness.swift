import Quantities

/// Is the run in steady state, and if not, why not and what would help?
///
/// Backlog over arrival rate is the time a request now needs (Little); x_i is that time at the end of window i. In a
/// fleet that keeps up it settles; in one that does not it grows by 1 − 1/ρ seconds per second. A run is unsteady when
///
/// 1. its requests are more work than all replicas that serve them can do (`OfferedWork`), however short it is;
/// 2. its arrivals last less than five times the mean latency of its calmest window: the fleet never fills up;
/// 3. x grows: the least-squares line through x over the windows after the first eighth rises by more than 2 % of the
///    time, or by more than 0.4 % and explains three quarters of the variance of x; and latencies, by time of arrival,
///    rise with it by a quarter as much at least, for when arrivals grow a backlog may without any waiting;
/// 4. a backlog came and went: in some window requests waited, beyond the latency of the calmest, for more than a
///    tenth of the run. Batch means cannot average over fewer than ten such spells.
///
/// The slope of a stationary backlog is noise that falls with the length of the run to the power 3/2. It is called
/// overload where the line explains three quarters, more came than left by three standard errors, and the fleet has had
/// the time to fill up; else the verdict asks for a longer run. `SimulationBench steadiness` counts, over 100 seeds for
/// each of five fleets: from 1 % too much on every run is unsteady, and up to 99 % of capacity at most one of a hundred
/// is called overloaded.
enum Steadiness {
  struct Verdict {
    var reason: String?
    /// How long a run must be, where a longer one would help.
    var longerRun: Double?
  }

  static let sojournsNeeded = 5.0
  static let spellsNeeded = 10.0
  /// In fewer a fleet that fills up looks like one that falls behind.
  static let sojournsOfProof = 20.0
  /// A fleet that fills up ends with no more in it than so many times its calmest latency is worth of arrivals.
  static let fillings = 4.0
  /// Growth of the backlog per second, and the share of its variance on a line, that make an overload beyond doubt.
  static let leastGrowth = 0.004
  static let lineShare = 0.75

  static func verdict(
    _ windows: LatencyWindows, excess: OfferedWork.Excess?, bottleneck: Bottleneck
  ) -> Verdict {
    let used = Array(windows.windows[..<windows.fullWindows])
    guard used.contains(where: { $0.arrived > 0 }) else { return Verdict(reason: "no request arrived") }
    let span = Double(used.count) * windows.width
    let proof = excess.map { Verdict(reason: "\($0.sentence); \(last(bottleneck))") }
    guard let calmest = used.compactMap(\.meanEndToEnd).min() else {
      return proof ?? Verdict(reason: "no request finished in \(text(span)) of arrivals: run longer")
    }
    if span < sojournsNeeded * calmest {
      let needed = sojournsNeeded * calmest
      return proof
        ?? Verdict(
          reason:
            "arrivals last \(text(span)) but a request takes \(text(calmest)): the fleet never fills up; "
            + "run at least \(text(needed)), \(rounded(needed / span)) times as long", longerRun: needed)
    }
    let growth = overload(windows, used, calmest: calmest, bottleneck)
    if let growth, growth.longerRun == nil { return growth }
    return proof ?? growth ?? spell(used, width: windows.width, calmest: calmest, bottleneck) ?? Verdict()
  }

  private static func last(_ bottleneck: Bottleneck) -> String {
    "\(bottleneck.sentence); a longer run only grows the queue, \(bottleneck.remedy)"
  }

  /// What is said of a backlog that grows; nil when it does not.
  private static func overload(
    _ windows: LatencyWindows, _ used: [LatencyWindows.Window], calmest: Double, _ bottleneck: Bottleneck
  ) -> Verdict? {
    guard used.count >= 8 else { return nil }
    let first = used.count / 8
    let times = residenceTimes(used, width: windows.width)
    let line = Line(times[first...])
    let growth = line.slope / windows.width
    guard growth > leastGrowth, growth > 0.02 || line.share > lineShare else { return nil }
    guard waitsGrow(used[first...], by: line.slope / 4) else { return nil }
    let span = Double(used.count) * windows.width
    let isPastFilling = span > sojournsOfProof * calmest || times[used.count - 1] > fillings * calmest
    guard line.share > lineShare, isPastFilling, isBeyondChance(used[first...]) else {
      return Verdict(
        reason:
          "the backlog grows by \(rounded(100 * growth)) % of the time, which may be chance in so short a run; "
          + "\(bottleneck.sentence); run at least \(text(4 * span)), 4 times as long, or \(bottleneck.remedy)",
        longerRun: 4 * span)
    }
    let base = times[..<(used.count / 2)].min() ?? 0
    let since = times.lastIndex { $0 <= base + 0.1 * (times[used.count - 1] - base) } ?? 0
    let arrived = used.reduce(0) { $0 + $1.arrived }
    let departed = used.reduce(0) { $0 + $1.departed }
    return Verdict(
      reason:
        "overload since \(text(Double(since) * windows.width)): \(rounded(Double(arrived) / span)) requests/s "
        + "arrive and \(rounded(Double(departed) / span)) leave, \(arrived - departed) are waiting or running at the "
        + "last arrival; \(last(bottleneck))")
  }

  /// Did more come than left, by three standard errors of the windows' differences? Those of a backlog that wanders
  /// without drift are independent, those of one that returns to its mean cancel.
  private static func isBeyondChance(_ used: ArraySlice<LatencyWindows.Window>) -> Bool {
    let differences = used.map { Double($0.arrived - $0.departed) }
    let n = Double(differences.count)
    let mean = differences.reduce(0, +) / n
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    return mean > 3 * (variance / n).squareRoot()
  }

  /// Do latencies rise by `slope` seconds per window of arrival? Assumed when many requests are still unfinished: the
  /// slowest are.
  private static func waitsGrow(_ used: ArraySlice<LatencyWindows.Window>, by slope: Double) -> Bool {
    let finished = used.reduce(0) { $0 + $1.finished }
    guard finished * 20 >= used.reduce(0, { $0 + $1.arrived }) * 19 else { return true }
    return Line(ArraySlice(used.compactMap(\.meanEndToEnd))).slope > slope
  }

  /// A wait that came and went but took too much of the run; nil when none did.
  private static func spell(
    _ used: [LatencyWindows.Window], width: Double, calmest: Double, _ bottleneck: Bottleneck
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
        + "such a backlog is \(rounded(100 * wait / span)) % of the run; \(bottleneck.sentence); \(bottleneck.remedy), or "
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

  /// Three significant digits.
  static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    if value.magnitude >= 100 { return String(Int(value.rounded())) }
    let places = value.magnitude >= 10 ? 10.0 : value.magnitude >= 1 ? 100.0 : 1000.0
    return String((value * places).rounded() / places)
  }

  static func text(_ seconds: Double) -> String { rounded(seconds) + " s" }
}
