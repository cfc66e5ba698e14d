import FleetData
import Quantities

/// One limit of a month moved by one useful unit.
struct LimitStep {
  let constraint: PlacementConstraint
  /// The unit as the subject of a sentence, and what it does.
  let subject: String
  let verb: String
  /// What the dual value lets hope for: its price times the units of the step.
  let hope: Double
  /// Dollars a month that the unit itself costs, paid whether used or not.
  private(set) var price: Double?
  private let moved: PlacementProblem
  private let chips: (pod: String, count: Int)?

  /// The limit by name, whatever the hour: two steps of one name are one.
  var name: String { subject }

  /// - Returns: `nil` for limits of which no unit more can be had.
  init?(_ binding: PlacementPlan.Binding, _ problem: PlacementProblem, _ plan: PlacementPlan) {
    constraint = binding.constraint
    var moved = problem
    var chips: (pod: String, count: Int)?
    var (units, verb) = (1.0, "would save")
    let subject: String
    switch binding.constraint {
    case .chips(let pod, _):
      guard let slice = Self.slice(of: pod, problem, plan) else { return nil }
      chips = (pod, slice.chips)
      units = Double(slice.chips)
      subject = "\(slice.chips) more chips in \(pod) (one slice \(slice.shape))"
      price = Self.price(ofChips: slice.chips, pod, problem)
    case .quota(let chip, let site, _):
      let pods = problem.fleet.pods.filter { $0.chip == chip && (site == nil || $0.site == site) }
      guard let count = pods.compactMap({ Self.slice(of: $0.id, problem, plan)?.chips }).min() else {
        return nil
      }
      units = Double(count)
      moved.fleet.quotas = problem.fleet.quotas.map { quota in
        quota.chip == chip && quota.site == site
          ? ChipQuota(chip: chip, site: site, chips: quota.chips + count) : quota
      }
      subject = "a quota of \(count) more \(chip) chips at \(site ?? "all sites")"
    case .space(let site, _):
      moved.change(site) { $0.racks = $0.racks.map { $0 + 1 } }
      subject = "another rack at \(site)"
    case .cooling(let site, _):
      let step = Self.watts(problem, site)
      units = step / 1e6
      moved.change(site) { $0.cooling = $0.cooling.map { $0 + Watts(step) } }
      subject = "cooling for another \(Words.watts(step)) at \(site)"
    case .power(let site, _), .hourlyPower(let site, _, _):
      let step = Self.watts(problem, site)
      units = step / 1e6
      moved.change(site) { $0.powerCap = $0.powerCap(inMonth: 0) + Watts(step) }
      subject = "another \(Words.watts(step)) at \(site)"
    case .powerRamp(let site, _, _):
      let step = Self.watts(problem, site)
      units = step / 1e6
      moved.change(site) { $0.hourlyRamp = $0.hourlyRamp.map { $0 + Watts(step) } }
      subject = "leave to ramp \(Words.watts(step)) an hour faster at \(site)"
    case .bandwidth(let region, let site, _):
      moved.fleet.links = problem.fleet.links.map { link in
        var wider = link
        if Set([link.from, link.to]) == [region, site] { wider.bandwidth = link.bandwidth.map { $0 * 2 } }
        return wider
      }
      subject = "a second link between \(region) and \(site)"
    case .siteLoss:
      moved.survivesSiteLoss = false
      subject = "surviving the loss of any one site"
      verb = "costs"
    default: return nil
    }
    self.subject = subject
    self.verb = verb
    self.moved = moved
    self.chips = chips
    hope = binding.shadowPrice * units
  }

  /// The objective of the month with the step taken, or `nil` when it cannot be planned.
  func objective() -> Double? {
    guard let resolved = try? ResolvedProblem(moved) else { return nil }
    var plan = PlacementPlan.nothing
    let extra = chips.flatMap { chips in
      resolved.pods.firstIndex { $0.pod.id == chips.pod }.map { [$0: chips.count] }
    }
    let model = PlacementModel(resolved, months: [0], extraChips: extra ?? [:])
    guard (try? Placer.extend(&plan, with: model)) == true else { return nil }
    return plan.objective
  }

  /// The shape that most replicas on a pod have, else the smallest that some option has.
  private static func slice(
    of pod: String, _ problem: PlacementProblem, _ plan: PlacementPlan
  ) -> (chips: Int, shape: String)? {
    let used = plan.deployments.filter { $0.pod == pod }.max {
      ($0.replicas, $1.chipsOccupied) < ($1.replicas, $0.chipsOccupied)
    }
    if let used { return (used.chipsOccupied, used.slice.description) }
    let least = problem.options.filter { $0.pod == pod }.map(\.slice).min { $0.chips < $1.chips }
    return least.map { ($0.chips, $0.description) }
  }

  /// A megawatt, or a tenth, a hundredth of one at sites smaller than that.
  private static func watts(_ problem: PlacementProblem, _ site: String) -> Double {
    let cap = problem.fleet.sites.first { $0.id == site }?.powerCap(inMonth: 0).value ?? 0
    var step = 1e6
    while step > cap, step > 1e4 { step /= 10 }
    return step
  }

  /// Dollars a month for chips that are paid for whether used or not; `nil` for chips rented by use.
  private static func price(ofChips count: Int, _ pod: String, _ problem: PlacementProblem) -> Double? {
    guard let resolved = try? ResolvedProblem(problem),
      let entry = resolved.pods.first(where: { $0.pod.id == pod }), entry.terms[0].isFixed
    else { return nil }
    return entry.terms[0].price * Double(count) * Seconds.month.value
  }
}

extension PlacementProblem {
  /// Changes one site of the fleet.
  fileprivate mutating func change(_ id: String, _ edit: (inout Site) -> Void) {
    guard let index = fleet.sites.firstIndex(where: { $0.id == id }) else { return }
    edit(&fleet.sites[index])
    fleet.sites[index].powerRamp = []
  }
}
