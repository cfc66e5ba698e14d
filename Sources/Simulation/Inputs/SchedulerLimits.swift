import Quantities

/// The limits of the batching scheduler that runs on every replica.
public struct SchedulerLimits: Sendable, Hashable {
  /// What happens to the latest sequence when the KV cache overflows.
  public enum Preemption: Sendable, Hashable {
    /// Its cache is dropped and computed again from prompt and answer so far.
    case recompute
    /// Its cache moves to host memory and back at this bandwidth; the step in between waits for it.
    case swap(BytesPerSecond)
  }

  /// The most sequences in one batch; the profile's own limit holds besides.
  public var maxBatch: Int
  /// The most tokens in one step, decoded and prefilled together.
  public var chunkTokens: Int
  /// KV cache is handed out in blocks of this many tokens; a sequence may waste all but one token of its last.
  public var kvBlockTokens: Int
  /// The share of the KV cache that admissions leave free, so that running sequences can grow.
  public var watermark: Double
  public var preemption: Preemption

  public init(
    maxBatch: Int = 256, chunkTokens: Int = 2048, kvBlockTokens: Int = 16, watermark: Double = 0.01,
    preemption: Preemption = .recompute
  ) {
    self.maxBatch = maxBatch
    self.chunkTokens = chunkTokens
    self.kvBlockTokens = kvBlockTokens
    self.watermark = watermark
    self.preemption = preemption
  }
}

/// Which replica gets a request. Every policy sends it only to replicas that serve its service and are up.
public enum RoutingPolicy: String, Sendable, Hashable, CaseIterable {
  case roundRobin = "round-robin"
  case leastLoaded = "least-loaded"
  case prefixAffine = "prefix-affine"
  case sessionSticky = "session-sticky"
  case nearestSite = "nearest-site"
  case cheapestSite = "cheapest-site"
  case spillOver = "spill-over"
}

/// The network between the users of a region and a site: half of it lies before a request, half before its answer.
public struct RoundTrip: Sendable, Hashable {
  public var region: String
  public var site: String
  public var time: Seconds
  /// Of the uplink that all requests of the pair share; nil = unlimited.
  public var bandwidth: BytesPerSecond?
  public init(region: String, site: String, time: Seconds, bandwidth: BytesPerSecond? = nil) {
    self.region = region
    self.site = site
    self.time = time
    self.bandwidth = bandwidth
  }
}
