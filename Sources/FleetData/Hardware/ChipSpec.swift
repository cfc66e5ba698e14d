import Quantities

/// One accelerator: what a datasheet says of it, each figure with its source. `nil` means no source was found.
///
/// Peaks are dense. Everything is per chip (a TPU v7x chip is two devices), never per core.
public struct ChipSpec: Sendable, Hashable {
  public enum Family: String, Codable, Sendable { case tpu, gpu, cpu }

  public var id: String
  public var vendor: String
  public var aliases: [String]
  public var family: Family
  /// Dense peak by the precision of the multiply; a precision the chip lacks has no entry.
  public var peak: [Precision: Figure<FLOPsPerSecond>]
  public var hbmCapacity: Figure<Bytes>
  public var hbmBandwidth: Figure<BytesPerSecond>
  public var interconnect: Interconnect
  public var chipsPerHost: Int?
  /// PCIe between host and chip, one way.
  public var hostBandwidth: Figure<BytesPerSecond>?
  /// Data-centre network per chip, one way.
  public var dcnBandwidth: Figure<BytesPerSecond>?
  /// Thermal design power (or the vendor's stated mean) of the chip alone.
  public var power: Figure<Watts>?
  public var listPrices: [ListPrice]

  public init(
    id: String, vendor: String, aliases: [String] = [], family: Family,
    peak: [Precision: Figure<FLOPsPerSecond>], hbmCapacity: Figure<Bytes>,
    hbmBandwidth: Figure<BytesPerSecond>, interconnect: Interconnect, chipsPerHost: Int? = nil,
    hostBandwidth: Figure<BytesPerSecond>? = nil, dcnBandwidth: Figure<BytesPerSecond>? = nil,
    power: Figure<Watts>? = nil, listPrices: [ListPrice] = []
  ) {
    self.id = id
    self.vendor = vendor
    self.aliases = aliases
    self.family = family
    self.peak = peak
    self.hbmCapacity = hbmCapacity
    self.hbmBandwidth = hbmBandwidth
    self.interconnect = interconnect
    self.chipsPerHost = chipsPerHost
    self.hostBandwidth = hostBandwidth
    self.dcnBandwidth = dcnBandwidth
    self.power = power
    self.listPrices = listPrices
  }
}

/// How the chips of one slice talk to each other.
public enum Interconnect: Sendable, Hashable {
  /// Nearest-neighbour torus or mesh (TPU ICI).
  case torus(TorusLinks)
  /// All-to-all inside a domain, a fat tree beyond it (NVLink, Infinity Fabric, PCIe when the domain is 1).
  case switched(SwitchedLinks)
  /// One chip on its own: nothing to talk to.
  case none
}

public struct TorusLinks: Sendable, Hashable {
  /// Per link and direction.
  public var linkOneWay: Figure<BytesPerSecond>
  public var dimensions: Int
  /// When does an axis close into a ring?
  public var wrap: WrapRule
  public var maxPodChips: Int
  public var hopLatency: Figure<Seconds>

  public enum WrapRule: String, Sendable, Hashable, Codable {
    /// An axis wraps only at this chip's full axis of 16 (v5e, v6e).
    case axisOf16
    /// All axes wrap when the slice is made of whole 4x4x4 cubes (v4, v5p, 7x).
    case wholeCubes
    /// Only the full pod wraps (v2, v3).
    case fullPod
  }

  public init(
    linkOneWay: Figure<BytesPerSecond>, dimensions: Int, wrap: WrapRule, maxPodChips: Int,
    hopLatency: Figure<Seconds>
  ) {
    self.linkOneWay = linkOneWay
    self.dimensions = dimensions
    self.wrap = wrap
    self.maxPodChips = maxPodChips
    self.hopLatency = hopLatency
  }
}

public struct SwitchedLinks: Sendable, Hashable {
  /// Per chip, one way, inside the domain; `nil` when the domain is one chip.
  public var perChipOneWay: Figure<BytesPerSecond>?
  public var domainChips: Int
  /// Per chip, one way, between domains.
  public var scaleOutPerChipOneWay: Figure<BytesPerSecond>?

  public init(
    perChipOneWay: Figure<BytesPerSecond>?, domainChips: Int,
    scaleOutPerChipOneWay: Figure<BytesPerSecond>?
  ) {
    self.perChipOneWay = perChipOneWay
    self.domainChips = domainChips
    self.scaleOutPerChipOneWay = scaleOutPerChipOneWay
  }
}

/// A published price per chip-hour, kept as dollars per chip-second.
public struct ListPrice: Sendable, Hashable {
  public var vendor: String
  public var region: String?
  public var onDemand: USDPerSecond?
  public var commit1Year: USDPerSecond?
  public var commit3Year: USDPerSecond?
  public var provenance: Provenance

  public init(
    vendor: String, region: String?, onDemand: USDPerSecond?, commit1Year: USDPerSecond?,
    commit3Year: USDPerSecond?, provenance: Provenance
  ) {
    self.vendor = vendor
    self.region = region
    self.onDemand = onDemand
    self.commit1Year = commit1Year
    self.commit3Year = commit3Year
    self.provenance = provenance
  }
}
