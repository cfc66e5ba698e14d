import Quantities

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
