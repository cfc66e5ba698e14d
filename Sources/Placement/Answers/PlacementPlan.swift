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
    /// Requests per second routed here at the month's peak.
    public var load: Double
    /// Share of the working replicas' capacity in use at that peak.
    public var utilization: Double
  }

  /// Where the requests of one region go, at the month's peak.
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
    public var sentence: String
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
}
