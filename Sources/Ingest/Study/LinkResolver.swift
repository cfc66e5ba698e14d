import FleetData
import Quantities

/// Gives every region-site and site-site pair its round trip: as written, else measured, else from distance.
struct LinkResolver {
  let written: [Link]
  let sites: [Site]
  let regions: [UserRegion]
  let catalogPlaces: [String: String]

  private struct Place {
    var id: String
    var latitude: Double?
    var longitude: Double?
  }

  func links(log: StudyLog) -> [Link] {
    let sitePlaces = sites.map { Place(id: $0.id, latitude: $0.latitude, longitude: $0.longitude) }
    let regionPlaces = regions.map { Place(id: $0.id, latitude: $0.latitude, longitude: $0.longitude) }
    var result: [Link] = []
    for (index, site) in sitePlaces.enumerated() {
      for other in regionPlaces + sitePlaces[(index + 1)...] {
        if let link = link(other, site, log) { result.append(link) }
      }
    }
    return result
  }

  /// The pairs of a region and a site alone, from the region to the site.
  func regionLinks(log: StudyLog) -> [Link] {
    regions.flatMap { region in
      sites.compactMap { site in
        link(
          Place(id: region.id, latitude: region.latitude, longitude: region.longitude),
          Place(id: site.id, latitude: site.latitude, longitude: site.longitude), log)
      }
    }
  }

  private func link(_ from: Place, _ to: Place, _ log: StudyLog) -> Link? {
    if let known = written.first(where: { joins($0, from.id, to.id) }) {
      return Link(
        from: from.id, to: to.id, roundTrip: known.roundTrip, bandwidth: known.bandwidth,
        egressPrice: known.egressPrice, grade: known.grade)
    }
    if let a = catalogPlaces[from.id], let b = catalogPlaces[to.id],
      let measured = RoundTrips.builtIn.measured(from: a, to: b)
    {
      return Link(from: from.id, to: to.id, roundTrip: measured, grade: .measured)
    }
    if let a = from.latitude, let b = from.longitude, let c = to.latitude, let d = to.longitude {
      let distance = RoundTrips.kilometres(a, b, c, d)
      return Link(
        from: from.id, to: to.id, roundTrip: RoundTrips.estimated(kilometres: distance), grade: .derived)
    }
    log.report(
      Diagnostic(
        "no round-trip time between '\(from.id)' and '\(to.id)'",
        expected: "a link with an rtt, or coordinates (or a catalog site) on both"))
    return nil
  }

  private func joins(_ link: Link, _ a: String, _ b: String) -> Bool {
    (link.from == a && link.to == b) || (link.from == b && link.to == a)
  }
}
