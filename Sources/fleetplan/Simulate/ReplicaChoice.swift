import FleetData
import Ingest
import Performance
import Quantities
import Simulation

/// One replica as asked for; what was left open is chosen for the most capacity at the mean lengths of its traffic.
struct ReplicaChoice {
  var model: TransformerSpec
  var chip: ChipSpec
  var chips: Int
  /// nil = the usual shape of that many chips.
  var slice: SliceTopology?
  /// nil = the best of all shardings.
  var sharding: Sharding?
  var weights: Precision
  var kv: Precision
  var drafts: SetupDrafts?
  var limits: SchedulerLimits
  var lengths: MeanLengths

  struct Made {
    var profile: ReplicaProfile
    var speculation: SpeculativeDecoding?
  }

  /// What the matrix units multiply: four-bit integers are expanded to bf16 first.
  var arithmetic: Precision { weights == .int4 ? .bf16 : weights }
  var peak: FLOPsPerSecond { chip.peak[arithmetic]?.value ?? 0 }

  /// The profile asked for, or the best of all shardings of the slice.
  /// - Throws: `EstimateError` when the model does not run there.
  func made() throws(EstimateError) -> Made {
    let shape = slice ?? .standard(chips: chips, on: chip)
    if let sharding { return try drafting(profile(shape, sharding)) }
    let candidates = profiles(
      for: model, on: chip, pod: shape, weights: weights, kv: kv, context: 1, maxChips: chips,
      maxSequences: limits.maxBatch
    ).filter { $0.chips == chips }.compactMap { try? drafting($0) }
    if let best = candidates.max(by: { capacity($0) < capacity($1) }) { return best }
    return try drafting(profile(shape, Sharding(tensor: chips)))
  }

  private func profile(_ shape: SliceTopology, _ sharding: Sharding) throws(EstimateError) -> ReplicaProfile {
    try replicaProfile(
      model: model, chip: chip, slice: shape, sharding: sharding, weights: weights, kv: kv,
      maxSequences: limits.maxBatch)
  }

  /// Requests per second of one replica at the mean lengths.
  private func capacity(_ made: Made) -> Double {
    let group = ReplicaGroup(
      id: "", site: "", pod: "", profile: made.profile, replicas: 1, services: [],
      speculation: made.speculation)
    return group.requestCapacity(inputTokens: lengths.input, outputTokens: lengths.output, limits: limits)
  }

  /// The draft beside the model: its weights and caches take from the cache, its step comes from the performance model
  /// at half of a full batch, for it hardly changes with the batch.
  private func drafting(_ profile: ReplicaProfile) throws(EstimateError) -> Made {
    guard let drafts else { return Made(profile: profile) }
    let context = max(1, Int(lengths.input + lengths.output / 2))
    var profile = profile
    var step = drafts.step
    if drafts.model != nil || step == nil {
      let instance = try InferenceModel(
        model: model, chip: chip, slice: profile.slice, sharding: profile.sharding, weights: weights, kv: kv)
      let speculation = try Speculation(
        draftTokens: drafts.tokens, acceptance: drafts.acceptance, draft: drafts.model)
      let (with, without) = (
        try instance.round(of: speculation, batch: 1, context: context).verify.memory,
        instance.memory(sequences: 1, context: context)
      )
      let perToken = (with.kvCache - without.kvCache).value / Double(context)
      let room = Double(profile.kvCapacityTokens) * profile.kvBytesPerToken.value
      let left = room - (with.weights - without.weights).value
      profile.kvCapacityTokens = Int(left / (profile.kvBytesPerToken.value + perToken))
      guard profile.kvCapacityTokens >= 1 else { throw .exceedsHBM(with) }
      let batch = max(1, min(profile.maxSequences, profile.kvCapacityTokens / context) / 2)
      if step == nil {
        step = try instance.round(of: speculation, batch: batch, context: context).draftStep
      }
    }
    return Made(
      profile: profile,
      speculation: SpeculativeDecoding(
        draftTokens: drafts.tokens, acceptance: drafts.acceptance, draftStep: step ?? 0))
  }
}

/// Mean tokens of requests.
struct MeanLengths {
  var input: Double
  var output: Double

  init(_ trace: WorkloadTrace) {
    let count = Double(max(trace.count, 1))
    input = Double(trace.inputTokens.reduce(0) { $0 + Int($1) }) / count
    output = Double(trace.outputTokens.reduce(0) { $0 + Int($1) }) / count
  }

  init(_ arrivals: SyntheticArrivals) {
    input = arrivals.input.mean
    output = arrivals.output.mean
  }

  /// The mean over several services, each with its weight.
  init(_ parts: [(lengths: MeanLengths, weight: Double)]) {
    let total = max(parts.reduce(0) { $0 + $1.weight }, 1e-300)
    input = parts.reduce(0) { $0 + $1.weight * $1.lengths.input } / total
    output = parts.reduce(0) { $0 + $1.weight * $1.lengths.output } / total
  }

  /// Answers that think longer.
  func thinking(_ factor: Double) -> MeanLengths {
    var longer = self
    longer.output *= factor
    return longer
  }
}
