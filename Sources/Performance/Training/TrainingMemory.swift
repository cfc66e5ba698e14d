import FleetData
import Quantities

/// Memory of the whole slice set during training.
///
/// - TPU: bf16 weights 2 bytes, their gradients 2, Adam's moments in fp32 8 (jax-ml/scaling-book, training).
/// - GPU: weights 2, fp32 gradients 4, moments and master copy 12, the last split over data and sequence replicas.
/// - Activations: what the backward pass will read, for the microbatches in flight, plus one layer in full. Matmul inputs
///   are kept in the matmul's own format.
/// - Source: Rajbhandari et al. 2020 (ZeRO), Korthikanti et al. 2022.
func trainingMemory(
  _ setup: TrainingSetup, counts: ModelCounts, work: TrainingWork, microbatches: Double
) -> StepEstimate.Memory {
  let chips = Double(setup.chips)
  let state = trainingState(setup, counts: counts)
  let activations = activationBytes(setup, counts: counts, work: work, microbatches: microbatches)
  let reserve = trainingReserve(setup.chip).value
  return StepEstimate.Memory(
    weights: Bytes(state.weights * chips), kvCache: 0,
    other: Bytes((state.rest + activations + reserve) * chips),
    capacity: setup.chip.hbmCapacity.value * chips)
}

/// HBM of one chip that compiled programs and communication buffers keep.
private func trainingReserve(_ chip: ChipSpec) -> Bytes {
  switch chip.family {
  case .tpu: chip.hbmCapacity.value * (1.25 / 32)
  case .gpu: Bytes(1_073_741_824)
  case .cpu: 0
  }
}

/// Bytes per chip of weights, and of gradients and optimizer state.
private func trainingState(
  _ setup: TrainingSetup, counts: ModelCounts
) -> (weights: Double, rest: Double) {
  // The stage with the most layers holds no embeddings.
  let tables = (counts.logitParameters + counts.lookupParameters) / counts.totalParameters
  let fullest = max(1, PipelineStages(setup, counts).fullest * (1 - tables))
  let experts = fullest * counts.expertParameters / setup.weightWays / Double(setup.sharding.expert)
  let dense = fullest * (counts.totalParameters - counts.expertParameters) / setup.weightWays
  let held = dense + experts
  // Chips of an expert group hold the same dense weights, and so split their optimizer state too.
  let copies = Double(setup.sharding.data * setup.sharding.sequence)
  let optimizerShare = (dense / Double(setup.sharding.expert) + experts) / copies
  if setup.chip.family == .tpu { return (2 * held, 10 * held) }
  return (2 * held, 4 * held + 12 * optimizerShare)
}

/// Bytes per chip of activations at the fullest moment.
private func activationBytes(
  _ setup: TrainingSetup, counts: ModelCounts, work: TrainingWork, microbatches: Double
) -> Double {
  let tensor = Double(setup.sharding.tensor)
  let split = setup.sequenceParallel ? tensor : 1
  let tokens = setup.tokensPerReplica / microbatches / Double(setup.sharding.sequence)
  let layers = Double(counts.layers)
  let inputs = 2 * Double(counts.modelWidth) * layers / split
  // The residual stream (2·D a layer) follows the sequence split, the rest the tensor split.
  let stream = 2 * Double(counts.modelWidth) * layers
  let again = setup.recompute == .selective ? work.expandedElements : 0
  let inner = (work.savedElements - stream - again) * min(2, setup.precision.bytesPerElement)
  let saved = 2 * stream / split + inner / tensor
  // With one-forward-one-backward, p microbatches wait on L/p layers each: one microbatch of the whole model.
  let held: Double
  switch setup.recompute {
  case .none, .selective: held = saved
  case .full: held = inputs
  case .partial, .offloaded: held = 2 * inputs / layers
  }
  let logits = 4 * Double(setup.model.vocabulary) / tensor * min(tokens, 2048)
  return tokens * (held * PipelineStages(setup, counts).waiting + saved / layers) + logits
}

/// Layers of a pipeline's stages that do not divide evenly: some hold one more than others.
private struct PipelineStages {
  /// Layers of the fullest stage against the mean.
  var fullest: Double
  /// Layers times waiting microbatches at the stage that holds most, against L: with one-forward-one-backward stage i
  /// of p keeps p − i microbatches, and the first, which keeps most, gets the fewer layers.
  var waiting: Double

  init(_ setup: TrainingSetup, _ counts: ModelCounts) {
    let (layers, stages) = (Double(counts.layers), Double(setup.sharding.pipeline))
    let (few, most) = ((layers / stages).rounded(.down), (layers / stages).rounded(.up))
    fullest = most * stages / layers
    waiting = few == most ? 1 : max(few * stages, most * (stages - 1)) / layers
  }
}

/// Microbatches of one replica per step: as stated, one sequence each in a pipeline, else the fewest powers of two
/// that fit the memory that weights and state leave.
func trainingMicrobatches(_ setup: TrainingSetup, counts: ModelCounts, work: TrainingWork) -> Double {
  let sequences = max(1, setup.tokensPerReplica / Double(setup.sequence))
  if let stated = setup.microbatch { return max(1, sequences / Double(stated)) }
  if setup.sharding.pipeline > 1 { return sequences }
  var count = 1.0
  while count < sequences {
    let memory = trainingMemory(setup, counts: counts, work: work, microbatches: count)
    if memory.fits { return count }
    count = min(2 * count, sequences)
  }
  return sequences
}
