import ArgumentParser
import FleetData
import Quantities
import Simulation

/// How the fleet serves.
struct SimulatedServing: ParsableArguments {
  @Option(help: "Replicas.") var replicas = 1
  @Option(name: .long, help: "The most sequences in one batch.") var maxBatch = 256
  @Option(help: "The most tokens in one step: decoded ones and the prompt chunk together.") var chunk = 2048
  @Option(help: "Which replica gets a request; by default least-loaded.")
  var routing: RoutingPolicy?
  @Option(
    help: "Replicas that process prompts alone and send the caches to the --replicas, which then only decode."
  )
  var prefillReplicas: Int?
  @Option(help: "Their way out, BANDWIDTH[:LATENCY] such as 50GB/s:100us; one for each prefill replica.")
  var kvLink: Measure.Link?
  @Option(help: "A replica refuses a request when this many wait there already.") var queueLimit: Int?
  @Option(help: "A request that has waited this long when its turn comes, such as 10s, is dropped.")
  var deadline: Measure.Duration?
  @Option(
    help: "Preempted sequences move to host memory and back at this bandwidth; by default they start again.")
  var swap: Measure.Bandwidth?
  @Option(help: "Tokens of one block of the KV cache.") var kvBlock = 16
  @Option(help: "Share of the KV cache that admissions leave free.") var watermark = 0.01
  @Option(name: .long, help: "Price of one chip for one hour in dollars, for goodput per dollar.")
  var chipHourPrice: Double?
  @Flag(name: .long, help: "Look for the fewest replicas that are steady and keep what is promised.")
  var smallestSteady = false

  func validate() throws {
    guard chipHourPrice ?? 0 >= 0 else { throw ValidationError("--chip-hour-price is not negative") }
    guard replicas >= 1, maxBatch >= 1, chunk >= 1 else {
      throw ValidationError("--replicas, --max-batch and --chunk are at least 1")
    }
    guard prefillReplicas ?? 1 >= 1, queueLimit ?? 0 >= 0, kvBlock >= 1, 0..<1 ~= watermark else {
      throw ValidationError(
        "--prefill-replicas and --kv-block are at least 1, --queue-limit is not negative, --watermark is in 0 ..< 1"
      )
    }
    guard (prefillReplicas == nil) == (kvLink == nil) else {
      throw ValidationError("--prefill-replicas send caches over --kv-link: give both")
    }
    if prefillReplicas != nil, smallestSteady {
      throw ValidationError("--smallest-steady counts replicas of one kind: leave out --prefill-replicas")
    }
  }

  var limits: SchedulerLimits {
    SchedulerLimits(
      maxBatch: maxBatch, chunkTokens: chunk, kvBlockTokens: kvBlock, watermark: watermark,
      preemption: swap.map { .swap(BytesPerSecond($0.value)) } ?? .recompute)
  }
}

/// What replicas remember of prompts and sessions.
struct SimulatedCaches: ParsableArguments {
  @Option(name: .long, help: "Share of the KV cache that keeps prefix blocks of traces that have them.")
  var prefixCache: Double?
  @Option(name: .long, help: "Tokens of host memory per replica that keep what that cache gives up.")
  var hostCacheTokens = 0
  @Option(name: .long, help: "Tokens of a remote store that keep what the hosts give up.")
  var remoteCacheTokens = 0
  @Option(name: .long, help: "Seconds the KV cache of a session stays between two turns; by default none.")
  var sessionHold: Double?
  @Option(
    help: "State of an agent beside its cache, such as 2GB, that moves when a turn meets another replica.")
  var agentState: Measure.Size?
  @Option(help: "At which it moves; by default 10GB/s.") var agentStateBandwidth: Measure.Bandwidth?

  func validate() throws {
    if let prefixCache, !(0..<1 ~= prefixCache) { throw ValidationError("--prefix-cache is in 0 ..< 1") }
    guard hostCacheTokens >= 0, remoteCacheTokens >= 0, sessionHold ?? 0 >= 0 else {
      throw ValidationError("--host-cache-tokens, --remote-cache-tokens and --session-hold are not negative")
    }
    if agentStateBandwidth != nil, agentState == nil {
      throw ValidationError("--agent-state-bandwidth needs --agent-state")
    }
  }

  /// The prefix cache asked for; a tier beyond the device alone is one too.
  var cache: PrefixCache? {
    guard prefixCache != nil || hostCacheTokens > 0 || remoteCacheTokens > 0 else { return nil }
    return PrefixCache(
      deviceShare: prefixCache ?? 0, hostTokens: hostCacheTokens, remoteTokens: remoteCacheTokens)
  }

  var sessions: SessionKeeping? {
    guard sessionHold != nil || agentState != nil else { return nil }
    return SessionKeeping(
      hold: Seconds(sessionHold ?? 0), stateBytes: Bytes(agentState?.value ?? 0),
      stateBandwidth: BytesPerSecond(agentStateBandwidth?.value ?? 10e9))
  }
}

/// What was promised.
struct SimulatedObjective: ParsableArguments {
  @Option(name: .long, help: "Promised time to first token at p99, in milliseconds.") var ttftMs: Double?
  @Option(name: .long, help: "Promised time per output token at p99, in milliseconds.") var tpotMs: Double?
  @Option(name: .customLong("e2e-ms"), help: "Promised time of the whole request at p99, in milliseconds.")
  var endToEndMs: Double?

  var objective: ServiceLevelObjective {
    ServiceLevelObjective(
      ttft: ttftMs.map { Seconds($0 / 1000) }, tpot: tpotMs.map { Seconds($0 / 1000) },
      endToEnd: endToEndMs.map { Seconds($0 / 1000) }, percentile: 0.99)
  }
}

/// What is measured, of a setup file's run too.
struct SimulatedRun: ParsableArguments {
  @Option(help: "Seed of whatever is drawn; by default 1, or the setup file's.") var seed: UInt64?
  @Option(name: .long, help: "Leave out requests of the first seconds; by default found from the run.")
  var warmUp: Double?
  @Option(help: "Stop after this many simulated seconds, with requests in flight.") var horizon: Double?
  @Option(
    help: "Runs that differ in what is drawn; figures then have 95 % intervals over them.") var replications =
    1
  @Option(help: "Cores that replications take; by default all.") var jobs: Int?
  @Option(name: .customLong("requests-csv"), help: "Also write every request to this file.") var requestsCSV:
    String?

  func validate() throws {
    guard replications >= 1, jobs ?? 1 >= 1 else {
      throw ValidationError("--replications and --jobs are at least 1")
    }
    if replications > 1, requestsCSV != nil {
      throw ValidationError("--requests-csv writes the requests of one run: leave out --replications")
    }
  }
}

extension RoutingPolicy: ExpressibleByArgument {}
