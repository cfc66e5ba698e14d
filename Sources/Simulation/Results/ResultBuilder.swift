import FleetData
import Quantities

/// Turns the engine's final state into a result.
struct ResultBuilder {
  let input: FleetSimulation
  init(_ input: FleetSimulation) { self.input = input }

  func result(of engine: borrowing FleetEngine, interrupted: Bool) -> SimulationResult {
    let end = engine.now
    let inFlight = InFlight(engine, end: end)
    var windows = engine.recorders.windows()
    inFlight.addFirstTokens(to: &windows)
    let widest = windows.map(\.width).max() ?? 0
    for i in windows.indices { windows[i].widen(to: widest) }
    let groups = groupUsage(engine, end: end)
    let all = Self.merged(windows)
    let first = StatisticsWindow(all, warmUp: input.warmUp)
    var levels: [ServiceLevels] = []
    var longerRun: Double?
    let uplinks = uplinkUsage(engine, end: end)
    let work = OfferedWork(input, models: engine.models, groups: groups, end: end)
    let (excess, loads) = (work.excess(), work.loads())
    let bottlenecks = input.streams.map {
      Bottleneck(input, $0, groups: groups, loads: loads, uplinks: uplinks)
    }
    for i in input.streams.indices {
      let stream = input.streams[i]
      let verdict = Steadiness.verdict(windows[i], excess: excess[i], bottleneck: bottlenecks[i])
      if let longer = verdict.longerRun { longerRun = max(longerRun ?? 0, longer) }
      levels.append(
        serviceLevels(
          stream.service, engine.tally[i], inFlight.counts[i], windows[i], first, stream.slo, verdict))
    }
    let overall = overallLevels(levels, all, first)
    let capacity = capacitySeconds(engine, end: end)
    let busy = sum(engine) { $0.busy }
    return SimulationResult(
      simulated: Seconds(end), arrivalSpan: Seconds(engine.arrivals.span),
      warmUp: Seconds(Double(first.skipped) * all.width), services: levels,
      serviceGoodput: windows.map { goodput($0, first) }, overall: overall, groups: groups, uplinks: uplinks,
      ledger: ledger(engine, end: end), laws: Laws.all(engine, input: input, inFlight: inFlight),
      interrupted: interrupted, utilization: capacity > 0 ? busy / capacity : 0,
      kvUtilization: kvUtilization(engine, capacity: end), goodput: goodput(all, first),
      goodputPerDollar: goodputPerDollar(all, first, cost(engine, end: end), end),
      quantileError: LogHistogram.relativeError, events: engine.eventCount,
      longerRun: longerRun.map { Seconds($0) }, bottlenecks: bottlenecks.map(\.sentence))
  }

  private func goodput(_ all: LatencyWindows, _ first: StatisticsWindow) -> Double {
    let kept = all.windows[first.range]
    let time = Double(kept.count) * all.width
    return time > 0 ? Double(kept.reduce(0) { $0 + $1.metObjective }) / time : 0
  }

  /// Requests within every promised latency per dollar: their rate over the mean price of a second.
  private func goodputPerDollar(
    _ all: LatencyWindows, _ first: StatisticsWindow, _ cost: USD?, _ end: Double
  ) -> Double? {
    guard let cost, cost.value > 0 else { return nil }
    return goodput(all, first) * end / cost.value
  }

  static func merged(_ windows: [LatencyWindows]) -> LatencyWindows {
    guard var all = windows.first else {
      return LatencyWindows(
        windows: Array(repeating: .init(), count: LatencyWindows.limit), width: 1, lastArrival: 0)
    }
    for other in windows.dropFirst() { all.merge(other) }
    return all
  }

  private func serviceLevels(
    _ name: String, _ tally: StreamTally, _ inFlight: InFlight.Count, _ windows: LatencyWindows,
    _ first: StatisticsWindow, _ slo: ServiceLevelObjective, _ verdict: Steadiness.Verdict
  ) -> ServiceLevels {
    let kept = Array(windows.windows[first.range])
    let total = kept.reduce(into: LatencyWindows.Window()) { $0.merge($1) }
    var levels = ServiceLevels(
      service: name, arrived: tally.arrived, completed: tally.completed, running: inFlight.running,
      queued: inFlight.queued, rejected: tally.rejected, inputTokens: tally.inputTokens,
      outputTokens: tally.outputTokens, steady: verdict.reason == nil, unsteadyReason: verdict.reason)
    levels.ttft = Self.summary(total.ttft, sum: total.ttftSum)
    levels.tpot = Self.summary(total.tpot, sum: total.tpotSum)
    levels.endToEnd = Self.summary(total.endToEnd, sum: total.endToEndSum)
    let ofServed = min(1, slo.percentile / max(1 - levels.unservedShare, 1e-9))
    if slo.ttft != nil { levels.ttftAtTarget = Self.atTarget(total.ttft, kept.map(\.ttft), ofServed) }
    if slo.tpot != nil { levels.tpotAtTarget = Self.atTarget(total.tpot, kept.map(\.tpot), ofServed) }
    if slo.endToEnd != nil {
      levels.endToEndAtTarget = Self.atTarget(total.endToEnd, kept.map(\.endToEnd), ofServed)
    }
    if total.arrived > 0 { levels.attainment = Double(total.metObjective) / Double(total.arrived) }
    return levels
  }

  private func overallLevels(
    _ levels: [ServiceLevels], _ all: LatencyWindows, _ first: StatisticsWindow
  ) -> ServiceLevels {
    let total = all.windows[first.range].reduce(into: LatencyWindows.Window()) { $0.merge($1) }
    let unsteady = levels.first { !$0.steady }
    return ServiceLevels(
      service: "all", arrived: levels.reduce(0) { $0 + $1.arrived },
      completed: levels.reduce(0) { $0 + $1.completed }, running: levels.reduce(0) { $0 + $1.running },
      queued: levels.reduce(0) { $0 + $1.queued }, rejected: levels.reduce(0) { $0 + $1.rejected },
      ttft: Self.summary(total.ttft, sum: total.ttftSum), tpot: Self.summary(total.tpot, sum: total.tpotSum),
      endToEnd: Self.summary(total.endToEnd, sum: total.endToEndSum),
      attainment: total.arrived > 0 ? Double(total.metObjective) / Double(total.arrived) : nil,
      inputTokens: levels.reduce(0) { $0 + $1.inputTokens },
      outputTokens: levels.reduce(0) { $0 + $1.outputTokens }, steady: unsteady == nil,
      unsteadyReason: unsteady?.unsteadyReason)
  }

  private static func summary(_ histogram: LogHistogram, sum: Double) -> LatencySummary? {
    guard let p50 = histogram.quantile(0.5), let p90 = histogram.quantile(0.9),
      let p99 = histogram.quantile(0.99)
    else { return nil }
    return LatencySummary(mean: sum / Double(histogram.count), p50: p50, p90: p90, p99: p99)
  }

  /// The percentile of all requests, with the interval of the batches' percentiles around it.
  private static func atTarget(
    _ all: LogHistogram, _ batches: [LogHistogram], _ percentile: Double
  ) -> Interval? {
    guard let value = all.quantile(percentile) else { return nil }
    let perBatch = batches.compactMap { $0.quantile(percentile) }
    guard let spread = Confidence.interval(ofMeans: perBatch) else {
      return Interval(value: value, low: value, high: value)
    }
    let half = (spread.high - spread.low) / 2
    return Interval(value: value, low: max(0, value - half), high: value + half)
  }
}
