import Foundation

/// What one serving stack does differently from the typical one of its chip family.
///
/// Odds multiply the odds of a chip's share, factors multiply its seconds; 1 is the typical stack.
public struct SoftwareEfficiency: Sendable, Hashable, Codable {
  /// A stack's name, or `family:gpu` for the typical one.
  public var id: String
  /// Measured rows behind the constants; 0 for a default.
  public var rows: Int
  public var matmulOdds: Double
  public var bandwidthOdds: Double
  public var layerFactor: Double
  public var trafficFactor: Double
  public var stepFactor: Double
  public var expertLayerFactor: Double
  public var expertTrafficFactor: Double
  /// Share of the memory left by weights that its KV cache fills with running sequences.
  public var cacheShare: Double
  /// Share of other requests' prefill that shows between a request's tokens; the rest is waited for before the first.
  public var interleave: Double
  /// The slowest percent of tokens over the mean, where a latency limit is kept.
  public var tail: Double
  /// Share of its offline rate that an engine fed by random arrivals sustains.
  public var openLoop: Double

  public init(
    id: String, rows: Int = 0, matmulOdds: Double = 1, bandwidthOdds: Double = 1, layerFactor: Double = 1,
    trafficFactor: Double = 1, stepFactor: Double = 1, expertLayerFactor: Double = 1,
    expertTrafficFactor: Double = 1, cacheShare: Double = 0.9, interleave: Double = 1, tail: Double = 1.3,
    openLoop: Double = 0.92
  ) {
    self.id = id
    self.rows = rows
    self.matmulOdds = matmulOdds
    self.bandwidthOdds = bandwidthOdds
    self.layerFactor = layerFactor
    self.trafficFactor = trafficFactor
    self.stepFactor = stepFactor
    self.expertLayerFactor = expertLayerFactor
    self.expertTrafficFactor = expertTrafficFactor
    self.cacheShare = cacheShare
    self.interleave = interleave
    self.tail = tail
    self.openLoop = openLoop
  }

  enum CodingKeys: String, CodingKey {
    case id, rows, interleave, tail
    case matmulOdds = "matmul_odds"
    case bandwidthOdds = "bandwidth_odds"
    case layerFactor = "layer_factor"
    case trafficFactor = "traffic_factor"
    case stepFactor = "step_factor"
    case expertLayerFactor = "expert_layer_factor"
    case expertTrafficFactor = "expert_traffic_factor"
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
    constants.bandwidth = scaled(bandwidth, odds: software.bandwidthOdds)
    constants.layerSeconds *= software.layerFactor
    constants.traffic *= software.trafficFactor
    constants.stepSeconds *= software.stepFactor
    constants.expertLayerSeconds *= software.expertLayerFactor
    constants.expertTraffic *= software.expertTrafficFactor
    return constants
  }
}
