import FleetData
import Foundation
import Placement

/// The plan's answer in one sentence.
struct Verdict {
  let plan: Plan
  let settled: Settlement.Result
  let outlook: Outlook.Result
  /// Why nothing hosts the service that no option is left for.
  let obstacles: [HostObstacle]

  func verdict() -> Plan.Verdict {
    if let infeasibility = settled.infeasibility { return infeasible(infeasibility) }
    if let option = settled.unsettled.first {
      return Plan.Verdict(
        status: .infeasible,
        sentence: "No plan was found whose simulation keeps the SLO: \(option) still misses it after "
          + "\(settled.rounds.map(\.round).max() ?? 0) rounds.",
        bindingConstraint: "slo(\(option))",
        smallestRelaxation: "loosen the SLO of \(option.split(separator: "/")[0]), or lower max_utilization")
    }
    guard let first = plan.months.first, let last = plan.months.last else {
      preconditionFailure("a feasible plan has a first and a last month")
    }
    let shortfall =
      plan.shortfalls.first.map { " First shortfall: \($0.sentence)" }
      ?? (outlook.explored ? " Nothing runs out in the \(Outlook.horizon) months after the plan." : "")
    let overBudget = plan.months.first { month in month.budget.map { month.totalCost > $0 } ?? false }
    let budget = overBudget.map { " The budget is exceeded from \($0.label)." } ?? ""
    return Plan.Verdict(
      status: .feasible,
      sentence: "All demand is served within its SLOs \(span(first, last)), on \(last.chipsUsed) of "
        + "\(last.chipsInstalled) chips.\(siteLoss())\(budget)\(shortfall)",
      bindingConstraint: plan.solver.bindingConstraints.first)
  }

  /// What the worst loss of a site does, when any one may be lost.
  private func siteLoss() -> String {
    guard let rows = plan.siteLosses,
      let worst = rows.max(by: { $0.result.value / $0.targetSeconds < $1.result.value / $1.targetSeconds })
    else { return "" }
    let calendar = PlanCalendar(start: plan.startMonth)
    func seconds(_ value: Double) -> String { "\((value * 1000).rounded() / 1000) s" }
    return
      " Any one site may be lost at the peak: at worst, \(worst.site) in \(calendar.label(worst.month)), "
      + "\(worst.service) keeps its \(worst.metric.uppercased()) at \(seconds(worst.result.value)) of "
      + "\(seconds(worst.targetSeconds))."
  }

  /// `from 2027-01 to 2027-12, for $1,000 a month at the start and $2,000 at the end`.
  private func span(_ first: Plan.Month, _ last: Plan.Month) -> String {
    if first == last { return "in \(first.label), for \(dollars(first.totalCost))" }
    return "from \(first.label) to \(last.label), for \(dollars(first.totalCost)) a month at the start and "
      + "\(dollars(last.totalCost)) at the end"
  }

  private func infeasible(_ why: Infeasibility) -> Plan.Verdict {
    let calendar = PlanCalendar(start: plan.startMonth)
    let label = calendar.label(why.firstMonth)
    let sentence = obstacles.isEmpty ? why.sentence : noHost(why)
    return Plan.Verdict(
      status: why.firstMonth == 0 ? .infeasible : .feasibleUntil,
      sentence: why.firstMonth == 0
        ? "No plan meets the limits: \(sentence)"
        : "The limits can be met until \(label), not in it: \(sentence)",
      bindingConstraint: calendar.dated(
        why.binding.name, first: why.firstMonth - (why.binding.month ?? why.firstMonth)),
      smallestRelaxation: remedy(why) ?? why.relaxations.first?.sentence ?? obstacles.first?.remedy)
  }

  /// Where nobody can host a service, or one site alone can, what would let another one.
  private func remedy(_ why: Infeasibility) -> String? {
    switch why.binding {
    case .siteLoss, .noHost: obstacles.first?.remedy
    default: nil
    }
  }

  private func noHost(_ why: Infeasibility) -> String {
    let reasons = obstacles.map(\.sentence).joined(separator: "; ")
    let remedy = obstacles.first?.remedy.map { "; the smallest change that would help: \($0)" } ?? ""
    if case .siteLoss = why.binding { return "\(why.sentence): elsewhere \(reasons)\(remedy)" }
    return "nobody can host \(obstacles[0].service): \(reasons)\(remedy)"
  }

  private func dollars(_ amount: Double) -> String {
    let digits = Array(String(Int(amount.rounded())))
    let grouped = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : String(digit)
    }
    return "$" + grouped.joined()
  }
}
