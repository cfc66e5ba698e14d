import FleetData
import Quantities

/// Where replicas stand and where users are: from the fleet that a setup names, or from the setup itself.
struct SetupPlaces {
  /// The site of groups that name none, where a setup has no sites.
  static let onlySite = "site"

  private(set) var sites: [SetupSite] = []
  private(set) var regions: [String] = []
  /// From every region to every site.
  private(set) var links: [Link] = []
  private(set) var powerCaps: [SitePowerCap] = []
  let pods: [Pod]
  private let log: StudyLog

  init(_ fields: FieldReader, fleet: Fleet?, catalog: Catalog, log: StudyLog) {
    self.log = log
    pods = fleet?.pods ?? []
    if let fleet {
      take(fleet)
      for key in ["sites", "regions", "links"] {
        guard let node = fields.node(key) else { continue }
        log.report(
          Diagnostic(
            "'\(key)' are those of the fleet", at: node.location, found: "fleet and \(key)",
            expected: "one of them"))
      }
    } else {
      read(fields, catalog)
    }
  }

  private mutating func take(_ fleet: Fleet) {
    sites = fleet.sites.map { SetupSite(id: $0.id, pue: $0.pue, electricity: $0.electricity) }
    regions = fleet.regions.map(\.id)
    links = fleet.links.compactMap { link in
      if regions.contains(link.from), sites.contains(where: { $0.id == link.to }) { return link }
      guard regions.contains(link.to), sites.contains(where: { $0.id == link.from }) else { return nil }
      var turned = link
      (turned.from, turned.to) = (link.to, link.from)
      return turned
    }
    powerCaps = fleet.sites.map { SitePowerCap(site: $0.id, limit: $0.powerCap / $0.pue) }
  }

  private mutating func read(_ fields: FieldReader, _ catalog: Catalog) {
    let reader = FleetReader(catalog: catalog, sites: .builtIn, log: log)
    let siteEntries = FieldReader.named(fields.node("sites"), path: "sites", log: log)
    let places = siteEntries.map { site($0, reader) }
    let userRegions = FieldReader.named(fields.node("regions"), path: "regions", log: log)
      .compactMap(reader.region)
    regions = userRegions.map(\.id)
    if siteEntries.isEmpty {
      sites = [SetupSite(id: Self.onlySite)]
      if let node = fields.node("regions"), !regions.isEmpty {
        log.report(
          Diagnostic(
            "users are far from nothing", at: node.location, found: "regions without sites",
            expected: "sites: {iowa: {catalog: gcp/us-central1}}"))
      }
    }
    let written = reader.links(fields.node("links"), places: siteEntries.map(\.key) + regions)
    guard !regions.isEmpty, !siteEntries.isEmpty else { return }
    links = LinkResolver(
      written: written, sites: places, regions: userRegions, catalogPlaces: Self.catalogPlaces(fields)
    ).regionLinks(log: log)
  }

  /// `iowa: {catalog: gcp/us-central1, pue: 1.1, electricity: $0.06/kWh, power_cap: 500kW}`; nothing of it is needed.
  private mutating func site(_ entry: ConfigNode.Entry, _ reader: FleetReader) -> Site {
    let fields = FieldReader(
      entry.value, path: "sites.\(entry.key)",
      known: ["catalog", "latitude", "longitude", "pue", "electricity", "power_cap"], log: log)
    let known = fields.text("catalog").flatMap {
      reader.catalogSite($0, at: fields.node("catalog")?.location)
    }
    let pue = fields.number("pue", .ratio, in: 1...3) ?? known?.pue?.value
    let electricity =
      fields.number("electricity", .energyPrice).map { USDPerJoule($0) } ?? known?.electricity?.value
    sites.append(SetupSite(id: entry.key, pue: pue, electricity: electricity))
    if let cap = fields.number("power_cap", .power, in: 1...1e12) {
      powerCaps.append(SitePowerCap(site: entry.key, limit: Watts(cap / (pue ?? 1))))
    }
    return Site(
      id: entry.key, catalogSite: known?.id,
      latitude: fields.number("latitude", .degrees, in: -90...90) ?? known?.latitude,
      longitude: fields.number("longitude", .degrees, in: -180...180) ?? known?.longitude, powerCap: 0,
      pue: pue ?? 1, electricity: electricity ?? 0, carbon: nil, residency: nil, constructionPerWatt: nil,
      provenance: [:])
  }

  private static func catalogPlaces(_ fields: FieldReader) -> [String: String] {
    var places: [String: String] = [:]
    for section in ["sites", "regions"] {
      guard case .mapping(let entries)? = fields.node(section)?.content else { continue }
      for entry in entries {
        if case .scalar(let id)? = entry.value["catalog"]?.content { places[entry.key] = id }
      }
    }
    return places
  }

  /// Facility power per IT power; 1 where nobody says.
  func pue(_ site: String) -> Double { sites.first { $0.id == site }?.pue ?? 1 }

  /// The site with this id; an unknown one is reported where it is named.
  func site(_ fields: FieldReader, _ key: String = "site") -> String? {
    guard let name = fields.text(key) else { return nil }
    let ids = sites.map(\.id)
    if ids.contains(name) { return name }
    log.report(
      Diagnostic(
        "unknown site", at: fields.node(key)?.location, found: "'\(name)'",
        expected: "one of \(ids.joined(separator: ", "))",
        help: nearest(to: name, among: ids).map { "did you mean '\($0)'?" }
          ?? "add it under sites:"))
    return nil
  }
}
