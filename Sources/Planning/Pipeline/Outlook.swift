import FleetData
import Placement
import Quantities

/// What lies around a settled plan: what runs out first after it, what else was possible, what would change it.
struct Outlook {
  struct Result {
    var shortfalls: [Plan.Shortfall] = []
    var alternatives: [Plan.Alternative] = []
    var sensitivity: [Plan.SensitivityRow] = []
    var studies: [Report.Section] = []
    /// Was anything looked for at all?
    var explored = true
    static let none = Result(explored: false)
  }

  let question: PlacementQuestion
  /// How far options are trusted beyond the horizon and in what-ifs.
  let trust: [String: Trust]
  let plan: PlacementPlan
  let options: PlanningOptions
  let catalog: Catalog

  var scenario: Scenario { question.scenario }
  var lastMonth: Int { scenario.horizonMonths - 1 }

  /// Months after the plan that are searched for the first shortfall.
  static let horizon = 36

  func explore() throws -> Result {
    options.onProgress("looking ahead for the first shortfall")
    var result = Result()
    result.shortfalls = firstShortfall().map { [$0] } ?? []
    options.onProgress("planning the alternatives and sensitivities")
    result.alternatives = alternatives()
    result.sensitivity = sensitivity()
    options.onProgress("comparing up with out, and training with inference")
    result.studies =
      HeadlineStudies(
        scenario: scenario, catalog: catalog, workloads: question.workloads, plan: plan)?.sections()
      ?? []
    return result
  }

  // MARK: First shortfall

  /// The first month after the plan whose demand no purchase-free plan can meet, by bisection: demand grows steadily.
  private func firstShortfall() -> Plan.Shortfall? {
    let last = scenario.horizonMonths - 1
    var low = last
    var high = last + Self.horizon
    guard var found = infeasibility(inMonth: high) else { return nil }
    // Each month is planned as a problem of its own, whose only month is month 0.
    while high - low > 1 {
      let middle = (low + high) / 2
      if let why = infeasibility(inMonth: middle) {
        found = why
        high = middle
      } else {
        low = middle
      }
    }
    return Self.shortfall(found, month: high, calendar: calendar, fleet: scenario.fleet)
  }

  /// Why one single month cannot be planned, on the fleet as it then stands.
  private func infeasibility(inMonth month: Int) -> Infeasibility? {
    do throws(PlacementError) {
      _ = try Placer.plan(problem(ofMonth: month))
      return nil
    } catch {
      if case .infeasible(let why) = error { return why }
      return nil
    }
  }

  /// One month as a problem of its own, with what the plan bought.
  func problem(ofMonth month: Int) -> PlacementProblem {
    question.problem(months: month..<(month + 1), trust: trust, bought: plan.purchases)
  }

  private var calendar: PlanCalendar { PlanCalendar(start: scenario.startMonth) }

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

  // MARK: Alternatives

  private func alternatives() -> [Plan.Alternative] {
    let base = problem(ofMonth: lastMonth)
    var safest = base
    safest.survivesSiteLoss = true
    var greenest = base
    greenest.weights = PlacementProblem.Weights(cost: 1e-6, carbonPerKilogram: 1)
    var fastest = base
    fastest.weights = PlacementProblem.Weights(cost: 1e-6, carbonPerKilogram: 0, latencyPerSecond: 1)
    let chosen = alternative("cheapest", plan, chosen: true)
    return [chosen].compactMap { $0 }
      + [
        ("safest: survives the loss of any one site", safest), ("greenest", greenest),
        ("nearest to users", fastest),
      ].map { name, problem in
        (try? Placer.plan(problem)).flatMap { alternative(name, $0, chosen: false) }
          ?? Plan.Alternative(
            name: name, monthlyCost: nil, chips: nil, carbonKilograms: nil,
            givesUp: "cannot be had on this fleet",
            chosen: false)
      }
  }

  private func alternative(_ name: String, _ other: PlacementPlan, chosen: Bool) -> Plan.Alternative? {
    guard let cost = other.costs.last, let base = plan.costs.last else { return nil }
    let chips = other.pods.filter { $0.month == cost.month }.reduce(0) { $0 + $1.used }
    let extra = cost.total - base.total
    return Plan.Alternative(
      name: name, monthlyCost: cost.total, chips: chips, carbonKilograms: cost.carbonKilograms,
      givesUp: chosen
        ? "nothing in money"
        : "\(Int((extra / max(base.total, 1) * 100).rounded())) % dearer in the last month",
      chosen: chosen)
  }
}
