import Quantities

/// What goes wrong in the run, and what becomes of the requests it hits.
public struct Disruptions: Sendable, Hashable {
  /// What fails at once.
  public enum Scope: Sendable, Hashable {
    /// One slice, counted within its group from 0.
    case replica(group: String, index: Int)
    case group(String)
    case site(String)
    /// The network from a region to a site: new requests take another way or wait; those under way arrive.
    case link(region: String, site: String)
    /// The links out of the prefill replicas of a group: caches wait to be sent; those under way arrive.
    case cacheLink(group: String)
  }

  /// An outage at a stated time.
  public struct Outage: Sendable, Hashable {
    public var scope: Scope
    public var start: Seconds
    public var duration: Seconds
    /// Maintenance: replicas take nothing new from the start on and go down when their last request has left.
    public var isPlanned: Bool
    public init(_ scope: Scope, start: Seconds, duration: Seconds, isPlanned: Bool = false) {
      self.scope = scope
      self.start = start
      self.duration = duration
      self.isPlanned = isPlanned
    }
  }

  /// Outages drawn with exponential times to failure and to repair.
  public struct FailureRate: Sendable, Hashable {
    /// What the mean time between failures is the mean of.
    public enum Part: Sendable, Hashable {
      /// One chip takes its whole replica down: a replica of n chips fails n times as often.
      case chip
      /// One host of this many chips takes down every replica with a chip in it.
      case host(chips: Int)
      case replica
      case group
      case site
      /// The network from a region to the site of the group.
      case link(region: String)
      /// The link out of each prefill replica.
      case cacheLink
    }
    /// The group whose parts fail; for `.site` the whole site it stands in.
    public var group: String
    public var part: Part
    public var betweenFailures: Seconds
    public var repair: Seconds
    public init(group: String, part: Part, betweenFailures: Seconds, repair: Seconds) {
      self.group = group
      self.part = part
      self.betweenFailures = betweenFailures
      self.repair = repair
    }
  }

  public var outages: [Outage]
  public var rates: [FailureRate]
  /// Requests on a failed replica start again elsewhere; if false they are lost and count as rejected.
  public var retries: Bool

  public init(outages: [Outage] = [], rates: [FailureRate] = [], retries: Bool = true) {
    self.outages = outages
    self.rates = rates
    self.retries = retries
  }

  /// Does nothing ever fail or leave?
  public var isEmpty: Bool { outages.isEmpty && rates.isEmpty }
}
