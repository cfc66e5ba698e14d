import FleetData

/// How a sharding divides a model's work over the chips of a slice.
///
/// - Weights are split by tensor × pipeline × fsdp; experts also by the expert axis; both are copied along the rest.
/// - Sequences are split by data × expert (attention runs data-parallel beside expert parallelism), their caches
///   also by sequence × pipeline × tensor, the last by head as far as there are heads.
/// - A token passes the pipeline's stages one after another: stages add capacity and rate, not speed of one pass.
struct WorkDivision: Sendable {
  var tensor: Double
  var expert: Double
  var pipeline: Double
  var sequence: Double
  var fsdp: Double
  /// Groups of chips that each run their own sequences.
  var groups: Double
  var chips: Double
  /// Copies of the non-expert weights over the slice.
  var weightCopies: Double
  var expertCopies: Double
  /// Chips that hold the same heads' cache when tensor exceeds the key-value heads.
  private var headCopies: Double
  private var splitsCacheByBatch: Bool

  init(counts: ModelCounts, sharding: Sharding, chip: ChipSpec) {
    tensor = Double(sharding.tensor)
    expert = Double(sharding.expert)
    pipeline = Double(sharding.pipeline)
    sequence = Double(sharding.sequence)
    fsdp = Double(sharding.fsdp)
    groups = Double(sharding.data * sharding.fsdp * sharding.expert)
    chips = Double(sharding.chips)
    let storage = Double(sharding.tensor * sharding.pipeline * sharding.fsdp)
    weightCopies = chips / storage
    expertCopies = chips / (storage * expert)
    let heads = counts.attentionGroups.map(\.kvHeads).min() ?? sharding.tensor
    headCopies = max(1, tensor / Double(heads))
    splitsCacheByBatch = chip.family == .tpu && !counts.cachesLatents
  }

  /// Times each cached token is stored within its group. A compiled TPU program splits the cache by sequence where
  /// there are too few heads; GPU engines keep a copy per chip, and so does everyone with latent vectors, which is why
  /// latent attention is run data-parallel beside expert parallelism.
  func cacheCopies(sequences: Int) -> Double {
    guard splitsCacheByBatch else { return headCopies }
    let perGroup = max(1, Double(sequences) / groups)
    return max(1, min(headCopies, headCopies / perGroup))
  }

  /// Sequences from which each cached token is read once: below, a head's cache has no second sequence to share it.
  var cacheSplitSequences: Double { splitsCacheByBatch ? groups * headCopies : 1 }

  /// How much longer the fullest group works than the mean when `sequences` do not divide evenly.
  func imbalance(sequences: Int) -> Double {
    guard groups > 1 else { return 1 }
    return (Double(sequences) / groups).rounded(.up) * groups / Double(sequences)
  }
}
