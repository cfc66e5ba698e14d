import FleetData
import Quantities

/// One way to serve one service: a replica on a slice of one pod, with what it can do and what it draws.
public struct ReplicaOption: Sendable, Hashable {
  /// Unique within a problem, e.g. `chat/us-east-v5p/2x2x2`.
  public var id: String
  public var service: String
  /// The pod its slices are cut from; the pod knows the site and the price.
  public var pod: String
  public var slice: SliceTopology
  public var sharding: Sharding
  /// Requests per second one replica serves within the SLO, for each request class of the service in order; a
  /// replica that serves several classes shares its time: Σ load_c / capacity_c ≤ 1. 0 = cannot serve this class.
  public var capacity: [Double]
  /// Time to first token at that load and the SLO's percentile, before the network; `nil` when the service
  /// promises none.
  public var timeToFirstToken: Seconds?

  public init(
    id: String, service: String, pod: String, slice: SliceTopology, sharding: Sharding = Sharding(),
    capacity: [Double], timeToFirstToken: Seconds? = nil
  ) {
    self.id = id
    self.service = service
    self.pod = pod
    self.slice = slice
    self.sharding = sharding
    self.capacity = capacity
    self.timeToFirstToken = timeToFirstToken
  }

  public var chips: Int { slice.chips }
}

extension ReplicaOption {
  /// The options that no other option of the same service and pod beats: another one beats it when whole copies of
  /// it take no more chips, serve every class at least as fast and answer no later.
  ///
  /// Fewer options make a smaller program with the same optimum, as long as slices of the pod tile it alike.
  public static func paretoFront(_ options: [ReplicaOption]) -> [ReplicaOption] {
    options.filter { candidate in
      !options.contains { other in
        other.id != candidate.id && other.service == candidate.service && other.pod == candidate.pod
          && beats(other, candidate) && (!beats(candidate, other) || other.id < candidate.id)
      }
    }
  }

  private static func beats(_ a: ReplicaOption, _ b: ReplicaOption) -> Bool {
    let copies = b.chips / a.chips
    guard copies >= 1, a.capacity.count == b.capacity.count else { return false }
    guard zip(a.capacity, b.capacity).allSatisfy({ Double(copies) * $0 >= $1 }) else { return false }
    switch (a.timeToFirstToken, b.timeToFirstToken) {
    case (nil, _): return true
    case (_, nil): return false
    case (let x?, let y?): return x <= y
    }
  }
}
