import FleetData
import Quantities

/// Decodes `fleet.yaml` (`fleet/1`): regions, sites, pods, links.
struct FleetReader {
  let catalog: Catalog
  let sites: SiteCatalog
  let log: StudyLog

  func fleet(_ node: ConfigNode) -> Fleet {
    let fields = FieldReader(
      node, path: "fleet",
      known: [
        "schema", "name", "currency", "fx", "regions", "sites", "pods", "links", "quotas", "note",
      ], log: log)
    requireSchema("fleet/1", fields, log)
    if let currency = fields.text("currency"), currency != "USD" {
      log.report(
        Diagnostic(
          "plans are in US dollars", at: fields.node("currency")?.location, found: "'\(currency)'",
          expected: "USD", help: "prices may be in \(currency): add fx: {\(currency): $1.00} with its rate"))
    }
    readRates(fields)
    let siteEntries = FieldReader.named(fields.node("sites"), path: "sites", log: log)
    let siteList = siteEntries.compactMap(site)
    let podReader = PodReader(catalog: catalog, log: log)
    let pods = FieldReader.named(fields.node("pods"), path: "pods", log: log)
      .compactMap { podReader.pod($0, siteIDs: siteEntries.map(\.key)) }
    let regions = FieldReader.named(fields.node("regions"), path: "regions", log: log).compactMap(region)
    for (key, isEmpty) in [("sites", siteList.isEmpty), ("pods", pods.isEmpty), ("regions", regions.isEmpty)]
    where isEmpty && fields.node(key) == nil {
      fields.reportMissing(key, example: nil)
    }
    let written = links(fields.node("links"), places: siteEntries.map(\.key) + regions.map(\.id))
    var fleet = Fleet(
      name: fields.text("name") ?? "fleet", sites: siteList, pods: pods,
      links: LinkResolver(
        written: written, sites: siteList, regions: regions, catalogPlaces: catalogPlaces(node)
      )
      .links(log: log),
      regions: regions)
    fleet.quotas = inventory.quotas(fields, catalog: catalog, sites: siteEntries.map(\.key))
    inventory.check(fleet, at: fields.node("sites")?.location ?? fields.location)
    FleetCheck(fleet: fleet, document: node, log: log).check()
    return fleet
  }

  /// `fx: {EUR: $1.08}`: what one unit of another currency costs, pinned in the file and in every plan made with it.
  private func readRates(_ fields: FieldReader) {
    let entries = FieldReader.named(fields.node("fx"), path: "fx", log: log)
    guard let node = fields.node("fx"), !entries.isEmpty else { return }
    for entry in entries where !Dimension.isCurrency(entry.key) || entry.key == "USD" {
      log.report(
        Diagnostic(
          "this is no other currency", at: entry.keyLocation, found: "'\(entry.key)'",
          expected: "an ISO 4217 code such as EUR"))
    }
    let rates = FieldReader(node, path: "fx", known: entries.map(\.key), log: log)
    for entry in entries {
      log.rates[entry.key] = rates.number(entry.key, .money, in: 1e-9...1e9)
    }
  }

  private var inventory: InventoryReader { InventoryReader(log: log) }

  // MARK: Sites and regions

  private func site(_ entry: ConfigNode.Entry) -> Site? {
    let fields = FieldReader(
      entry.value, path: "sites.\(entry.key)",
      known: [
        "catalog", "latitude", "longitude", "power_cap", "pue", "electricity", "tariff", "carbon",
        "residency", "construction", "power_ramp", "power_by_hour", "hourly_ramp", "electricity_by_hour",
        "carbon_by_hour",
        "cooling", "racks", "source", "as_of",
      ], log: log)
    let known = fields.text("catalog").flatMap { catalogSite($0, at: fields.node("catalog")?.location) }
    let cap = fields.requiredNumber(
      "power_cap", .power, in: 0...1e12, help: "every site has a power limit; say what the building can draw")
    let pue = fields.number("pue", .ratio, in: 1...3)
    let byHour = inventory.hours("electricity_by_hour", fields, .energyPrice, in: 0...1)
    let carbonHours = inventory.hours("carbon_by_hour", fields, .carbonIntensity, in: 0...1)
    let electricity = fields.number("electricity", .energyPrice) ?? mean(byHour)
    let carbon = fields.number("carbon", .carbonIntensity) ?? mean(carbonHours)
    if pue == nil { note(fields, "pue", known?.pue?.value, "ratio", known?.pue?.provenance) }
    if electricity == nil {
      note(fields, "electricity", known?.electricity?.value.value, "$/J", known?.electricity?.provenance)
    }
    guard let cap, let pue = pue ?? known?.pue?.value,
      let electricity = electricity.map({ USDPerJoule($0) }) ?? known?.electricity?.value
    else {
      return nil
    }
    let bands = TariffReader(log: log).tariff(fields.node("tariff"), base: electricity, path: fields.path)
    if bands != nil, !byHour.isEmpty {
      log.report(
        Diagnostic(
          "'\(fields.path)' states its tariff twice", at: fields.node("tariff")?.location,
          found: "tariff and electricity_by_hour", expected: "one of them"))
    }
    var site = Site(
      id: entry.key, catalogSite: known?.id,
      latitude: fields.number("latitude", .degrees, in: -90...90) ?? known?.latitude,
      longitude: fields.number("longitude", .degrees, in: -180...180) ?? known?.longitude,
      powerCap: Watts(cap), pue: pue, electricity: bands?.mean ?? electricity,
      carbon: carbon.map { GramsCO2PerJoule($0) } ?? known?.carbon?.value,
      residency: fields.text("residency"),
      constructionPerWatt: fields.number("construction", .constructionPrice),
      provenance: provenance(fields, known))
    site.powerRamp = inventory.powerRamp(fields)
    site.powerShareByHour = inventory.hours("power_by_hour", fields, .ratio, in: 0...1)
    site.hourlyRamp = fields.number("hourly_ramp", .power).map { Watts($0) }
    site.electricityByHour = bands?.byHour(longitude: site.longitude ?? 0) ?? byHour.map { USDPerJoule($0) }
    site.carbonByHour = carbonHours.map { GramsCO2PerJoule($0) }
    site.cooling = fields.number("cooling", .power).map { Watts($0) }
    site.racks = fields.number("racks", .count, in: 0...1e9)
    return site
  }

  private func mean(_ hours: [Double]) -> Double? {
    hours.isEmpty ? nil : hours.reduce(0, +) / Double(hours.count)
  }

  /// Where PUE, electricity and carbon come from: the file where it says them, else the catalog.
  private func provenance(_ fields: FieldReader, _ known: CatalogSite?) -> [String: Provenance] {
    let given = Provenance(
      source: fields.text("source") ?? fields.location.file, asOf: fields.text("as_of") ?? "", grade: .quoted)
    let catalog = [
      "pue": known?.pue?.provenance, "electricity": known?.electricity?.provenance,
      "carbon": known?.carbon?.provenance,
    ]
    return catalog.reduce(into: [:]) { all, entry in
      all[entry.key] = fields.node(entry.key) != nil ? given : entry.value
    }
  }

  /// A value taken from the catalog is noted with its source; one that is nowhere is an error.
  private func note(
    _ fields: FieldReader, _ key: String, _ value: Double?, _ unit: String, _ provenance: Provenance?
  ) {
    guard let value, let provenance else {
      return fields.reportMissing(
        key, example: key == "pue" ? "1.15" : "$0.07/kWh", help: "or name a catalog site")
    }
    log.inputs.append(
      Plan.InputRow(
        id: "\(fields.path).\(key)", value: value, unit: unit, source: provenance.source,
        asOf: provenance.asOf, grade: provenance.grade, isDefault: true, location: fields.location))
  }

  func region(_ entry: ConfigNode.Entry) -> UserRegion? {
    let fields = FieldReader(
      entry.value, path: "regions.\(entry.key)", known: ["catalog", "latitude", "longitude"], log: log)
    let known = fields.text("catalog").flatMap { catalogSite($0, at: fields.node("catalog")?.location) }
    return UserRegion(
      id: entry.key, latitude: fields.number("latitude", .degrees, in: -90...90) ?? known?.latitude,
      longitude: fields.number("longitude", .degrees, in: -180...180) ?? known?.longitude)
  }

  func catalogSite(_ id: String, at location: Diagnostic.Location?) -> CatalogSite? {
    do throws(Diagnostic) {
      return try sites.site(id)
    } catch {
      var diagnostic = error
      diagnostic.location = location
      log.report(diagnostic)
      return nil
    }
  }

  /// Which catalog place each site and region stands at, for the measured round trips.
  private func catalogPlaces(_ node: ConfigNode) -> [String: String] {
    var places: [String: String] = [:]
    for section in ["sites", "regions"] {
      guard case .mapping(let entries)? = node[section]?.content else { continue }
      for entry in entries {
        if case .scalar(let id)? = entry.value["catalog"]?.content { places[entry.key] = id }
      }
    }
    return places
  }

  // MARK: Links

  func links(_ node: ConfigNode?, places: [String]) -> [Link] {
    guard let node else { return [] }
    guard case .sequence(let items) = node.content else {
      log.report(Diagnostic("'links' must be a list", at: node.location, found: node.kind))
      return []
    }
    return items.enumerated().compactMap { link($0.element, path: "links.\($0.offset + 1)", places: places) }
  }

  private func link(_ node: ConfigNode, path: String, places: [String]) -> Link? {
    let fields = FieldReader(
      node, path: path, known: ["from", "to", "rtt", "bandwidth", "egress", "source", "as_of"], log: log)
    guard let from = place("from", fields, places), let to = place("to", fields, places),
      let roundTrip = fields.requiredNumber("rtt", .duration, in: 0...10)
    else { return nil }
    return Link(
      from: from, to: to, roundTrip: Seconds(roundTrip),
      bandwidth: fields.number("bandwidth", .bandwidth).map { BytesPerSecond($0) },
      egressPrice: fields.number("egress", .bytePrice).map { USDPerByte($0) }, grade: .quoted)
  }

  private func place(_ key: String, _ fields: FieldReader, _ places: [String]) -> String? {
    guard let name = fields.requiredText(key) else { return nil }
    if places.contains(name) { return name }
    log.report(
      Diagnostic(
        "a link ends at an unknown place", at: fields.node(key)?.location, found: "'\(name)'",
        expected: "a site or region", help: suggestion(for: name, among: places)))
    return nil
  }
}

/// The first field of every file says what it is, so that an old file is never read by new rules.
func requireSchema(_ schema: String, _ fields: FieldReader, _ log: StudyLog) {
  guard let found = fields.text("schema") else {
    return fields.reportMissing("schema", example: schema)
  }
  if found != schema {
    log.report(
      Diagnostic(
        "this file is of another schema", at: fields.node("schema")?.location, found: "'\(found)'",
        expected: "'\(schema)'"))
  }
}
