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
