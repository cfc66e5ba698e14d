import FleetData
import Quantities

/// What a policy may know of a request: everything but the length of its answer.
struct RouteQuery {
  var stream: Int
  var region: Int
  var input: Int32
  var session: Int32
  /// Hash of the first prefix blocks; 0 = none.
  var prefix: UInt64
}

/// Sends each request to a replica that serves it; one policy per file of this folder.
struct Router: ~Copyable {
  let policy: RoutingPolicy
  let regions: Int
  /// First replica of each group, and one past the last group's.
  let firstReplica: [Int32]
  let models: [StepModel]
  /// Requests per second one replica of the group can take, for comparing loads of unequal groups.
  let weights: [Double]
  /// Groups that serve stream s for region g in the policy's order: `order[offsets[i] ..< offsets[i+1]]`, i = s·regions+g.
  var order: [Int32]
  var offsets: [Int32]
  /// The same with every link up, and how many outages hold each link, by region and site.
  let fullOrder: [Int32]
  let fullOffsets: [Int32]
  var linkOutages: [Int]
  /// Round-trip seconds by region and site.
  let roundTrips: [Double]
  let sites: Int
  let objectives: [ServiceLevelObjective]
  /// Where round robin stands, per stream.
  var turns: [Int]
  /// When each group was last chosen, in choices, so that ties between groups are spread too.
  var lastChoice: [Int]
  var choices = 0

  /// A replica, or −1 when none that serves the request takes any.
  @inline(__always)
  mutating func choose(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    switch policy {
    case .leastLoaded: leastLoaded(query, loads)
    case .roundRobin: roundRobin(query, loads)
    case .prefixAffine: prefixAffine(query, loads)
    case .sessionSticky: sessionSticky(query, loads)
    case .nearestSite: nearestSite(query, loads)
    case .cheapestSite: cheapestSite(query, loads)
    case .spillOver: spillOver(query, loads)
    }
  }

  /// The groups that serve the request, in the policy's order, as a range of `order`.
  @inline(__always) func candidates(_ query: RouteQuery) -> Range<Int> {
    let i = query.stream * regions + query.region
    return Int(offsets[i])..<Int(offsets[i + 1])
  }

  mutating func closeLink(region: Int, site: Int) {
    linkOutages[region * sites + site] += 1
    leaveOutClosedLinks()
  }

  mutating func openLink(region: Int, site: Int) {
    linkOutages[region * sites + site] -= 1
    leaveOutClosedLinks()
  }

  private mutating func leaveOutClosedLinks() {
    order = []
    offsets = [0]
    for i in 0..<fullOffsets.count - 1 {
      let region = i % regions
      order += fullOrder[Int(fullOffsets[i])..<Int(fullOffsets[i + 1])].filter {
        linkOutages[region * sites + Int(models[Int($0)].site)] == 0
      }
      offsets.append(Int32(order.count))
    }
  }

  @inline(__always) func replicas(of group: Int) -> Int { Int(firstReplica[group + 1] - firstReplica[group]) }

  @inline(__always) func roundTrip(_ query: RouteQuery, _ group: Int) -> Double {
    roundTrips[query.region * sites + Int(models[group].site)]
  }
}
