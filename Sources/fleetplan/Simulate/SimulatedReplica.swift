import ArgumentParser
import FleetData
import Ingest
import Performance
import Quantities

/// What one replica is.
struct SimulatedReplica: ParsableArguments {
  @Option(help: "Model id of the catalog.") var model: String?
  @Option(help: "Chip id of the catalog.") var chip: String?
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
  @Option(
    help: "Drafts of each decode round; without --draft-model the model's own prediction layer makes them.")
  var draftTokens: Int?
  @Option(help: "Catalog id of the model that drafts.") var draftModel: String?
  @Option(help: "Chance that a drafted token is accepted, 0 to 1.") var acceptance: Double?
  @Option(help: "Time of one draft, such as 2ms; by default from the performance model.")
  var draftStep: Measure.Duration?

  func validate() throws {
    guard chips >= 1 else { throw ValidationError("--chips is at least 1") }
    guard (draftTokens == nil) == (acceptance == nil) else {
      throw ValidationError("speculative decoding needs --draft-tokens and --acceptance")
    }
    if draftTokens == nil, draftModel != nil || draftStep != nil {
      throw ValidationError("speculative decoding needs --draft-tokens and --acceptance")
    }
    guard draftTokens ?? 1 >= 1, 0..<1 ~= acceptance ?? 0 else {
      throw ValidationError("--draft-tokens is at least 1, --acceptance a chance below 1")
    }
  }

  func choice(catalog: Catalog, trace: WorkloadTrace, limits: SchedulerLimits) throws -> ReplicaChoice {
    guard let model, let chip else { throw ExitError(.usage, "--model and --chip say what serves") }
    var drafts: SetupDrafts?
    if let draftTokens, let acceptance {
      drafts = SetupDrafts(
        tokens: draftTokens, acceptance: acceptance, model: try draftModel.map(catalog.model),
        step: draftStep.map { Seconds($0.value) })
    }
    return ReplicaChoice(
      model: try catalog.model(model), chip: try catalog.chip(chip), chips: chips, slice: try shape(),
      sharding: sharding, weights: weights, kv: kv, drafts: drafts, limits: limits,
      lengths: MeanLengths(trace))
  }

  private func shape() throws -> SliceTopology? {
    guard let slice else { return nil }
    guard let shape = SliceTopology(parsing: slice), shape.chips == chips else {
      throw ExitError(.usage, "--slice \(slice) is no shape of \(chips) chips")
    }
    return shape
  }

  /// Nil without an axis; axes left out fill up with tensor parallelism when it is not given either.
  private var sharding: Sharding? {
    guard [tensor, pipeline, data, expert, sequence].contains(where: { $0 != nil }) else { return nil }
    let others = (pipeline ?? 1) * (expert ?? 1) * (data ?? 1) * (sequence ?? 1)
    return Sharding(
      data: data ?? 1, tensor: tensor ?? max(1, chips / others), pipeline: pipeline ?? 1, expert: expert ?? 1,
      sequence: sequence ?? 1)
  }
}
