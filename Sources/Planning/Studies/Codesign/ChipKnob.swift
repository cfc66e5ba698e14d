import FleetData
import Quantities

/// What a chip designer can turn.
public enum ChipKnob: String, Sendable, CaseIterable, Codable {
  case peak = "peak-flops"
  case hbmBandwidth = "hbm-bandwidth"
  case hbmCapacity = "hbm-capacity"
  case linkBandwidth = "link-bandwidth"
  case linkLatency = "link-latency"
  case power

  /// Is more of it better?
  var moreIsBetter: Bool { self != .linkLatency && self != .power }

  /// The chip with this property multiplied; its fitted constants stay, since they hang on its id.
  public func scaled(_ chip: ChipSpec, by factor: Double) -> ChipSpec {
    var chip = chip
    switch self {
    case .peak:
      chip.peak = chip.peak.mapValues { Figure($0.value * factor, $0.provenance) }
    case .hbmBandwidth: chip.hbmBandwidth.value = chip.hbmBandwidth.value * factor
    case .hbmCapacity: chip.hbmCapacity.value = chip.hbmCapacity.value * factor
    case .linkBandwidth: chip.interconnect = chip.interconnect.scaled(bandwidth: factor, latency: 1)
    case .linkLatency: chip.interconnect = chip.interconnect.scaled(bandwidth: 1, latency: factor)
    case .power: if let watts = chip.power?.value { chip.power?.value = watts * factor }
    }
    return chip
  }
}

extension Interconnect {
  func scaled(bandwidth: Double, latency: Double) -> Interconnect {
    switch self {
    case .torus(var links):
      links.linkOneWay.value = links.linkOneWay.value * bandwidth
      links.hopLatency.value = links.hopLatency.value * latency
      return .torus(links)
    case .switched(var links):
      if let rate = links.perChipOneWay?.value { links.perChipOneWay?.value = rate * bandwidth }
      if let rate = links.scaleOutPerChipOneWay?.value {
        links.scaleOutPerChipOneWay?.value = rate * bandwidth
      }
      return .switched(links)
    case .none: return .none
    }
  }
}
