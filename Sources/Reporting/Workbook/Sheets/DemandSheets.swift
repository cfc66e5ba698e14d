import FleetData

/// Where the deployments of a month, a site, a pod and a service stand on the Capacity sheet: the sheet is sorted so
/// that each of them is one run of rows.
struct PlacedRows {
  struct Span {
    var rows: Range<Int>
    var runChips: Double
    var runKilowatts: Double
  }
  struct Key: Hashable {
    var month: Int
    var site: String?
    var pod: String?
    var service: String?
  }
  var spans: [Key: Span] = [:]

  mutating func add(_ row: Plan.Deployment, at index: Int) {
    let keys = [
      Key(month: row.month, site: nil, pod: nil, service: nil),
      Key(month: row.month, site: row.site, pod: nil, service: nil),
      Key(month: row.month, site: nil, pod: row.pod, service: nil),
      Key(month: row.month, site: nil, pod: row.pod, service: row.service),
    ]
    let chips = Double(row.replicas * row.chipsPerReplica)
    let kilowatts = Double(row.replicas) * row.wattsPerReplica / 1000
    for key in keys {
      if let span = spans[key] {
        spans[key] = Span(
          rows: span.rows.lowerBound..<index + 1, runChips: span.runChips + chips,
          runKilowatts: span.runKilowatts + kilowatts)
      } else {
        spans[key] = Span(rows: index..<index + 1, runChips: chips, runKilowatts: kilowatts)
      }
    }
  }
}

/// Demand and Capacity.
extension CapacityModel {
  enum D: Int { case month, service, factor, run, now }

  mutating func demandSheet() -> Sheet {
    var sheet = Sheet(
      "Demand", title: "Demand by month and service",
      note: "Requests per second at the month's peak: the run's value, scaled by the growth on Inputs.",
      columns: [
        .init("Month"), .init("Service"), .init("Growth against the run", .calculation, .decimal3, unit: "×"),
        .init("Run requests", .simulator, .decimal3, unit: "per second"),
        .init("Requests", .calculation, .decimal3, unit: "per second"),
        .init("Input length", .simulator, .decimal1, unit: "tokens"),
        .init("Output length", .simulator, .decimal1, unit: "tokens"),
        .init("Input", .calculation, .integer, unit: "tokens/s"),
        .init("Output", .calculation, .integer, unit: "tokens/s"),
      ])
    sheet.frozenColumns = 2
    for row in plan.demand {
      let r = sheet.rows.count
      var factor = Live.literal(1)
      if let rate = growth[row.service], row.month > 0 {
        let ratio = (.literal(1) + rate.now) / (.literal(1) + rate.run)
        factor = .power(ratio, .literal(Double(row.month)))
      }
      let scale = sheet.live(r, D.factor.rawValue, factor.value)
      let run = sheet.live(r, D.run.rawValue, row.requestsPerSecond)
      let now = sheet.live(r, D.now.rawValue, row.requestsPerSecond * factor.value)
      demand[MonthKey(month: row.month, name: row.service)] = (now, run)
      sheet.append([
        .text(view.label(row.month)), .text(row.service), .live(factor), .number(row.requestsPerSecond),
        .live(run * scale), .number(row.meanInputTokens), .number(row.meanOutputTokens),
        .live(now * sheet.live(r, 5, row.meanInputTokens)),
        .live(now * sheet.live(r, 6, row.meanOutputTokens)),
      ])
    }
    return sheet
  }

  enum C: Int {
    case month, site, pod, service, chip, slice, chipsPerReplica, capacity, runLoad, load, cap, needed, added,
      replicas
    case chips, spare, headroom, watts, kilowatts, runReplicas
  }

  mutating func capacitySheet() -> Sheet {
    var sheet = Sheet(
      "Capacity", title: "Replicas and chips by deployment",
      note:
        "Needed = load / (capacity of a replica × utilisation cap), rounded up; the planner's own additions come on top.",
      columns: [
        .init("Month"), .init("Site"), .init("Pod"), .init("Service"), .init("Chip"), .init("Slice"),
        .init("Chips per replica", .simulator, .integer),
        .init("Capacity of a replica", .simulator, .decimal3, unit: "requests/s"),
        .init("Run load", .simulator, .decimal3, unit: "requests/s"),
        .init("Load", .link, .decimal3, unit: "requests/s"),
        .init("Utilisation cap", .link, .percent), .init("Needed", .calculation, .integer, unit: "replicas"),
        .init("Added by the planner", .simulator, .integer, unit: "replicas"),
        .init("Replicas", .calculation, .integer),
        .init("Chips", .calculation, .integer),
        .init("Headroom", .calculation, .decimal3, unit: "requests/s"),
        .init("Headroom", .calculation, .percent, unit: "share"),
        .init("Power of a replica", .simulator, .integer, unit: "W"),
        .init("IT power", .calculation, .decimal3, unit: "kW"),
        .init("Run replicas", .simulator, .integer), .init("Bound by"), .init("Sharding"), .init("Grade"),
      ])
    sheet.frozenColumns = 4
    for row in sortedDeployments() {
      placed.add(row, at: sheet.rows.count)
      sheet.append(deploymentCells(row, sheet))
    }
    return sheet
  }

  private func sortedDeployments() -> [Plan.Deployment] {
    plan.deployments.sorted {
      ($0.month, $0.site, $0.pod, $0.service, $0.id) < ($1.month, $1.site, $1.pod, $1.service, $1.id)
    }
  }

  private func deploymentCells(_ row: Plan.Deployment, _ sheet: Sheet) -> [SheetCell] {
    let r = sheet.rows.count
    func at(_ column: C, _ value: Double) -> Live { sheet.live(r, column.rawValue, value) }
    let service = demand[MonthKey(month: row.month, name: row.service)]
    let load = service.map { at(.runLoad, row.load) * .share($0.now, of: $0.run) } ?? at(.runLoad, row.load)
    let loadValue = service.map { $0.run.value == 0 ? 0 : row.load } ?? row.load
    let cap = maxUtilization?.value ?? 1
    let canServe = row.capacityPerReplica > 0 && cap > 0
    let needed =
      canServe
      ? (at(.load, loadValue) / (at(.capacity, row.capacityPerReplica) * at(.cap, cap))).roundedUp
      : .literal(0)
    let added = Double(row.replicas) - needed.value
    let replicas = Live.max(.literal(0), at(.needed, needed.value) + at(.added, added))
    let count = at(.replicas, Double(row.replicas))
    let chips = count * at(.chipsPerReplica, Double(row.chipsPerReplica))
    let whole = count * at(.capacity, row.capacityPerReplica)
    let spare = whole - at(.load, loadValue)
    let kilowatts = count * at(.watts, row.wattsPerReplica) / .literal(1000)
    return [
      .text(view.label(row.month)), .text(row.site), .text(row.pod), .text(row.service), .text(row.chip),
      .text(row.slice), .count(row.chipsPerReplica), .number(row.capacityPerReplica), .number(row.load),
      .live(load),
      maxUtilization.map { .live($0) } ?? .number(1, .simulator), .live(needed), .number(added),
      .live(replicas),
      .live(chips), .live(spare), .live(.share(at(.spare, spare.value), of: whole)),
      .number(row.wattsPerReplica),
      .live(kilowatts), .count(row.replicas), .text(row.bound.rawValue), .text(Self.sharding(row.sharding)),
      .text(row.grade.rawValue),
    ]
  }

  static func sharding(_ s: Sharding) -> String {
    let axes = [
      ("data", s.data), ("fsdp", s.fsdp), ("tensor", s.tensor), ("pipeline", s.pipeline),
      ("expert", s.expert),
      ("sequence", s.sequence),
    ]
    let used = axes.filter { $0.1 > 1 }.map { "\($0.0) \($0.1)" }
    return used.isEmpty ? "one chip" : used.joined(separator: ", ")
  }
}
