import ArgumentParser
import FleetData
import Ingest
import Performance
import Quantities
import Simulation

/// What arrives.
struct SimulatedDemand: ParsableArguments {
  @Option(help: "Trace file, plain, .gz or .zst; - reads standard input.") var trace: String
  @Option(name: .long, help: "Trace format; detected when left out.") var traceFormat: TraceFormat?
  @Option(name: .long, help: "Arrivals come this many times as fast.") var rateScale: Double?
  @Option(help: "Mean requests per second, in place of --rate-scale.") var rate: Double?
  @Option(name: .customLong("repeat"), help: "Play the trace this many times, end to end.") var repeats = 1
  @Option(help: "Every answer is this many times longer: the thinking budget.") var thinking = 1.0

  func validate() throws {
    guard rateScale ?? 1 > 0, (rateScale ?? 1).isFinite else {
      throw ValidationError("--rate-scale is greater than 0")
    }
    guard rate ?? 1 > 0, (rate ?? 1).isFinite else { throw ValidationError("--rate is greater than 0") }
    guard rate == nil || rateScale == nil else {
      throw ValidationError(
        "--rate says how many requests come, --rate-scale how many times as many: give one of them")
    }
    guard repeats >= 1 else { throw ValidationError("--repeat is at least 1") }
    guard thinking > 0, thinking.isFinite else { throw ValidationError("--thinking is greater than 0") }
  }

  /// How many times as fast the trace is played.
  func scale(of trace: WorkloadTrace) throws -> Double {
    guard let rate else { return rateScale ?? 1 }
    let span = trace.arrivals.last?.seconds ?? 0
    guard trace.count > 1, span > 0 else {
      throw ExitError(
        .usage, "--rate needs a trace whose requests come at different times", help: "leave out --rate")
    }
    return rate * span / Double(trace.count - 1)
  }

  func read() throws -> WorkloadTrace {
    var options = TraceOptions(format: traceFormat)
    options.hashing = false
    do {
      let reading = try TraceInputOptions.reading(trace, options)
      if reading.rejected > 0 {
        Output.note("\(trace): \(reading.rejected) rows rejected, \(reading.accepted) read")
      }
      return reading.trace
    } catch {
      var status = ExitStatus.badContent
      if case .missing = error { status = .inputMissing }
      throw ExitError(status, [error.diagnostic(path: trace)])
    }
  }
}

/// What one replica is.
struct SimulatedReplica: ParsableArguments {
  @Option(help: "Model id of the catalog.") var model: String
  @Option(help: "Chip id of the catalog.") var chip: String
  @Option(help: "Chips of one replica.") var chips = 1
  @Option(help: "Shape of its slice, such as 2x4; by default the usual shape of that many chips.") var slice:
    String?
  @Option(help: "Precision of the weights.") var weights: Precision = .bf16
  @Option(help: "Precision of the KV cache.") var kv: Precision = .bf16
  @Option(help: "Tensor-parallel ways; by default the sharding with the most capacity for this trace.")
  var tensor: Int?
  @Option(help: "Pipeline stages.") var pipeline: Int?
  @Option(help: "Expert-parallel ways.") var expert: Int?
  @Option(help: "Data-parallel ways of attention.") var data: Int?
  @Option(help: "Sequence-parallel ways.") var sequence: Int?

  func validate() throws {
    guard chips >= 1 else { throw ValidationError("--chips is at least 1") }
  }

  /// What the matrix units multiply: four-bit integers are expanded to bf16 first.
  var arithmetic: Precision { weights == .int4 ? .bf16 : weights }

  /// The profile asked for, or the best of all shardings of the slice.
  func profile(catalog: Catalog, trace: WorkloadTrace, limits: SchedulerLimits) throws -> ReplicaProfile {
    let spec = try catalog.model(model)
    let chipSpec = try catalog.chip(chip)
    let shape = try shape(on: chipSpec)
    do {
      if [tensor, pipeline, expert, data, sequence].contains(where: { $0 != nil }) {
        return try replicaProfile(
          model: spec, chip: chipSpec, slice: shape, sharding: sharding, weights: weights, kv: kv,
          maxSequences: limits.maxBatch)
      }
      let candidates = profiles(
        for: spec, on: chipSpec, pod: shape, weights: weights, kv: kv, context: 1, maxChips: chips,
        maxSequences: limits.maxBatch
      ).filter { $0.chips == chips }
      if let best = candidates.max(by: { capacity($0, trace, limits) < capacity($1, trace, limits) }) {
        return best
      }
      return try replicaProfile(
        model: spec, chip: chipSpec, slice: shape, sharding: Sharding(tensor: chips), weights: weights,
        kv: kv,
        maxSequences: limits.maxBatch)
    } catch {
      throw ExitError(.badContent, "\(model) cannot run on \(chips) \(chip): \(error)")
    }
  }

  private func shape(on chip: ChipSpec) throws -> SliceTopology {
    guard let slice else { return .standard(chips: chips, on: chip) }
    guard let shape = SliceTopology(parsing: slice), shape.chips == chips else {
      throw ExitError(.usage, "--slice \(slice) is no shape of \(chips) chips")
    }
    return shape
  }

  /// Axes left out fill up with tensor parallelism when it is not given either.
  private var sharding: Sharding {
    let others = (pipeline ?? 1) * (expert ?? 1) * (data ?? 1) * (sequence ?? 1)
    return Sharding(
      data: data ?? 1, tensor: tensor ?? max(1, chips / others), pipeline: pipeline ?? 1, expert: expert ?? 1,
      sequence: sequence ?? 1)
  }

  /// Requests per second of one replica at the trace's mean lengths.
  private func capacity(_ profile: ReplicaProfile, _ trace: WorkloadTrace, _ limits: SchedulerLimits)
    -> Double
  {
    let count = Double(max(trace.count, 1))
    let input = Double(trace.inputTokens.reduce(0) { $0 + Int($1) }) / count
    let output = Double(trace.outputTokens.reduce(0) { $0 + Int($1) }) / count
    return profile.requestCapacity(inputTokens: input, outputTokens: output, limits: limits)
  }
}

/// How the fleet serves.
struct SimulatedServing: ParsableArguments {
  @Option(help: "Replicas.") var replicas = 1
  @Option(name: .long, help: "The most sequences in one batch.") var maxBatch = 256
  @Option(help: "The most tokens in one step: decoded ones and the prompt chunk together.") var chunk = 2048
  @Option(
    help: "Which replica gets a request: \(RoutingPolicy.allCases.map(\.rawValue).joined(separator: ", ")).")
  var routing: RoutingPolicy = .leastLoaded
  @Option(name: .long, help: "Share of the KV cache that keeps prefix blocks of traces that have them.")
  var prefixCache: Double?
  @Option(name: .long, help: "Tokens of host memory per replica that keep what that cache gives up.")
  var hostCacheTokens = 0
  @Option(name: .long, help: "Tokens of a remote store that keep what the hosts give up.")
  var remoteCacheTokens = 0
  @Option(name: .long, help: "Seconds the KV cache of a session stays between two turns; by default none.")
  var sessionHold: Double?
  @Option(name: .long, help: "Price of one chip for one hour in dollars, for goodput per dollar.")
  var chipHourPrice: Double?
  @Option(help: "Seed of whatever is drawn.") var seed: UInt64 = 1
  @Option(name: .long, help: "Promised time to first token at p99, in milliseconds.") var ttftMs: Double?
  @Option(name: .long, help: "Promised time per output token at p99, in milliseconds.") var tpotMs: Double?
  @Option(name: .long, help: "Leave out requests of the first seconds; by default found from the run.")
  var warmUp: Double?
  @Option(help: "Stop after this many simulated seconds, with requests in flight.") var horizon: Double?
  @Flag(name: .long, help: "Look for the fewest replicas that are steady and keep what is promised.")
  var smallestSteady = false
  @Option(name: .customLong("requests-csv"), help: "Also write every request to this file.") var requestsCSV:
    String?

  func validate() throws {
    if let prefixCache, !(0..<1 ~= prefixCache) { throw ValidationError("--prefix-cache is in 0 ..< 1") }
    guard hostCacheTokens >= 0, remoteCacheTokens >= 0, sessionHold ?? 0 >= 0, chipHourPrice ?? 0 >= 0 else {
      throw ValidationError(
        "--host-cache-tokens, --remote-cache-tokens, --session-hold and --chip-hour-price are not negative")
    }
    guard replicas >= 1, maxBatch >= 1, chunk >= 1 else {
      throw ValidationError("--replicas, --max-batch and --chunk are at least 1")
    }
  }

  /// The prefix cache asked for; a tier beyond the device alone is one too.
  var cache: PrefixCache? {
    guard prefixCache != nil || hostCacheTokens > 0 || remoteCacheTokens > 0 else { return nil }
    return PrefixCache(
      deviceShare: prefixCache ?? 0, hostTokens: hostCacheTokens, remoteTokens: remoteCacheTokens)
  }

  var limits: SchedulerLimits { SchedulerLimits(maxBatch: maxBatch, chunkTokens: chunk) }
  var objective: ServiceLevelObjective {
    ServiceLevelObjective(
      ttft: ttftMs.map { Seconds($0 / 1000) }, tpot: tpotMs.map { Seconds($0 / 1000) }, percentile: 0.99)
  }
}
