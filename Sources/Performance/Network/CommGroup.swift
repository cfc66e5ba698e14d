import FleetData
import Quantities

/// The chips that take part in one collective, and the links between them.
///
/// A group spans an inner fabric (rings of a torus, or an NVLink domain) and, when it outgrows that,
/// an outer one (the scale-out tree between domains, or the data-centre network between slices).
public struct CommGroup: Sendable, Hashable {
  /// A run of chips along one torus axis.
  public struct Ring: Sendable, Hashable {
    public var length: Int
    public var wraps: Bool
    /// How many groups interleave on the same links: members sit `stride` chips apart.
    public var stride: Int
    public init(length: Int, wraps: Bool, stride: Int = 1) {
      self.length = length
      self.wraps = wraps
      self.stride = stride
    }
  }

  public enum Inner: Sendable, Hashable {
    case alone
    case torus([Ring], linkOneWay: BytesPerSecond, hopLatency: Seconds)
    case domain(members: Int, perChipOneWay: BytesPerSecond)
  }

  /// Equal parts of the group joined by a slower network.
  public struct Outer: Sendable, Hashable {
    public var parts: Int
    public var perChipOneWay: BytesPerSecond
    public var latency: Seconds
    /// A switched tree streams through both levels at once; slices on a data-centre network take turns.
    public var streamsWithInner: Bool
    public init(parts: Int, perChipOneWay: BytesPerSecond, latency: Seconds, streamsWithInner: Bool) {
      self.parts = parts
      self.perChipOneWay = perChipOneWay
      self.latency = latency
      self.streamsWithInner = streamsWithInner
    }
  }

  public var inner: Inner
  public var outer: Outer?

  public init(inner: Inner, outer: Outer? = nil) {
    self.inner = inner
    self.outer = outer
  }

  /// One chip: every collective is free.
  public static let alone = CommGroup(inner: .alone)

  public var innerMembers: Int {
    switch inner {
    case .alone: 1
    case .torus(let rings, _, _): rings.reduce(1) { $0 * $1.length }
    case .domain(let members, _): members
    }
  }

  public var members: Int { innerMembers * (outer?.parts ?? 1) }

  /// The rate one chip takes in a gathered array: both directions of a wrapped ring, one of a line, summed over axes.
  public var innerBandwidth: BytesPerSecond {
    switch inner {
    case .alone: BytesPerSecond(.infinity)
    case .torus(let rings, let link, _):
      rings.reduce(.zero) { $0 + link * (($1.wraps ? 2 : 1) / Double($1.stride)) }
    case .domain(_, let rate): rate
    }
  }
}
