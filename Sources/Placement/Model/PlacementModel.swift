import Quantities

/// The mixed-integer program of some months of a problem, and where its columns are.
///
///     share[f,o]   share of flow f routed to option o                    0…1
///     work[o]      replicas of o that carry load                         whole
///     spare[o,j]   the (j+1)-th reliability spare of o stands            0 or 1
///     bought[p]    blocks of pod p delivered in this month               whole
///     open[i]      site i is in use                                      0 or 1
///     pooled[o]    o stands, where it needs a pool of more than one      0 or 1
///
///     demand       Σ_o share[f,o] = 1
///     capacity     Σ_f rate_f / capacity_o · share[f,o] ≤ utilisation · work[o]
///     linking      share[f,o] ≤ work[o]          where one replica could carry the whole flow
///     pools        least_o · pooled[o] ≤ work[o] ≤ most_o · pooled[o], and one size of pool per option
///     tiling       Σ_o (work + spares) · C_ok ≤ blocks_p · G_k            (see `SliceTiling`; blocks that stand count
///                                                                        as far as the site is open)
///     power        PUE · (Σ busy − idle of allocated chips + idle of installed chips) ≤ cap, by the hour where it varies
///     inventory    cooling, space, quotas, bandwidth, hourly ramps, standby replicas
///     site loss    the same demand over the other sites, at the utilisation allowed after a loss
struct PlacementModel: Sendable {
  /// Columns of one month.
  struct Month: Sendable {
    var month: Int
    /// Parallel to the routes of every flow.
    var share: [[Int]]
    var work: [Int]
    var spares: [[Int]]
    var bought: [Int?]
    var open: [Int?]
    /// Replicas started and drained against the month before, where changes cost money.
    var started: [Int] = []
    /// Requests per second of every flow that go unserved, where demand is elastic.
    var unmet: [Int: Int] = [:]
  }

  /// Which limits may be exceeded, at a price, to find out what is missing.
  enum Elastic: Sendable, Hashable {
    case none
    /// Demand may go unserved; the price is per request per second.
    case demand
    case chips(pod: Int)
    case power(site: Int)
    case cooling(site: Int)
    case space(site: Int)
    case quota(Int)
    case budget
    /// Every limit at once, each priced by the share it is exceeded by.
    case everything
  }

  struct Slack: Sendable {
    var column: Int
    var constraint: PlacementConstraint
    /// What stands there now, in the slack's unit.
    var base: Double
    var unit: String
  }

  var program = LinearProgram()
  var months: [Month] = []
  /// Rows that mean a limit to the user.
  var tags: [(row: Int, constraint: PlacementConstraint)] = []
  /// Linking rows, Σ shares ≤ owner: implied by whole replicas and whole openings, and what makes the relaxation
  /// strong. They are added only where a relaxed solution violates them (`LinkTightening`).
  var links: [(shares: [Int], owner: Int)] = []
  /// What whole replicas must carry together; their rounded rows are added only where they are violated.
  var covers: [CoverCut] = []
  var slacks: [Slack] = []

  let problem: ResolvedProblem
  let elastic: Elastic
  /// Chips that stand in pods, by index, beyond their blocks, unpaid for: what they would be worth.
  let extraChips: [Int: Int]

  /// - Parameters: `months` planned together, ascending; `withChanges`, whether replicas started or drained cost money.
  init(
    _ problem: ResolvedProblem, months: [Int], elastic: Elastic = .none, withChanges: Bool = true,
    extraChips: [Int: Int] = [:]
  ) {
    self.extraChips = extraChips
    self.problem = problem
    self.elastic = elastic
    for month in months {
      addColumns(month)
      addDemandRows()
      addCapacityRows()
      addPoolRows()
      addCovers()
      addSpareRows()
      addStandbyRows()
      addSiteLossRows()
      addOpeningRows()
    }
    addInventoryRows()
    addBudgetRows()
    if withChanges { addChangeRows() }
    if elastic != .none { pricesOnlySlack() }
  }

  typealias Term = LinearProgram.Term

  var current: Month { months[months.count - 1] }

  func utilization(after loss: Bool) -> Double {
    loss ? problem.problem.utilizationAfterLoss : problem.problem.maxUtilization
  }

  /// Replicas on the ground, working ones and spares.
  func standing(_ option: Int, in month: Month) -> [Term] {
    [Term(column: month.work[option], coefficient: 1)]
      + month.spares[option].map { Term(column: $0, coefficient: 1) }
  }

  func isElastic(_ wanted: Elastic) -> Bool { elastic == wanted || elastic == .everything }

  /// In an elastic program only what is missing costs anything.
  private mutating func pricesOnlySlack() {
    for column in 0..<program.columns { program.setCost(0, of: column) }
    for slack in slacks {
      program.setCost(elastic == .everything ? 1 / max(slack.base, 1e-9) : 1, of: slack.column)
    }
    program.constant = 0
  }
}
