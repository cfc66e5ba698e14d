import FleetData
import Quantities

/// Time, bound and memory of one training step.
///
///     t = (compute + exposed tensor, expert and sequence exchange) · (1 + bubble)
///         + exposed weight gathering + exposed gradient synchronisation + optimizer, all · lockstep
///     compute = matmuls / (peak · share) + attention / (peak · share) + element traffic / bandwidth
///
/// - Parameter efficiency: the constants to price with; by default those fitted to the chip.
/// - Throws: `exceedsHBM` with the memory of the whole slice set, and what makes a sharding meaningless.
/// - Source: jax-ml/scaling-book (training), Narayanan et al. 2021 (pipeline bubble), Korthikanti et al. 2022
///   (activations); constants fitted to published runs.
public func trainingStep(
  _ setup: TrainingSetup, efficiency: TrainingEfficiencyTable = .builtIn
) throws(EstimateError) -> StepEstimate {
  try validateTraining(setup)
  let estimate = try trainingStepUnchecked(setup, efficiency: efficiency)
  guard estimate.memory.fits else { throw .exceedsHBM(estimate.memory) }
  return estimate
}

/// The step with its arguments spelled out, on one slice.
public func trainingStep(
  model: TransformerSpec, chip: ChipSpec, slice: SliceTopology, sharding: Sharding, tokensPerStep: Int,
  sequence: Int, precision: Precision = .bf16, recompute: Recompute = .full, overlap: Overlap = .fitted
) throws(EstimateError) -> StepEstimate {
  try trainingStep(
    TrainingSetup(
      model: model, chip: chip, slice: slice, sharding: sharding, tokensPerStep: tokensPerStep,
      sequence: sequence, precision: precision, recompute: recompute, overlap: overlap))
}

/// As `trainingStep`, whether or not it fits: published runs sometimes pad heads or hold state elsewhere.
public func trainingStepUnchecked(
  _ setup: TrainingSetup, efficiency: TrainingEfficiencyTable = .builtIn
) throws(EstimateError) -> StepEstimate {
  try TrainingModel(setup, efficiency: efficiency).estimate()
}

/// Refuses what no schedule could run.
func validateTraining(_ setup: TrainingSetup) throws(EstimateError) {
  guard setup.tokensPerStep >= 1 else {
    throw .invalid(what: "tokens per step", value: setup.tokensPerStep)
  }
  guard setup.sequence >= 1 else { throw .invalid(what: "sequence", value: setup.sequence) }
  guard setup.slices >= 1 else { throw .invalid(what: "slices", value: setup.slices) }
  guard setup.sharding.chips == setup.chips else {
    throw .shardingDoesNotFillSlice(shardingChips: setup.sharding.chips, sliceChips: setup.chips)
  }
  if case .torus(let links) = setup.chip.interconnect, setup.slice.chips > links.maxPodChips {
    throw .sliceTooLarge(chips: setup.slice.chips, limit: links.maxPodChips, chip: setup.chip.id)
  }
  var oneSlice = setup.sharding
  // Stages of a training pipeline may differ by a layer: the fullest sets the pace.
  guard setup.sharding.pipeline <= setup.model.layers.count else {
    throw .shardingDoesNotDivide(
      axis: "pipeline", ways: setup.sharding.pipeline, size: setup.model.layers.count, what: "layers")
  }
  (oneSlice.data, oneSlice.fsdp, oneSlice.sequence, oneSlice.pipeline) = (1, 1, 1, 1)
  try validate(
    oneSlice, of: setup.model, counts: ModelCounts(setup.model), on: SliceTopology([oneSlice.chips]),
    chip: setup.chip)
  guard setup.sequence % setup.sharding.sequence == 0 else {
    throw .shardingDoesNotDivide(
      axis: "sequence", ways: setup.sharding.sequence, size: setup.sequence, what: "tokens")
  }
}
