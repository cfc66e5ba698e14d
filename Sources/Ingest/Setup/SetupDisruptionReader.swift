import FleetData
import Quantities

/// Decodes what goes wrong: a list of drawn failures, outages and maintenance at stated times, and power caps.
///
///     disruptions:
///       - {fail: chip, mtbf: 20000h, mttr: 30min}
///       - {outage: slice/3, group: chat, start: 10min, duration: 5min}
///       - {maintenance: site, site: iowa, start: 1h, duration: 20min}
///       - {power_cap: 200kW, site: iowa, start: 1h, duration: 30min}
struct SetupDisruptionReader {
  static let kinds = ["fail", "outage", "maintenance", "power_cap"]
  let groups: [SetupGroup]
  /// Of all groups as written; one that cannot be read is not unknown besides.
  let names: [String]
  let places: SetupPlaces
  let log: StudyLog

  struct Found {
    var outages: [Disruptions.Outage] = []
    var rates: [Disruptions.FailureRate] = []
    var caps: [SitePowerCap] = []
  }

  func disruptions(_ node: ConfigNode?) -> Found {
    var found = Found()
    guard let node else { return found }
    guard case .sequence(let items) = node.content else {
      log.report(
        Diagnostic(
          "'disruptions' must be a list", at: node.location, found: node.kind,
          expected: "- {fail: chip, mtbf: 20000h, mttr: 30min}"))
      return found
    }
    for (index, item) in items.enumerated() { add(item, path: "disruptions.\(index + 1)", to: &found) }
    return found
  }

  private func add(_ item: ConfigNode, path: String, to found: inout Found) {
    let fields = FieldReader(
      item, path: path, known: Self.kinds + ["group", "site", "region", "mtbf", "mttr", "start", "duration"],
      log: log)
    let kinds = Self.kinds.filter { fields.node($0) != nil }
    guard kinds.count == 1 else {
      guard case .mapping = item.content else { return }
      log.report(
        Diagnostic(
          "'\(path)' needs one kind of disruption", at: item.location,
          found: kinds.isEmpty ? "none" : kinds.joined(separator: " and "),
          expected: "fail, outage, maintenance or power_cap"))
      return
    }
    do throws(Diagnostic) {
      switch kinds[0] {
      case "fail": found.rates += try failure(fields)
      case "power_cap": found.caps += try cap(fields)
      default: found.outages += try outage(fields, isPlanned: kinds[0] == "maintenance")
      }
    } catch {
      var diagnostic = error
      diagnostic.location = error.location ?? fields.node(kinds[0])?.location
      log.report(diagnostic)
    }
  }

  private func failure(_ fields: FieldReader) throws(Diagnostic) -> [Disruptions.FailureRate] {
    let between = fields.requiredNumber("mtbf", .duration, in: 1e-3...1e12)
    let repair = fields.requiredNumber("mttr", .duration, in: 1e-3...1e12)
    let part = fields.text("fail") ?? ""
    var rates: [Disruptions.FailureRate] = []
    for place in try targets(fields, byGroup: part != "site" && part != "link") {
      for part in try place.parts(part) {
        rates.append(
          Disruptions.FailureRate(
            group: place.group, part: part, betweenFailures: Seconds(between ?? 1),
            repair: Seconds(repair ?? 1)))
      }
    }
    return rates
  }

  private func outage(_ fields: FieldReader, isPlanned: Bool) throws(Diagnostic) -> [Disruptions.Outage] {
    let start = fields.requiredNumber("start", .duration)
    let duration = fields.requiredNumber("duration", .duration, in: 1e-6...1e12)
    let scope = fields.text(isPlanned ? "maintenance" : "outage") ?? ""
    let places = try targets(fields, byGroup: scope != "site" && scope != "link")
    if scope.hasPrefix("slice/"), places.count > 1 {
      throw Diagnostic(
        "a slice is of one group", found: "'\(scope)'", expected: "group: \(groups.first?.id ?? "")",
        help: "groups here are \(groups.map(\.id).joined(separator: ", "))")
    }
    var outages: [Disruptions.Outage] = []
    for place in places {
      for scope in try place.scopes(scope, isPlanned: isPlanned) {
        outages.append(
          Disruptions.Outage(
            scope, start: Seconds(start ?? 0), duration: Seconds(duration ?? 1), isPlanned: isPlanned))
      }
    }
    return outages
  }

  private func cap(_ fields: FieldReader) throws(Diagnostic) -> [SitePowerCap] {
    let start = fields.number("start", .duration) ?? 0
    let duration = fields.number("duration", .duration, in: 1e-6...1e12)
    guard let limit = fields.number("power_cap", .power, in: 1...1e12) else { return [] }
    var caps: [SitePowerCap] = []
    for place in try targets(fields, byGroup: false) {
      try place.check(cap: limit, text: fields.text("power_cap") ?? "")
      caps.append(
        SitePowerCap(
          site: place.site, limit: Watts(limit / places.pue(place.site)), start: Seconds(start),
          duration: duration.map { Seconds($0) }))
    }
    return caps
  }

  /// The groups that are meant, or one group of each site that is: all of them where the file names none.
  private func targets(_ fields: FieldReader, byGroup: Bool) throws(Diagnostic) -> [DisruptionPlace] {
    var meant = groups
    if let name = fields.text("group") {
      meant = groups.filter { $0.id == name }
      guard names.contains(name) else {
        throw Diagnostic(
          "unknown group", at: fields.node("group")?.location, found: "'\(name)'",
          expected: "one of \(names.joined(separator: ", "))",
          help: nearest(to: name, among: names).map { "did you mean '\($0)'?" })
      }
    }
    if let site = places.site(fields) { meant = meant.filter { $0.site == site } }
    var regions = places.regions.isEmpty ? [""] : places.regions
    if let region = fields.text("region") {
      guard places.regions.contains(region) else {
        throw Diagnostic(
          "unknown region", at: fields.node("region")?.location, found: "'\(region)'",
          expected: places.regions.isEmpty ? "regions: at the top" : places.regions.joined(separator: ", "),
          help: nearest(to: region, among: places.regions).map { "did you mean '\($0)'?" })
      }
      regions = [region]
    }
    if !byGroup {
      var sites: [String] = []
      meant = meant.filter { group in
        defer { sites.append(group.site) }
        return !sites.contains(group.site)
      }
    }
    return meant.map { place(of: $0, regions: regions) }
  }

  /// The smallest replica of a site; nil when nobody knows what one of them draws.
  private func least(at site: String) -> (watts: Watts, name: String)? {
    let there = groups.filter { $0.site == site }
    guard there.allSatisfy({ $0.powerPerChip != nil }) else { return nil }
    return there.map { group in
      let watts = group.powerPerChip! * Double(group.chips) * places.pue(site)
      return (watts, "\(group.chips) \(group.chip.id)")
    }.min { $0.watts < $1.watts }
  }

  /// What sites may draw from the start must let somebody run.
  func check(_ caps: [SitePowerCap]) {
    for cap in caps {
      guard let group = groups.first(where: { $0.site == cap.site }) else { continue }
      let place = place(of: group, regions: [])
      let watts = cap.limit.value * places.pue(cap.site)
      do throws(Diagnostic) {
        try place.check(cap: watts, text: "\(Int(watts)) W at \(cap.site)")
      } catch {
        var diagnostic = error
        diagnostic.location = group.location
        log.report(diagnostic)
      }
    }
  }

  private func place(of group: SetupGroup, regions: [String]) -> DisruptionPlace {
    DisruptionPlace(
      group: group.id, site: group.site, slices: group.replicas + group.spares, regions: regions,
      chip: group.chip, least: least(at: group.site), sendsCaches: group.role == .prefill)
  }
}
