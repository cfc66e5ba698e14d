import ArgumentParser
import FleetData
import Performance

/// The number formats of an estimate.
struct EstimatePrecisions: ParsableArguments {
  @Option(help: "Weights as stored: bf16, fp8, int8, int4 or fp4.") var weights: Precision = .bf16
  @Option(help: "KV cache as stored: bf16, fp8 or int8; by default 8 bits under 8- and 4-bit weights.")
  var kv: Precision?
  @Option(help: "Format of the multiply, when it is not the weights' own.") var arithmetic: Precision?

  var kvOrDefault: Precision {
    kv ?? (weights.bytesPerElement >= 2 ? .bf16 : weights == .int8 || weights == .int4 ? .int8 : .fp8)
  }
}

/// Speculative decoding of an estimate.
struct EstimateDrafts: ParsableArguments {
  @Option(
    help: "Drafts of each decode round; without --draft-model the model's own prediction layer makes them.")
  var draftTokens: Int?
  @Option(help: "A catalog id or config.json of the model that drafts.") var draftModel: String?
  @Option(help: "Chance that a drafted token is accepted, 0 to 1.") var acceptance: Double?

  /// What was asked for, `nil` when nothing was.
  func speculation(_ read: (String) throws -> TransformerSpec) throws -> Speculation? {
    guard draftTokens != nil || draftModel != nil || acceptance != nil else { return nil }
    guard let draftTokens, let acceptance else {
      throw ValidationError("speculative decoding needs --draft-tokens and --acceptance")
    }
    return try Speculation(
      draftTokens: draftTokens, acceptance: acceptance, draft: try draftModel.map(read))
  }
}

/// How a training step is run.
struct EstimateTraining: ParsableArguments {
  @Option(help: "Tokens of one training step; by default batch × context.") var tokensPerStep: Int?
  @Option(help: "What the backward pass computes again: none, selective, partial, offloaded or full.")
  var recompute: Recompute?
  @Option(help: "How communication overlaps computation: fitted, sum (not at all) or overlapped (all of it).")
  var overlap: Overlap = .fitted
  @Option(help: "Sequences per microbatch of one replica.") var microbatch: Int?
  @Option(help: "Chunks of layers per pipeline stage.") var interleave: Int?
  @Option(help: "Slices that train together over the data-centre network.") var slices: Int = 1

  func validate() throws {
    for (name, value) in [("microbatch", microbatch), ("interleave", interleave), ("slices", slices)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1; found \(value)") }
    }
  }
}

extension Recompute: ExpressibleByArgument {}
extension Overlap: ExpressibleByArgument {}

/// The sharding axes of an estimate.
struct EstimateSharding: ParsableArguments {
  @Option(help: "Tensor-parallel ways.") var tensor: Int?
  @Option(help: "Pipeline stages.") var pipeline: Int?
  @Option(help: "Data-parallel copies.") var data: Int?
  @Option(help: "Fully sharded data-parallel ways.") var fsdp: Int?
  @Option(help: "Expert-parallel ways.") var expert: Int?
  @Option(help: "Sequence- or context-parallel ways.") var sequence: Int?

  /// The sharding asked for, or `nil` when no axis was named; what the named axes leave goes to the tensor axis, or to
  /// data when tensor was named.
  func sharding(chips: Int) -> Sharding? {
    guard [tensor, pipeline, data, fsdp, expert, sequence].contains(where: { $0 != nil }) else { return nil }
    var sharding = Sharding(
      data: data ?? 1, fsdp: fsdp ?? 1, tensor: tensor ?? 1, pipeline: pipeline ?? 1, expert: expert ?? 1,
      sequence: sequence ?? 1)
    let used = sharding.chips
    if used >= 1, used < chips, chips.isMultiple(of: used) {
      if tensor == nil { sharding.tensor = chips / used } else if data == nil { sharding.data = chips / used }
    }
    return sharding
  }
}
