import FleetData
import Quantities

/// A training setup with its work counted and its rates looked up, ready to be priced with any constants.
public struct TrainingModel: Sendable {
  public let setup: TrainingSetup
  let counts: ModelCounts
  let work: TrainingWork
  public internal(set) var entry: TrainingEfficiencyTable.Entry
  let network: SliceNetwork
  /// FLOP/s of one chip: the matmul format's and bf16.
  let peak: Double
  let widePeak: Double
  let bandwidth: Double
  /// Microbatches that one replica runs through in a step.
  let microbatches: Double
  let interleave: Double

  init(
    _ setup: TrainingSetup, counts: ModelCounts, entry: TrainingEfficiencyTable.Entry
  ) throws(EstimateError) {
    self.setup = setup
    self.counts = counts
    self.entry = entry
    work = TrainingWork(setup.model, sequence: setup.sequence)
    peak = try SliceRates(chip: setup.chip, chips: 1, arithmetic: setup.precision).peak
    widePeak = setup.chip.peak[.bf16]?.value.value ?? peak
    bandwidth = setup.chip.hbmBandwidth.value.value
    network = SliceNetwork(
      chip: setup.chip, slice: setup.slice, slices: setup.slices, sharding: setup.sharding)
    microbatches = trainingMicrobatches(setup, counts: counts, work: work)
    interleave = Double(setup.interleave ?? defaultInterleave(setup, microbatches: microbatches))
  }

  /// Counts the work of `setup` once.
  /// - Throws: `precisionUnsupported` when the chip has no multiply of the setup's format.
  public init(
    _ setup: TrainingSetup, efficiency: TrainingEfficiencyTable = .builtIn
  ) throws(EstimateError) {
    try self.init(
      setup, counts: ModelCounts(setup.model), entry: efficiency.entry(for: setup.chip))
  }

  /// The same step priced with other constants, as fitting them needs.
  public func estimate(with constants: TrainingEfficiency) -> StepEstimate {
    var other = self
    other.entry.constants = constants
    return other.estimate()
  }

  public func estimate() -> StepEstimate {
    let compute = computeSeconds
    let stage = compute * unevenStages
    // A pipeline has another microbatch to compute while tokens travel to their experts.
    let beside = setup.sharding.pipeline > 1 ? 1 : entry.constants.tensorOverlap
    let inside =
      exposed(tensorSeconds, beside: compute, hidden: entry.constants.tensorOverlap)
      + exposed(expertSeconds, beside: compute, hidden: beside)
    let exchange = exposed(
      sequenceSeconds + pipelineSeconds, beside: compute, hidden: entry.constants.gatherOverlap)
    let gather = exposed(gatherSeconds, beside: compute, hidden: entry.constants.gatherOverlap)
    let gradients = exposed(
      gradientSeconds, beside: compute, hidden: entry.constants.gradientOverlap)
    let bubble = (stage + inside + exchange) * bubbleShare
    let waiting = (stage + inside + exchange + bubble + gather + gradients) * lockstepShare
    let optimizer = optimizerSeconds
    return assemble(
      compute: stage, hbm: optimizer, interconnect: inside + exchange + gather + gradients,
      overhead: bubble + waiting)
  }

  private func assemble(
    compute: Double, hbm: Double, interconnect: Double, overhead: Double
  ) -> StepEstimate {
    let chips = Double(setup.chips)
    let tokens = Double(setup.tokensPerStep)
    let modelFLOPs = 3 * (work.layerFLOPs + work.logitFLOPs + work.attentionFLOPs / 2) * tokens
    // Weights are read forward and backward and written once, whatever else happens.
    let bytes = 6 * counts.totalParameters
    let floor = max(modelFLOPs / (chips * max(peak, widePeak)), bytes / (chips * bandwidth))
    let time = max(floor, compute + hbm + interconnect + overhead)
    let terms: [(Double, StepEstimate.Bound)] = [
      (compute, .compute), (hbm, .hbm), (interconnect, .interconnect), (overhead, .overhead),
    ]
    let bound = terms.dropFirst().reduce(terms[0]) { $1.0 > $0.0 ? $1 : $0 }.1
    return StepEstimate(
      time: Seconds(time), bound: bound,
      breakdown: .init(
        compute: Seconds(compute), hbm: Seconds(hbm), interconnect: Seconds(interconnect),
        overhead: Seconds(overhead)),
      lowerBound: Seconds(floor), mfu: modelFLOPs / (chips * peak * time), flops: FLOPs(modelFLOPs),
      hbmBytes: Bytes(bytes),
      memory: trainingMemory(setup, counts: counts, work: work, microbatches: microbatches),
      sharding: setup.sharding, grade: entry.rows > 0 ? .derived : .assumed, errorBand: entry.band)
  }
}

// MARK: - Computation

extension TrainingModel {
  /// Forward, twice that backward, and what is recomputed, for one chip's share of the tokens.
  var computeSeconds: Double {
    let share = entry.constants
    let eightBit = setup.precision != .bf16 && setup.precision != .fp32
    let rate = peak * share.matmul * (eightBit ? share.eightBit : 1)
    let passes = 3 + setup.recompute.matmulRepeats(on: setup.chip.family)
    let repeated = setup.recompute == .selective ? work.expansionFLOPs : 0
    let layers = ((work.denseFLOPs + work.expertFLOPs / share.experts) * passes + repeated) / rate
    let logits = 3 * work.logitFLOPs / (widePeak * share.matmul)
    let attentionShare = min(0.6, share.attention * (eightBit ? share.eightBitAttention : 1))
    let pairs = setup.chip.family == .tpu ? work.paddedAttentionFLOPs : work.attentionFLOPs
    let attention =
      pairs / 2 * (3 + setup.recompute.attentionRepeats) / (widePeak * attentionShare)
    return tokensPerChip * (layers + logits + attention + trafficSecondsPerToken)
  }

  /// Norms, activation functions, routing: elements of two bytes, moved at HBM speed.
  private var trafficSecondsPerToken: Double {
    let copies = setup.sequenceParallel ? 1 : Double(setup.sharding.tensor)
    let passes = 3 + setup.recompute.trafficRepeats
    let elements = (work.normElements * copies + work.innerElements) * passes
    let logits = Double(setup.model.vocabulary) * 6
    return entry.constants.traffic * 2 * (elements + logits) / bandwidth
  }

  var tokensPerChip: Double { Double(setup.tokensPerStep) / Double(setup.chips) }

  /// Adam over the sharded state: 18 bytes a parameter read and written.
  var optimizerSeconds: Double { 18 * counts.totalParameters / Double(setup.chips) / bandwidth }

  /// The fullest pipeline stage against the mean when layers do not divide evenly.
  var unevenStages: Double {
    let stages = Double(setup.sharding.pipeline) * interleave
    let layers = Double(counts.layers)
    return setup.sharding.pipeline == 1 ? 1 : (layers / stages).rounded(.up) * stages / layers
  }

  /// (p − 1) / (m·v): idle share of a pipeline of p stages, m microbatches, v chunks a stage.
  var bubbleShare: Double {
    Double(setup.sharding.pipeline - 1) / (microbatches * interleave)
  }

  var lockstepShare: Double {
    let parts: Int
    switch setup.chip.interconnect {
    case .torus: parts = setup.slices
    case .switched(let links): parts = max(1, setup.chips / max(1, links.domainChips))
    case .none: parts = 1
    }
    return entry.constants.lockstep * logBase2(Double(parts))
  }

  /// What of `seconds` of communication is not hidden behind computation.
  func exposed(_ seconds: Double, beside compute: Double, hidden: Double) -> Double {
    switch setup.overlap {
    case .sum: seconds
    case .overlapped: max(0, seconds - compute)
    case .fitted: (1 - hidden) * seconds + max(0, hidden * seconds - compute)
    }
  }
}
