import FleetData
import Quantities

/// The few fitted constants of one chip: what its kernels, links and software leave of the datasheet.
///
/// Shares are of the peak in 0…1, times are seconds.
public struct ChipEfficiency: Sendable, Hashable, Codable {
  /// Share of the matmul peak that large multiplies reach.
  public var matmul: Double
  /// Share of the matmul peak that prefill attention reaches.
  public var attention: Double
  /// Share of HBM bandwidth that weights and caches are read at.
  public var bandwidth: Double
  /// Share of link bandwidth that large collectives reach.
  public var links: Double
  /// Launch and synchronisation, per layer and step.
  public var layerSeconds: Double
  /// One collective of a few bytes, per layer reduction, when the slice has more than one chip.
  public var collectiveSeconds: Double
  /// Work that grows with the batch beside matmuls and cache reads, per layer and sequence.
  public var sequenceSeconds: Double
  /// Sampling, scheduling and host work, per step.
  public var stepSeconds: Double
  /// Where matmuls and attention run one after the other: the share of the shorter of compute and memory time that
  /// shows beside the longer, in each of the two. `nil`: a whole step's compute and memory time hide each other.
  public var unhidden: Double?

  public init(
    matmul: Double, attention: Double, bandwidth: Double, links: Double, layerSeconds: Double,
    collectiveSeconds: Double, sequenceSeconds: Double, stepSeconds: Double,
    unhidden: Double? = nil
  ) {
    self.matmul = matmul
    self.attention = attention
    self.bandwidth = bandwidth
    self.links = links
    self.layerSeconds = layerSeconds
    self.collectiveSeconds = collectiveSeconds
    self.sequenceSeconds = sequenceSeconds
    self.stepSeconds = stepSeconds
    self.unhidden = unhidden
  }

  enum CodingKeys: String, CodingKey {
    case matmul, attention, bandwidth, links, unhidden
    case layerSeconds = "layer_s"
    case collectiveSeconds = "collective_s"
    case sequenceSeconds = "sequence_s"
    case stepSeconds = "step_s"
  }

  /// A chip that loses nothing: the roofline itself.
  public static let ideal = ChipEfficiency(
    matmul: 1, attention: 1, bandwidth: 1, links: 1, layerSeconds: 0, collectiveSeconds: 0,
    sequenceSeconds: 0, stepSeconds: 0)
}
