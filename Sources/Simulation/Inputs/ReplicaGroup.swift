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
  /// What a chip-second costs; read by the cheapest-site policy alone.
  public var price: USDPerSecond?
  public var speculation: SpeculativeDecoding?
  /// Keeps the prompts of finished prefills for requests that begin alike; nil = off.
  public var prefixCache: PrefixCache?

  public init(
    id: String, site: String, pod: String, profile: ReplicaProfile, replicas: Int, services: [String],
    role: Role = .both, powerPerChip: Watts = 0, idlePowerShare: Double = 0.3, price: USDPerSecond? = nil,
    speculation: SpeculativeDecoding? = nil, prefixCache: PrefixCache? = nil
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
  }
}

/// Memory of one replica that keeps prefix blocks, least recently used first to go.
public struct PrefixCache: Sendable, Hashable {
  /// The share of the KV cache set aside for it; running sequences have the rest.
  public var deviceShare: Double
  /// Tokens that host memory keeps of what the device had to give up.
  public var hostTokens: Int
  /// At which blocks come back from the host; the step that needs them waits.
  public var hostBandwidth: BytesPerSecond
  public init(deviceShare: Double, hostTokens: Int = 0, hostBandwidth: BytesPerSecond = 50e9) {
    self.deviceShare = deviceShare
    self.hostTokens = hostTokens
    self.hostBandwidth = hostBandwidth
  }
}

/// A draft model proposes tokens and the served model verifies them in one step.
///
/// With a chance α that each proposed token is accepted, a step of γ proposals yields on average
///
///     E = (1 − α^(γ+1)) / (1 − α)
///
/// tokens per sequence; it computes γ + 1 tokens per sequence and waits γ draft steps.
/// - Source: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding", 2023, eq. 1.
public struct SpeculativeDecoding: Sendable, Hashable {
  public var draftTokens: Int
  public var acceptance: Double
  public var draftStep: Seconds

  public init(draftTokens: Int, acceptance: Double, draftStep: Seconds) {
    precondition(draftTokens >= 1 && acceptance >= 0 && acceptance < 1, "γ ≥ 1 and 0 ≤ α < 1")
    self.draftTokens = draftTokens
    self.acceptance = acceptance
    self.draftStep = draftStep
  }

  /// E: tokens per sequence and step, between 1 and γ + 1.
  public var tokensPerStep: Double {
    var sum = 1.0
    var power = 1.0
    for _ in 0..<draftTokens {
      power *= acceptance
      sum += power
    }
    return sum
  }
}
