import FleetData
import Foundation
import Quantities
import Simulation

/// The result of `simulate` as `simulation/1`: seconds, tokens, joules and dollars.
struct SimulationReport: Encodable {
  struct Requests: Encodable {
    var arrived, completed, running, queued, rejected: Int

    init(_ levels: ServiceLevels) {
      arrived = levels.arrived
      completed = levels.completed
      running = levels.running
      queued = levels.queued
      rejected = levels.rejected
    }
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

    init(_ profile: ReplicaProfile) {
      model = profile.model
      chip = profile.chip
      chips = profile.chips
      slice = "\(profile.slice)"
      sharding = profile.sharding
      kvCapacityTokens = profile.kvCapacityTokens
    }
  }

  struct Promise: Encodable {
    var service: String
    var metric: String
    var percentile, limit, value, low, high: Double
    /// Requests refused or not finished over those that arrived; they count as the slowest.
    var unserved: Double
    var kept: Bool
    enum CodingKeys: String, CodingKey {
      case service, metric, percentile, kept
      case unserved = "unserved_share"
      case limit = "limit_s"
      case value = "value_s"
      case low = "low_s"
      case high = "high_s"
    }
  }

  var schema = "simulation/1"
  /// Of the setup file.
  var name: String?
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
  /// Of the first group.
  var replicas, spares: Int
  var replica: Replica
  var routing: String
  var quantileError: Double
  var interrupted: Bool
  var services: [SimulatedService]
  var groups: [SimulatedGroup]
  var sites: [SimulatedSite]
  var uplinks: [SimulatedUplink]
  var replications: SimulatedReplications?
  /// Was anything promised? Without a promise every request keeps it.
  private(set) var hasObjective: Bool
  private(set) var hasDisruptions: Bool

  enum CodingKeys: String, CodingKey {
    case schema, name, requests, tokens, steady, utilization, mfu, attainment, promises, preemptions,
      replicas, spares,
      replica, routing, interrupted, services, groups, sites, uplinks, replications
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

  /// - Parameters:
  ///   - runs: one, or all replications; the figures are the first's.
  ///   - asked: how many there should be.
  init(_ runs: [SimulationResult], _ item: SimulatedCase, asked: Int) {
    let (result, simulation) = (runs[0], item.simulation)
    let all = result.overall
    let lines = result.ledger.lines
    name = item.name
    requests = Requests(all)
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
    let possible = zip(lines, simulation.groups).reduce(0) {
      $0 + ($1.0.busyChipSeconds + $1.0.idleChipSeconds) * $1.1.peakPerChip.value
    }
    mfu = possible > 0 ? lines.reduce(0) { $0 + $1.flops.value } / possible : nil
    let time = max(result.simulated.value, 1e-9)
    requestsPerSecond = Double(all.completed) / time
    outputTokensPerSecond = Double(all.outputTokens) / time
    goodput = result.goodput
    goodputPerDollar = result.goodputPerDollar
    longerRun = result.longerRun?.value
    hasObjective = simulation.streams.contains {
      $0.slo.ttft != nil || $0.slo.tpot != nil || $0.slo.endToEnd != nil
    }
    attainment = all.attainment
    promises = zip(result.services, simulation.streams).flatMap { Self.promises($0, $1.slo) }
    meanBatch = Self.meanBatch(result, simulation)
    preemptions = result.groups.reduce(0) { $0 + $1.preemptions }
    reusedTokens = result.groups.reduce(0) { $0 + $1.reusedTokens }
    failedRequests = result.groups.reduce(0) { $0 + $1.lost }
    let chipTime = lines.reduce(0) { $0 + Double($1.chips) } * time
    downShare = lines.reduce(0) { $0 + $1.downChipSeconds } / chipTime
    let off = 1 - lines.reduce(0) { $0 + $1.capacityChipSeconds } / chipTime
    offShare = off > 1e-9 ? off : 0
    hasDisruptions =
      !simulation.disruptions.isEmpty || !simulation.powerCaps.isEmpty || !simulation.autoscaling.isEmpty
    spares = simulation.groups[0].spares
    replicas = simulation.groups[0].replicas - spares
    replica = Replica(simulation.groups[0].profile)
    routing = simulation.routing.rawValue
    quantileError = result.quantileError
    interrupted = runs.contains(where: \.interrupted) || runs.count < asked
    services = SimulatedService.all(result, simulation, promises)
    groups = SimulatedGroup.all(result, item)
    sites = SimulatedSite.all(groups, item, time: time)
    uplinks = result.uplinks.map(SimulatedUplink.init)
    if asked > 1 { replications = SimulatedReplications(runs, simulation, asked: asked) }
  }

  private static func promises(_ levels: ServiceLevels, _ slo: ServiceLevelObjective) -> [Promise] {
    let latencies = [
      ("TTFT", slo.ttft, levels.ttftAtTarget), ("TPOT", slo.tpot, levels.tpotAtTarget),
      ("latency", slo.endToEnd, levels.endToEndAtTarget),
    ]
    return latencies.compactMap { metric, limit, interval in
      guard let limit, let interval else { return nil }
      return Promise(
        service: levels.service, metric: metric, percentile: slo.percentile, limit: limit.value,
        value: interval.value, low: interval.low, high: interval.high, unserved: levels.unservedShare,
        kept: interval.value <= limit.value && levels.unservedShare <= 1 - slo.percentile)
    }
  }

  /// Of one group its own; of several those that decode, each with its busy time.
  private static func meanBatch(_ result: SimulationResult, _ simulation: FleetSimulation) -> Double {
    guard result.groups.count > 1 else { return result.groups[0].meanBatch }
    let parts = zip(zip(result.groups, result.ledger.lines), simulation.groups).filter {
      $0.0.0.meanBatch > 0
    }
    .map { ($0.0.0.meanBatch, $0.0.1.busyChipSeconds / Double($0.1.profile.chips)) }
    let busy = parts.reduce(0) { $0 + $1.1 }
    return busy > 0 ? parts.reduce(0) { $0 + $1.0 * $1.1 } / busy : 0
  }
}
