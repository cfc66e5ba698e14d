import FleetData
import Quantities

/// One way to train a model: where it runs, how it is cut, and how much of it one step holds.
public struct TrainingSetup: Sendable, Hashable {
  public var model: TransformerSpec
  public var chip: ChipSpec
  public var slice: SliceTopology
  /// Slices that train together over the data-centre network.
  public var slices: Int
  /// Over all slices: its product is `slice.chips × slices`. The data axis copies the weights, FSDP shards them,
  /// `sequence` splits the tokens of one sequence (context parallelism).
  public var sharding: Sharding
  public var tokensPerStep: Int
  /// T: tokens of one sequence.
  public var sequence: Int
  /// The format of the matmuls; attention, norms and logits stay in bf16.
  public var precision: Precision
  public var recompute: Recompute
  public var overlap: Overlap
  /// Sequences per microbatch of one replica; unstated, 1 in a pipeline and otherwise as many as fit.
  public var microbatch: Int?
  /// Chunks of layers per pipeline stage; unstated, 1 when microbatches are plenty and one layer each when not.
  public var interleave: Int?
  /// Norms and residuals are split over the tensor axis too (Korthikanti et al. 2022).
  public var sequenceParallel: Bool

  public init(
    model: TransformerSpec, chip: ChipSpec, slice: SliceTopology, slices: Int = 1, sharding: Sharding,
    tokensPerStep: Int, sequence: Int, precision: Precision = .bf16, recompute: Recompute = .full,
    overlap: Overlap = .fitted, microbatch: Int? = nil, interleave: Int? = nil,
    sequenceParallel: Bool = true
  ) {
    self.model = model
    self.chip = chip
    self.slice = slice
    self.slices = slices
    self.sharding = sharding
    self.tokensPerStep = tokensPerStep
    self.sequence = sequence
    self.precision = precision
    self.recompute = recompute
    self.overlap = overlap
    self.microbatch = microbatch
    self.interleave = interleave
    self.sequenceParallel = sequenceParallel
  }

  public var chips: Int { slice.chips * slices }
  /// Replicas that work on different sequences.
  var replicas: Int { sharding.data * sharding.fsdp * sharding.expert }
  var tokensPerReplica: Double { Double(tokensPerStep) / Double(replicas) }
  /// Ways the weights of one replica are cut, experts aside.
  var weightWays: Double { Double(sharding.tensor * sharding.pipeline * sharding.fsdp) }
}
