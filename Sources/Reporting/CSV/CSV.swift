import FleetData

/// Tables as CSV (RFC 4180): one header row, numbers unrounded in base SI units, CRLF-free.
///
/// A text that a spreadsheet would run as a formula gets a leading apostrophe; remove it to get the name back.
public enum CSV {
  /// One line of fields.
  static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\n" }

  static func number(_ x: Double?) -> String { x.map { JSONNumber.text(JSONNumber.rounded($0)) } ?? "" }

  /// A text field, made harmless and quoted where it must be.
  static func field(_ text: String) -> String {
    var safe = text.replacing("\u{0}", with: "\u{FFFD}")
    let isNumber = Double(safe) != nil
    if let first = safe.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first), !isNumber {
      safe = "'" + safe
    }
    guard
      safe.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) || safe.hasPrefix(" ")
    else {
      return safe
    }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  /// The deployments of a plan, one row each.
  public static func deployments(_ plan: Plan) -> String {
    let view = PlanView(plan)
    var text = line([
      "id", "month", "service", "site", "pod", "chip", "slice", "chips_per_replica", "replicas", "chips",
      "capacity_per_replica_rps", "load_rps", "watts_per_replica", "bound", "grade",
    ])
    for row in plan.deployments {
      text += line([
        row.id, view.label(row.month), row.service, row.site, row.pod, row.chip, row.slice,
        String(row.chipsPerReplica), String(row.replicas), String(row.replicas * row.chipsPerReplica),
        number(row.capacityPerReplica), number(row.load), number(row.wattsPerReplica), row.bound.rawValue,
        row.grade.rawValue,
      ])
    }
    return text
  }

  /// The cost lines of a plan.
  public static func costs(_ plan: Plan) -> String {
    let view = PlanView(plan)
    var text = line([
      "id", "month", "site", "pod", "service", "category", "quantity", "quantity_unit", "unit_price", "cost",
      "currency",
      "it_kwh", "carbon_kg",
    ])
    for row in plan.costs {
      text += line([
        row.id, view.label(row.month), row.site, row.pod, row.service ?? "", row.category.rawValue,
        number(row.quantity),
        row.quantityUnit, number(row.unitPrice), number(row.cost), plan.currency, number(row.itKWh),
        number(row.carbonKilograms),
      ])
    }
    return text
  }

  /// A table of a report.
  public static func table(_ table: Table) -> String {
    var text = line(table.columns.map { $0.unit.isEmpty ? $0.title : "\($0.title) (\($0.unit))" })
    for row in table.rows {
      text += line(
        row.map { cell in
          switch cell {
          case .text(let text): text
          case .number(let x, _): number(x)
          case .absent: ""
          }
        })
    }
    return text
  }
}

/// Cost lines in the columns of the FinOps FOCUS specification 1.0, as an estimate: a plan, not an invoice.
public enum FocusCSV {
  private static let header = [
    "BilledCost", "EffectiveCost", "ListCost", "BillingCurrency", "ChargeCategory", "ChargeDescription",
    "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "BillingPeriodEnd", "ConsumedQuantity",
    "ConsumedUnit",
    "PricingQuantity", "PricingUnit", "ListUnitPrice", "ProviderName", "RegionId", "ResourceId",
    "ServiceCategory",
    "ServiceName", "x_PlanId", "x_LineId", "x_IsEstimate", "x_Service", "x_Term", "x_CarbonKilograms",
  ]

  public static func render(_ plan: Plan) -> String {
    let view = PlanView(plan)
    let pods = Dictionary(plan.pods.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var text = CSV.line(header)
    for row in plan.costs {
      let start = view.label(row.month)
      let (from, to) = ("\(start)-01T00:00:00Z", "\(following(start))-01T00:00:00Z")
      let cost = CSV.number(row.cost)
      let price = CSV.number(row.unitPrice)
      let quantity = CSV.number(row.quantity)
      text += CSV.line([
        cost, cost, cost, plan.currency, "Usage",
        "\(row.category.rawValue) of \(row.service ?? "unused chips")", from, to,
        from, to, quantity, row.quantityUnit, quantity, row.quantityUnit, price, "", row.site, row.pod,
        row.category == .network ? "Networking" : "Compute", pods[row.pod]?.chip ?? row.category.rawValue,
        plan.id, row.id,
        "true", row.service ?? "", pods[row.pod]?.term ?? "", CSV.number(row.carbonKilograms),
      ])
    }
    return text
  }

  /// The month after `2027-12` is `2028-01`.
  static func following(_ month: String) -> String {
    let parts = month.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2 else { return month }
    let (year, next) = parts[1] == 12 ? (parts[0] + 1, 1) : (parts[0], parts[1] + 1)
    return "\(year)-\(next < 10 ? "0" : "")\(next)"
  }
}
