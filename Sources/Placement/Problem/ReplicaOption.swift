import FleetData
import Quantities

/// One way to serve one service: a replica on a slice of one pod, with what it can do and what it draws.
public struct ReplicaOption: Sendable, Hashable {
  /// Unique within a problem, e.g. `chat/us-east-v5p/2x2x2`, but for pools of other sizes (`leastReplicas`).
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
  /// A plan has none of them or at least this many, by month. The same option is given once per size of pool, larger
  /// ones with more capacity each, because replicas that share arrivals even bursts out; a plan uses one of the sizes.
  public var leastReplicas: Int

  public init(
    id: String, service: String, pod: String, slice: SliceTopology, sharding: Sharding = Sharding(),
    capacity: [Double], timeToFirstToken: Seconds? = nil, leastReplicas: Int = 1
  ) {
    self.id = id
    self.service = service
    self.pod = pod
    self.slice = slice
    self.sharding = sharding
    self.capacity = capacity
    self.timeToFirstToken = timeToFirstToken
    self.leastReplicas = leastReplicas
  }

  public var chips: Int { slice.chips }
}

extension ReplicaOption {
  /// The options that no other option of the same service and pod beats: another one beats it when whole copies of
  /// it take no more chips, make a pool that is large enough, serve every class at least as fast and answer no later.
  ///
  /// Fewer options make a smaller program with the same optimum, as long as slices of the pod tile it alike.
  public static func paretoFront(_ options: [ReplicaOption]) -> [ReplicaOption] {
    options.filter { candidate in
      !options.contains { other in
        (other.id, other.leastReplicas) != (candidate.id, candidate.leastReplicas)
          && other.service == candidate.service && other.pod == candidate.pod && beats(other, candidate)
          && (!beats(candidate, other)
            || (other.id, other.leastReplicas) < (candidate.id, candidate.leastReplicas))
      }
    }
  }

  private static func beats(_ a: ReplicaOption, _ b: ReplicaOption) -> Bool {
    let copies = b.chips / a.chips
    guard copies >= 1, copies * b.leastReplicas >= a.leastReplicas, a.capacity.count == b.capacity.count
    else { return false }
    guard zip(a.capacity, b.capacity).allSatisfy({ Double(copies) * $0 >= $1 }) else { return false }
    switch (a.timeToFirstToken, b.timeToFirstToken) {
    case (nil, _): return true
    case (_, nil): return false
    case (let x?, let y?): return x <= y
    }
  }
}
