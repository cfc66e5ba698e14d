import FleetData
import Placement
import Quantities

/// What lies around a settled plan: what runs out first after it, what else was possible, what would change it.
struct Outlook {
  struct Result {
    var shortfalls: [Plan.Shortfall] = []
    var alternatives: [Plan.Alternative] = []
    var tradeOffs: [Plan.TradeOffRow] = []
    var baselines: [Plan.BaselineRow] = []
    var sensitivity: [Plan.SensitivityRow] = []
    /// What one more unit of a limit is worth, in words that name months.
    var worth: [String] = []
    var studies: [Report.Section] = []
    /// Was anything looked for at all?
    var explored = true
    static let none = Result(explored: false)
  }

  let question: PlacementQuestion
  /// How far options are trusted beyond the horizon and in what-ifs.
  let trust: PeriodTrust
  let plan: PlacementPlan
  /// The limits that bind in each month, with their dual values.
  let bindings: [Int: [PlacementPlan.Binding]]
  let options: PlanningOptions
  let catalog: Catalog

  var scenario: Scenario { question.scenario }
  var lastMonth: Int { scenario.horizonMonths - 1 }

  /// Months after the plan that are searched for the first shortfall.
  static let horizon = 36

  func explore() throws -> Result {
    options.onProgress(.lookingAhead)
    var result = Result()
    result.shortfalls = try firstShortfall().map { [$0] } ?? []
    options.onProgress(.alternatives)
    let others = TradeOffs(scenario: scenario, problem: problem(ofMonth: lastMonth))
    result.alternatives = others.alternatives()
    result.tradeOffs = others.fronts()
    result.baselines = others.baselines()
    result.sensitivity = sensitivity()
    result.worth = worth()
    options.onProgress(.studies)
    result.studies =
      HeadlineStudies(
        scenario: scenario, catalog: catalog, workloads: question.workloads, plan: plan)?.sections()
      ?? []
    return result
  }

  /// The first month after the plan whose demand the fleet cannot meet, with what the plan bought and no more.
  private func firstShortfall() throws -> Plan.Shortfall? {
    do throws(PlacementError) {
      let next = try NextShortfall.find(upTo: Self.horizon) { problem(ofMonth: lastMonth + $0) }
      return next.map {
        Self.shortfall(
          $0.cause, month: lastMonth + $0.monthsAfterHorizon,
          calendar: PlanCalendar(start: scenario.startMonth), fleet: scenario.fleet)
      }
    } catch {
      throw Diagnostics([Diagnostic("the months after the plan cannot be searched: \(error)")])
    }
  }

  /// What more of a limit would save, each step in the month in which it saves most, the most first. What was bought by
  /// then stands.
  private func worth() -> [String] {
    let calendar = PlanCalendar(start: scenario.startMonth)
    let months = monthsAskedForWorth
    let found = months.flatMap { month in
      ((try? WorthStudy.find(problem(ofMonth: month))) ?? []).map { (worth: $0, month: month) }
    }
    .sorted { ($1.worth.share, $0.month) < ($0.worth.share, $1.month) }
    guard !found.isEmpty else {
      guard !months.isEmpty else { return ["nothing: no limit is reached in any month"] }
      let share = "\(PlainNumber.spoken(WorthStudy.materiality * 100)) % of its cost"
      let asked = months.map { calendar.label($0) }.joined(separator: ", ")
      return [
        "nothing: one more slice, megawatt or rack would save less than \(share) even in the tightest months, \(asked)"
      ]
    }
    var said: Set<String> = []
    return found.filter { said.insert($0.worth.step).inserted }
      .map { calendar.dated($0.worth.sentence, first: $0.month) }
  }

  /// The months whose limits let hope for most by their dual values, at most three.
  private var monthsAskedForWorth: [Int] {
    (0...lastMonth).map { month in
      (month: month, hope: WorthStudy.hope(bindings[month] ?? [], problem(ofMonth: month), plan))
    }
    .filter { $0.hope > 0 }
    .sorted { ($1.hope, $0.month) < ($0.hope, $1.month) }
    .prefix(3).map(\.month).sorted()
  }

  /// One month as a problem of its own, with what the plan bought.
  func problem(ofMonth month: Int) -> PlacementProblem {
    question.problem(months: month..<(month + 1), trust: trust, bought: plan.purchases)
  }

  /// - Parameter month: the month of the plan that `why` calls its first failing one.
  static func shortfall(
    _ why: Infeasibility, month: Int, calendar: PlanCalendar, fleet: Fleet
  ) -> Plan.Shortfall {
    let site: String? =
      switch why.binding {
      case .chips(let pod, _): fleet.pods.first { $0.id == pod }?.site
      case .power(let site, _), .siteLoss(let site, _, _): site
      default: nil
      }
    let relaxation = why.relaxations.first
    return Plan.Shortfall(
      month: month, resource: calendar.dated(why.binding.name, first: month - (why.binding.month ?? month)),
      site: site,
      missing: relaxation?.amount ?? why.unmetRequestsPerSecond, unit: relaxation?.unit ?? "req/s",
      sentence: calendar.dated(why.sentence, first: month - why.firstMonth))
  }
}
