import FleetData
import Quantities

/// Identical replicas that stand in one pod of one site and serve the same services.
///
/// Time, chips and power hang on the profile: a group of `replicas` holds `replicas × profile.chips` chips.
public struct ReplicaGroup: Sendable, Hashable {
  /// What the replicas of a group do with a request.
  public enum Role: Sendable, Hashable {
    /// Prefill and decode on the same replica.
    case both
    /// Prefill only; the KV cache then travels to a `decode` group over this link.
    case prefill(KVLink)
    /// Decode only, of requests that arrive with their KV cache.
    case decode
  }

  /// The way out of one prefill replica; transfers of one replica queue behind each other.
  public struct KVLink: Sendable, Hashable {
    public var bandwidth: BytesPerSecond
    public var latency: Seconds
    public init(bandwidth: BytesPerSecond, latency: Seconds) {
      self.bandwidth = bandwidth
      self.latency = latency
    }
  }

  public var id: String
  public var site: String
  public var pod: String
  public var profile: ReplicaProfile
  public var replicas: Int
  public var services: [String]
  public var role: Role
  /// Watts of one busy chip, host share included, before PUE.
  public var powerPerChip: Watts
  /// The share of `powerPerChip` an idle chip draws.
  public var idlePowerShare: Double
  /// What a chip-second costs: for the cheapest-site policy and for goodput per dollar.
  public var price: USDPerSecond?
  /// Of the replicas, how many stand by unpowered until another one leaves; they load weights for `startDelay` first.
  public var spares: Int
  /// From the decision to power a replica until it serves.
  public var startDelay: Seconds
  /// Dense FLOP/s of one chip at its peak, for the FLOPs in the usage ledger.
  public var peakPerChip: FLOPsPerSecond
  public var speculation: SpeculativeDecoding?
  /// Keeps the prompts of finished prefills for requests that begin alike; nil = off.
  public var prefixCache: PrefixCache?

  public init(
    id: String, site: String, pod: String, profile: ReplicaProfile, replicas: Int, services: [String],
    role: Role = .both, powerPerChip: Watts = 0, idlePowerShare: Double = 0.3, price: USDPerSecond? = nil,
    speculation: SpeculativeDecoding? = nil, prefixCache: PrefixCache? = nil, spares: Int = 0,
    startDelay: Seconds = 0, peakPerChip: FLOPsPerSecond = 0
  ) {
    self.id = id
    self.site = site
    self.pod = pod
    self.profile = profile
    self.replicas = replicas
    self.services = services
    self.role = role
    self.powerPerChip = powerPerChip
    self.idlePowerShare = idlePowerShare
    self.price = price
    self.speculation = speculation
    self.prefixCache = prefixCache
    self.spares = spares
    self.startDelay = startDelay
    self.peakPerChip = peakPerChip
  }
}
