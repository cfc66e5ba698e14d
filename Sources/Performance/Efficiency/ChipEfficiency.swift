import FleetData
import Foundation
import Quantities

/// The few fitted constants of one chip: what its kernels, links and software leave of the datasheet.
///
/// Shares are of the peak in 0…1, times are seconds, traffic is in passes over a token's activations.
public struct ChipEfficiency: Sendable, Hashable, Codable {
  /// Share of the 16-bit matmul peak that large multiplies reach.
  public var matmul: Double
  /// What the odds of `matmul` are multiplied by for 8-bit and for 4-bit multiplies.
  public var eightBitOdds: Double
  public var fourBitOdds: Double
  /// Share of the matmul peak that prefill attention reaches.
  public var attention: Double
  /// Share of HBM bandwidth that weights and caches are read at.
  public var bandwidth: Double
  /// Share of link bandwidth that large collectives reach.
  public var links: Double
  /// Launch and synchronisation, per layer and step.
  public var layerSeconds: Double
  /// One collective of a few bytes, beyond its hops.
  public var collectiveSeconds: Double
  /// Work that grows with the batch beside matmuls and cache reads, per layer and sequence.
  public var sequenceSeconds: Double
  /// The same as passes of 16-bit activations through HBM, per layer and decoded sequence.
  public var traffic: Double
  /// Sampling, scheduling and host work, per step.
  public var stepSeconds: Double
  /// Routing, dispatch and launch of a layer of experts, per step.
  public var expertLayerSeconds: Double
  /// Activation passes that a layer of experts adds per sequence and expert visited.
  public var expertTraffic: Double
  /// Tokens per chip at which a prefill's matmuls reach half their share.
  public var rampTokens: Double
  /// The share of the shorter of compute and memory time that shows beside the longer, in matmuls and in attention.
  public var unhidden: Double?

  public init(
    matmul: Double, attention: Double, bandwidth: Double, links: Double, layerSeconds: Double,
    collectiveSeconds: Double, sequenceSeconds: Double = 0, stepSeconds: Double, unhidden: Double? = nil,
    eightBitOdds: Double = 1, fourBitOdds: Double = 1, traffic: Double = 0, expertLayerSeconds: Double = 0,
    expertTraffic: Double = 0, rampTokens: Double = 0
  ) {
    self.matmul = matmul
    self.eightBitOdds = eightBitOdds
    self.fourBitOdds = fourBitOdds
    self.attention = attention
    self.bandwidth = bandwidth
    self.links = links
    self.layerSeconds = layerSeconds
    self.collectiveSeconds = collectiveSeconds
    self.sequenceSeconds = sequenceSeconds
    self.traffic = traffic
    self.stepSeconds = stepSeconds
    self.expertLayerSeconds = expertLayerSeconds
    self.expertTraffic = expertTraffic
    self.rampTokens = rampTokens
    self.unhidden = unhidden
  }

  enum CodingKeys: String, CodingKey {
    case matmul, attention, bandwidth, links, unhidden, traffic
    case eightBitOdds = "eight_bit_odds"
    case fourBitOdds = "four_bit_odds"
    case layerSeconds = "layer_s"
    case collectiveSeconds = "collective_s"
    case sequenceSeconds = "sequence_s"
    case stepSeconds = "step_s"
    case expertLayerSeconds = "expert_layer_s"
    case expertTraffic = "expert_traffic"
    case rampTokens = "ramp_tokens"
  }

  /// A chip that loses nothing: the roofline itself.
  public static let ideal = ChipEfficiency(
    matmul: 1, attention: 1, bandwidth: 1, links: 1, layerSeconds: 0, collectiveSeconds: 0, stepSeconds: 0)

  /// Share of the peak of the format multiplied.
  public func matmulShare(_ arithmetic: Precision, on chip: ChipSpec) -> Double {
    let wide = chip.peak[.bf16]?.value.value ?? 0
    let gain = (chip.peak[arithmetic]?.value.value ?? wide) / max(1, wide)
    // A format that runs at the 16-bit rate loses nothing more than it does.
    if gain > 3 { return scaled(matmul, odds: fourBitOdds) }
    return gain > 1.5 ? scaled(matmul, odds: eightBitOdds) : matmul
  }
}

/// A share whose odds s/(1 − s) are multiplied: 0.5 at odds × 3 is 0.75. Never leaves 0…1.
public func scaled(_ share: Double, odds: Double) -> Double {
  share * odds / (1 + share * (odds - 1))
}
