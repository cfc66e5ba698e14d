import FleetData

/// Two sites with a pod each, two services, two months: small enough to check by hand.
///
/// Month 0 costs $100 + $40 + $20 = $160, month 1 costs $120 + $40 + $20 = $180. Pod `a` holds 10 chips of which 8,
/// then 9 are used; pod `b` holds 10 and uses 4.
enum SmallPlan {
  static func make(price: Double = 1, chatQuantity: Double = 100, growth: Double = 20) -> Plan {
    var plan = Plan(
      id: "p", toolVersion: "1", name: "small", currency: "USD", startMonth: "2027-01", horizonMonths: 2,
      seed: 1,
      verdict: .init(status: .feasible, sentence: "Feasible."),
      solver: .init(solver: "none", objective: 0, bound: 0, relativeGap: 0, bindingConstraints: []))
    for month in 0..<2 {
      let chat = chatQuantity + (month == 1 ? growth : 0)
      let lines = [
        line(month, "east", "a", "chat", chat, price), line(month, "west", "b", "code", 40, 1),
        line(month, "west", "b", nil, 20, 1),
      ]
      plan.costs += lines
      plan.months.append(
        .init(
          index: month, label: "2027-0\(month + 1)", hours: 730.5,
          totalCost: lines.reduce(0) { $0 + $1.cost },
          budget: nil, chipsUsed: 12 + month, chipsInstalled: 20, discountFactor: 1))
      plan.inventory += [
        .init(month: month, pod: "a", installed: 10, used: 8 + month, free: 2 - month, stranded: 0),
        .init(month: month, pod: "b", installed: 10, used: 4, free: 6, stranded: 0),
      ]
      plan.serviceLevels.append(
        .init(
          id: "chat/ttft/\(month)", month: month, service: "chat", metric: "ttft", percentile: 0.99,
          targetSeconds: 0.8,
          result: .init(value: 0.7 + 0.05 * Double(month), low: 0.65, high: 0.75 + 0.1 * Double(month)),
          requests: 1000,
          verdict: .pass))
    }
    plan.pods = [pod("a", "east", "tpu-v5e", price), pod("b", "west", "h100", 1)]
    plan.checks = [.init(name: "law", passed: true, detail: "")]
    return plan
  }

  private static func line(
    _ month: Int, _ site: String, _ pod: String, _ service: String?, _ quantity: Double, _ price: Double
  ) -> Plan.CostLine {
    .init(
      id: "2027-0\(month + 1)/\(pod)/\(service ?? "idle")/compute", month: month, site: site, pod: pod,
      service: service,
      category: .compute, quantity: quantity, quantityUnit: "chip.h", unitPrice: price, cost: quantity * price
    )
  }

  private static func pod(_ id: String, _ site: String, _ chip: String, _ price: Double) -> Plan.PodRow {
    .init(
      id: id, site: site, chip: chip, topology: "2x5", blocks: 1, chips: 10, term: "committed",
      usdPerChipHour: price,
      capitalUSDPerChip: nil, depreciationMonths: nil, annualInterest: nil, wattsPerChip: 200,
      idlePowerShare: 0.3,
      source: "quote", asOf: "2026", grade: .quoted)
  }
}
