import FleetData
import Quantities

/// Does an inventory hold together? Each contradiction is reported at the pod, site or link that states it.
struct FleetCheck {
  let fleet: Fleet
  let document: ConfigNode
  let log: StudyLog

  func check() {
    for pod in fleet.pods { supply(pod) }
    for site in fleet.sites { idlePower(site) }
    for link in fleet.links where link.grade == .quoted { light(link) }
    contradictoryLinks()
  }

  private func place(_ section: String, _ id: String, _ key: String) -> Diagnostic.Location? {
    let node = document[section]?[id]
    return node?[key]?.location ?? node?.location
  }

  // MARK: Pods

  private func supply(_ pod: Pod) {
    if pod.count == 0, pod.purchasable == 0 {
      log.report(
        Diagnostic(
          "'pods.\(pod.id)' has no chips and none can be bought", at: place("pods", pod.id, "count"),
          found: "count 0", expected: "a count of 1 or more, or purchasable: 1"))
    }
    if pod.leadTimeMonths > 0, pod.purchasable == 0 {
      log.report(
        Diagnostic(
          "'pods.\(pod.id)' has a lead time and nothing to order", at: place("pods", pod.id, "lead_time"),
          found: "lead_time without purchasable", expected: "purchasable: 1 or more"))
    }
  }

  // MARK: Sites

  /// Chips that are paid for whether used or not draw their idle power from the first day to the last.
  private func idlePower(_ site: Site) {
    let standing = fleet.pods.filter {
      $0.site == site.id && $0.isPaidWhenUnused && $0.availableFromMonth == 0
    }
    let watts = standing.reduce(0.0) {
      $0 + Double($1.chips) * $1.powerPerChip.value.value * $1.idlePowerShare * site.pue
    }
    guard watts > site.powerCap.value, site.powerCap.value > 0 else { return }
    let kilowatts = { (value: Double) in "\((value / 100).rounded(.up) / 10)kW" }
    log.report(
      Diagnostic(
        "the chips of 'sites.\(site.id)' draw more when idle than the site may",
        at: place("sites", site.id, "power_cap"),
        found: "a cap of \(kilowatts(site.powerCap.value)) for \(standing.map(\.id).joined(separator: ", "))",
        expected: "power_cap: \(kilowatts(watts)) or more, or fewer chips"))
  }

  // MARK: Links

  /// No message is faster than light along the great circle there and back.
  private func light(_ link: Link) {
    guard let a = coordinates(link.from), let b = coordinates(link.to) else { return }
    let kilometres = RoundTrips.kilometres(a.latitude, a.longitude, b.latitude, b.longitude)
    let shortest = 2 * kilometres / 299_792.458
    guard link.roundTrip.value < shortest else { return }
    log.report(
      Diagnostic(
        "the round trip between \(link.from) and \(link.to) is faster than light",
        at: location(of: link), found: "\((link.roundTrip.value * 1e4).rounded() / 10)ms",
        expected: "at least \((shortest * 1e4).rounded(.up) / 10)ms"))
  }

  private func contradictoryLinks() {
    var seen: [Link] = []
    for link in fleet.links where link.grade == .quoted {
      let ends = Set([link.from, link.to])
      if let other = seen.first(where: { Set([$0.from, $0.to]) == ends && $0.roundTrip != link.roundTrip }) {
        log.report(
          Diagnostic(
            "two links join \(link.from) and \(link.to) with different round trips", at: location(of: link),
            found: "\((other.roundTrip.value * 1e4).rounded() / 10)ms and "
              + "\((link.roundTrip.value * 1e4).rounded() / 10)ms", expected: "one of them"))
      }
      seen.append(link)
    }
  }

  private func location(of link: Link) -> Diagnostic.Location? {
    guard case .sequence(let items)? = document["links"]?.content else { return document.location }
    let written = items.last { item in
      guard case .scalar(let from)? = item["from"]?.content, case .scalar(let to)? = item["to"]?.content
      else { return false }
      return Set([from, to]) == Set([link.from, link.to])
    }
    return (written ?? document).location
  }

  private func coordinates(_ id: String) -> (latitude: Double, longitude: Double)? {
    let site = fleet.sites.first { $0.id == id }
    let region = fleet.regions.first { $0.id == id }
    guard let latitude = site?.latitude ?? region?.latitude,
      let longitude = site?.longitude ?? region?.longitude
    else { return nil }
    return (latitude, longitude)
  }
}

extension Pod {
  var isPaidWhenUnused: Bool {
    switch price.kind {
    case .owned, .committed: true
    case .onDemand, .spot: false
    }
  }
}
