import CCatalog
import Foundation
import Quantities

/// Cloud regions with coordinates, electricity, PUE and carbon, and the round-trip times between them.
public struct SiteCatalog: Sendable {
  public static let builtIn = decodeBuiltIn {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return SiteCatalog(sites: try decoder.decode(SiteFile.self, from: $0).sites.map(\.site))
  } bytes: {
    (catalog_sites, catalog_sites_size)
  }

  public var sites: [CatalogSite]

  /// The site with this id (`gcp/us-central1`).
  /// - Throws: a `Diagnostic` that names the nearest known site.
  public func site(_ id: String) throws(Diagnostic) -> CatalogSite {
    if let site = sites.first(where: { $0.id == id }) { return site }
    let help = suggestion(for: id, among: sites.map(\.id))
    throw Diagnostic(
      "unknown catalog site", found: "'\(id)'", expected: "an id of `fleetplan catalog list sites`",
      help: help)
  }
}

/// One region of the catalog; `nil` where no source was found.
public struct CatalogSite: Sendable, Hashable {
  public var id: String
  public var provider: String
  public var location: String
  public var country: String
  public var latitude: Double
  public var longitude: Double
  public var electricity: Figure<USDPerJoule>?
  public var pue: Figure<Double>?
  public var carbon: Figure<GramsCO2PerJoule>?
}

private struct SiteFile: Decodable {
  var sites: [Record]

  struct Sources: Decodable {
    var electricity: String?
    var pue: String?
    var carbon: String?
  }

  struct Record: Decodable {
    var id: String
    var provider: String
    var location: String
    var country: String
    var lat: Double
    var lon: Double
    var electricityUsdPerKwh: Double?
    var pue: Double?
    var pueEstimated: Bool?
    var carbonGPerKwh: Double?
    var sources: Sources?
    var asOf: String

    var site: CatalogSite {
      CatalogSite(
        id: id, provider: provider, location: location, country: country, latitude: lat, longitude: lon,
        electricity: electricityUsdPerKwh.map {
          Figure(USDPerJoule($0 / Joules.kilowattHour.value), provenance(sources?.electricity, .quoted))
        },
        pue: pue.map { Figure($0, provenance(sources?.pue, pueEstimated == true ? .assumed : .quoted)) },
        carbon: carbonGPerKwh.map {
          Figure(GramsCO2PerJoule($0 / Joules.kilowattHour.value), provenance(sources?.carbon, .quoted))
        })
    }

    private func provenance(_ source: String?, _ grade: Grade) -> Provenance {
      Provenance(source: source ?? "catalog site \(id)", asOf: asOf, grade: grade)
    }
  }
}
