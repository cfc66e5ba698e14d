import Foundation

/// What one serving stack does differently from the typical one of its chip family.
///
/// Odds multiply the odds of a chip's share, factors multiply its seconds; 1 is the typical stack. Six of the eight are
/// fitted by stack, each to what engines on one chip really do differently: how good their kernels are, how far they
/// fuse what lies between them, whether a host launches every step or a graph replays it, how they send tokens to
/// experts, how much of the free memory they fill, and how they mix prompts with decoding. A prior holds each at the
/// family's value, so a stack moves only what its own rows bear on; the tail and the open-loop share are one for all.
public struct SoftwareEfficiency: Sendable, Hashable, Codable {
  /// A stack's name, or `family:gpu` for the typical one.
  public var id: String
  /// Measured rows behind the constants; 0 for a default.
  public var rows: Int
  /// On the share of the peak that matmuls and prefill attention reach.
  public var matmulOdds: Double
  /// On the activation passes of a decoded sequence.
  public var trafficFactor: Double
  /// On what a step and each of its layers cost whatever they compute: host, launches, synchronisation.
  public var overheadFactor: Double
  /// On what a layer of experts adds to that.
  public var expertLayerFactor: Double
  /// Share of the memory left by weights that its KV cache fills with running sequences.
  public var cacheShare: Double
  /// Share of other requests' prefill that shows between a request's tokens; the rest is waited for before the first.
  public var interleave: Double
  /// The slowest percent of tokens over the mean, where a latency limit is kept.
  public var tail: Double
  /// Share of its offline rate that an engine fed by random arrivals sustains.
  public var openLoop: Double

  public init(
    id: String, rows: Int = 0, matmulOdds: Double = 1, trafficFactor: Double = 1, overheadFactor: Double = 1,
    expertLayerFactor: Double = 1, cacheShare: Double = 0.9, interleave: Double = 1, tail: Double = 1.3,
    openLoop: Double = 0.92
  ) {
    self.id = id
    self.rows = rows
    self.matmulOdds = matmulOdds
    self.trafficFactor = trafficFactor
    self.overheadFactor = overheadFactor
    self.expertLayerFactor = expertLayerFactor
    self.cacheShare = cacheShare
    self.interleave = interleave
    self.tail = tail
    self.openLoop = openLoop
  }

  enum CodingKeys: String, CodingKey {
    case id, rows, interleave, tail
    case matmulOdds = "matmul_odds"
    case trafficFactor = "traffic_factor"
    case overheadFactor = "overhead_factor"
    case expertLayerFactor = "expert_layer_factor"
    case cacheShare = "cache_share"
    case openLoop = "open_loop"
  }
}

extension ChipEfficiency {
  /// The chip as this software drives it.
  public func driven(by software: SoftwareEfficiency) -> ChipEfficiency {
    var constants = self
    constants.matmul = scaled(matmul, odds: software.matmulOdds)
    constants.attention = scaled(attention, odds: software.matmulOdds)
    constants.layerSeconds *= software.overheadFactor
    constants.stepSeconds *= software.overheadFactor
    constants.traffic *= software.trafficFactor
    constants.expertLayerSeconds *= software.expertLayerFactor
    return constants
  }
}
