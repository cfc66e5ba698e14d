import FleetData
import Foundation
import Simulation

/// The result of `simulate` as `simulation/1`: seconds and tokens.
struct SimulationReport: Encodable {
  struct Requests: Encodable {
    var arrived, completed, running, queued, rejected: Int
  }
  struct Tokens: Encodable {
    var input, output: Int
  }
  struct Replica: Encodable {
    var model, chip: String
    var chips: Int
    var slice: String
    var sharding: Sharding
    var kvCapacityTokens: Int
    enum CodingKeys: String, CodingKey {
      case model, chip, chips, slice, sharding
      case kvCapacityTokens = "kv_capacity_tokens"
    }
  }

  struct Promise: Encodable {
    var metric: String
    var percentile, limit, value, low, high: Double
    enum CodingKeys: String, CodingKey {
      case metric, percentile
      case limit = "limit_s"
      case value = "value_s"
      case low = "low_s"
      case high = "high_s"
    }
  }

  var schema = "simulation/1"
  var requests: Requests
  var tokens: Tokens
  var ttft, tpot, endToEnd: LatencySummary?
  var simulated, warmUp: Double
  var steady: Bool
  var unsteadyReason: String?
  var utilization, kvUtilization: Double
  /// FLOPs done over those the powered chips could have done at their peak; nil when the chip's peak is not known.
  var mfu: Double?
  var requestsPerSecond, outputTokensPerSecond, goodput: Double
  var goodputPerDollar: Double?
  var attainment: Double?
  /// The promised percentile of each promised latency, with its 95 % interval from batch means.
  var promises: [Promise]
  var longerRun: Double?
  var meanBatch: Double
  var preemptions: Int
  var reusedTokens: Int
  /// Requests that were running where something failed: begun again elsewhere, or lost and counted as rejected.
  var failedRequests: Int
  /// Shares of the chips' time.
  var downShare, offShare: Double
  var replicas, spares: Int
  var replica: Replica
  var routing: String
  var quantileError: Double
  var interrupted: Bool
  /// Was anything promised? Without a promise every request keeps it.
  private var hasObjective: Bool
  private var hasDisruptions: Bool

  enum CodingKeys: String, CodingKey {
    case schema, requests, tokens, steady, utilization, mfu, attainment, promises,
      preemptions, replicas, spares,
      replica,
      routing, interrupted
    case ttft = "ttft_s"
    case tpot = "tpot_s"
    case endToEnd = "e2e_s"
    case simulated = "simulated_s"
    case warmUp = "warm_up_s"
    case unsteadyReason = "unsteady_reason"
    case kvUtilization = "kv_utilization"
    case requestsPerSecond = "requests_per_s"
    case outputTokensPerSecond = "output_tokens_per_s"
    case goodput = "goodput_per_s"
    case goodputPerDollar = "goodput_per_usd"
    case longerRun = "longer_run_s"
    case meanBatch = "mean_batch"
    case reusedTokens = "reused_input_tokens"
    case failedRequests = "failed_requests"
    case downShare = "down_share"
    case offShare = "off_share"
    case quantileError = "quantile_error"
  }

  init(_ result: SimulationResult, _ simulation: FleetSimulation) {
    let all = result.overall
    let profile = simulation.groups[0].profile
    requests = Requests(
      arrived: all.arrived, completed: all.completed, running: all.running, queued: all.queued,
      rejected: all.rejected)
    tokens = Tokens(input: all.inputTokens, output: all.outputTokens)
    ttft = all.ttft
    tpot = all.tpot
    endToEnd = all.endToEnd
    simulated = result.simulated.value
    warmUp = result.warmUp.value
    steady = result.steady
    unsteadyReason = all.unsteadyReason
    utilization = result.utilization
    kvUtilization = result.kvUtilization
    let powered = result.ledger.lines.reduce(0) { $0 + $1.busyChipSeconds + $1.idleChipSeconds }
    let possible = powered * simulation.groups[0].peakPerChip.value
    mfu = possible > 0 ? result.ledger.lines.reduce(0) { $0 + $1.flops.value } / possible : nil
    let time = max(result.simulated.value, 1e-9)
    requestsPerSecond = Double(all.completed) / time
    outputTokensPerSecond = Double(all.outputTokens) / time
    goodput = result.goodput
    goodputPerDollar = result.goodputPerDollar
    longerRun = result.longerRun?.value
    hasObjective = simulation.streams[0].slo.ttft != nil || simulation.streams[0].slo.tpot != nil
    attainment = all.attainment
    promises = Self.promises(result.services[0], simulation.streams[0].slo)
    meanBatch = result.groups[0].meanBatch
    preemptions = result.groups.reduce(0) { $0 + $1.preemptions }
    reusedTokens = result.groups.reduce(0) { $0 + $1.reusedTokens }
    failedRequests = result.groups.reduce(0) { $0 + $1.lost }
    let chipTime = result.ledger.lines.reduce(0) { $0 + Double($1.chips) } * time
    downShare = result.ledger.lines.reduce(0) { $0 + $1.downChipSeconds } / chipTime
    let off = 1 - result.ledger.lines.reduce(0) { $0 + $1.capacityChipSeconds } / chipTime
    offShare = off > 1e-9 ? off : 0
    hasDisruptions =
      !simulation.disruptions.isEmpty || !simulation.powerCaps.isEmpty || !simulation.autoscaling.isEmpty
    spares = simulation.groups[0].spares
    replicas = simulation.groups[0].replicas - spares
    replica = Replica(
      model: profile.model, chip: profile.chip, chips: profile.chips, slice: "\(profile.slice)",
      sharding: profile.sharding, kvCapacityTokens: profile.kvCapacityTokens)
    routing = simulation.routing.rawValue
    quantileError = result.quantileError
    interrupted = result.interrupted
  }
}

extension SimulationReport {
  fileprivate static func promises(
    _ levels: ServiceLevels, _ slo: ServiceLevelObjective
  ) -> [Promise] {
    let latencies = [
      ("TTFT", slo.ttft, levels.ttftAtTarget), ("TPOT", slo.tpot, levels.tpotAtTarget),
      ("latency", slo.endToEnd, levels.endToEndAtTarget),
    ]
    return latencies.compactMap { metric, limit, interval in
      guard let limit, let interval else { return nil }
      return Promise(
        metric: metric, percentile: slo.percentile, limit: limit.value, value: interval.value,
        low: interval.low, high: interval.high)
    }
  }

  /// What a person reads.
  var text: String {
    var lines: [String] = []
    if interrupted { lines.append("INTERRUPTED: what follows covers the part that was simulated.") }
    lines.append(
      "\(replicas)\(spares > 0 ? " + \(spares) spare" : "") x \(replica.model) on \(replica.chips) \(replica.chip) (\(replica.slice)), \(routing) routing"
    )
    lines.append(
      "requests  \(requests.arrived) arrived, \(requests.completed) completed, \(requests.running) running, "
        + "\(requests.queued) queued, \(requests.rejected) rejected in \(short(simulated)) s")
    lines.append(
      "tokens    \(tokens.input) in, \(tokens.output) out, \(short(outputTokensPerSecond)) out per second")
    lines.append("seconds   mean      p50       p90       p99")
    for (name, summary) in [("TTFT", ttft), ("TPOT", tpot), ("latency", endToEnd)] {
      guard let summary else { continue }
      let cells = [summary.mean, summary.p50, summary.p90, summary.p99].map { padded(short($0), 10) }
      lines.append(padded(name, 10) + cells.joined())
    }
    lines.append(
      "busy \(short(utilization * 100)) % of the time with \(short(meanBatch)) sequences per step"
        + (mfu.map { " (MFU \(short($0 * 100)) %)" } ?? "")
        + ", KV cache \(short(kvUtilization * 100)) % full, \(preemptions) preemptions")
    for promise in promises {
      lines.append(
        "promise   \(promise.metric) of \(short(promise.limit)) s at p\(percent(promise.percentile)): "
          + "\(short(promise.value)) s, \(short(promise.low)) to \(short(promise.high)) s with 95 % confidence, "
          + (promise.value <= promise.limit ? "kept" : "BROKEN"))
    }
    if hasObjective || goodputPerDollar != nil {
      lines.append(
        "goodput   \(short(goodput)) requests/s within what is promised"
          + (attainment.map { ", \(short($0 * 100)) % of those that arrived" } ?? "")
          + (goodputPerDollar.map { ", \(short($0)) per dollar" } ?? ""))
    }
    if hasDisruptions {
      lines.append(
        "failures  \(failedRequests) requests were running on what failed, chips were down \(short(downShare * 100)) % "
          + "and switched off \(short(offShare * 100)) % of the time")
    }
    if reusedTokens > 0 { lines.append("reused    \(reusedTokens) prompt tokens found in caches") }
    lines.append(steady ? "steady state: yes" : "steady state: NO, \(unsteadyReason ?? "")")
    return lines.joined(separator: "\n")
  }

  /// 0.99 as 99, 0.999 as 99.9.
  private func percent(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? String(Int(percent)) : String(percent)
  }

  /// Three significant digits.
  private func short(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let digits = 2 - Int(log10(value.magnitude).rounded(.down))
    if digits <= 0 { return String(Int(value.rounded())) }
    let scale = pow(10, Double(digits))
    return String((value * scale).rounded() / scale)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
