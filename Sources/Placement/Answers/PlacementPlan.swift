import FleetData
import Quantities

/// The answer: what runs where, what is bought when, how demand is routed, what it costs, and how good that is.
///
/// Rows are sorted by month, then by id.
public struct PlacementPlan: Sendable, Hashable {
  /// Replicas of one option in one month.
  public struct Deployment: Sendable, Hashable {
    public var month: Int
    public var option: String
    public var service: String
    public var site: String
    public var pod: String
    public var chip: String
    public var slice: SliceTopology
    public var sharding: Sharding
    public var chipsPerReplica: Int
    /// Replicas that carry load.
    public var replicas: Int
    /// Replicas kept ready because some are down at any time.
    public var spares: Int
    /// Requests per second of one replica within the SLO, by request class, after the capacity factor.
    public var capacityPerReplica: [Double]
    /// Requests per second routed here in its busiest hour.
    public var load: Double
    /// Share of the working replicas' capacity in use then.
    public var utilization: Double
    /// That hour (UTC); `nil` where demand does not say when it peaks.
    public var peakHour: Int?
    /// Chips that a replica's slice takes out of its pod, those that no other slice can use included.
    public var chipsOccupied: Int
  }

  /// Where the requests of one region go, at that region's peak.
  public struct Route: Sendable, Hashable {
    public var month: Int
    public var service: String
    public var requestClass: Int
    public var region: String
    public var option: String
    public var site: String
    public var requestsPerSecond: Double
    /// Share of the region's requests of this class.
    public var share: Double
    public var roundTrip: Seconds
    /// Load of the 24 hours (UTC) of a day over that peak; empty where demand does not say.
    public var loadByHour: [Double]
    /// Dollars per request for the bytes sent.
    public var egress: Double

    /// Requests per second in an hour (UTC), or at the peak for no hour.
    public func rate(inHour hour: Int?) -> Double {
      guard let hour, !loadByHour.isEmpty else { return requestsPerSecond }
      return requestsPerSecond * loadByHour[hour]
    }
  }

  public struct Purchase: Sendable, Hashable {
    public var pod: String
    public var blocks: Int
    public var chips: Int
    public var orderMonth: Int
    public var deliveryMonth: Int
  }

  /// Law: installed = used + free + stranded.
  public struct PodUse: Sendable, Hashable {
    public var month: Int
    public var pod: String
    public var installed: Int
    public var used: Int
    public var free: Int
    public var stranded: Int
  }

  /// Power with every allocated chip busy.
  public struct SitePower: Sendable, Hashable {
    public var month: Int
    public var site: String
    public var itWatts: Double
    public var facilityWatts: Double
    public var capWatts: Double
  }

  /// Money and carbon of one month at the planned load, undiscounted.
  public struct MonthCost: Sendable, Hashable {
    public var month: Int
    /// Paid whether used or not.
    public var fixed: Double
    /// Rent of what is allocated.
    public var allocated: Double
    public var energy: Double
    public var opening: Double
    public var change: Double
    /// Bytes moved between users and sites.
    public var egress: Double
    public var carbonKilograms: Double
    public var total: Double { fixed + allocated + energy + opening + change + egress }
  }

  /// A limit that costs something: what one more unit of it is worth.
  public struct Binding: Sendable, Hashable {
    public var constraint: PlacementConstraint
    /// Dollars of objective per `unit` of relaxation, from the linear relaxation's dual values.
    public var shadowPrice: Double
    public var unit: String
  }

  public var deployments: [Deployment] = []
  public var routes: [Route] = []
  public var purchases: [Purchase] = []
  public var pods: [PodUse] = []
  public var power: [SitePower] = []
  public var costs: [MonthCost] = []
  public var bindings: [Binding] = []
  /// Weighted, discounted objective of this plan, and the proved least that any plan can have.
  public var objective: Double
  public var bound: Double
  /// True when the gap between the two was proved to be within the limit asked for.
  public var proven: Bool
  public var solver = "COIN-OR CBC"

  /// (objective − bound) / |objective|.
  public var relativeGap: Double {
    objective == bound ? 0 : max(0, objective - bound) / max(objective.magnitude, 1e-12)
  }
  public func deployments(inMonth month: Int) -> [Deployment] { deployments.filter { $0.month == month } }
  public func routes(inMonth month: Int) -> [Route] { routes.filter { $0.month == month } }
}

extension PlacementPlan {
  /// Nothing placed: the plan of no months.
  public static let nothing = PlacementPlan(objective: 0, bound: 0, proven: true)

  /// Adds the months of another plan after these.
  ///
  /// - Parameter weight: of its objective, such as the discount of its start.
  public mutating func append(_ later: PlacementPlan, weight: Double = 1) {
    deployments += later.deployments
    routes += later.routes
    purchases += later.purchases
    pods += later.pods
    power += later.power
    costs += later.costs
    bindings += later.bindings
    objective += weight * later.objective
    bound += weight * later.bound
    proven = proven && later.proven
  }
}
