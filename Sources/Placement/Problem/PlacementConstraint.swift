/// A limit a plan ran into, or cannot live within.
public enum PlacementConstraint: Sendable, Hashable {
  /// Chips of a pod, as its slice shapes tile it.
  case chips(pod: String, month: Int)
  /// Facility power of a site.
  case power(site: String, month: Int)
  case budget(month: Int)
  /// Facility power of a site in one hour of the day.
  case hourlyPower(site: String, hour: Int, month: Int)
  /// Change of a site's draw from the hour before.
  case powerRamp(site: String, hour: Int, month: Int)
  /// IT power that a site can cool.
  case cooling(site: String, month: Int)
  /// Rack positions of a site.
  case space(site: String, month: Int)
  /// Chips of a kind that may be in use; no site = over all.
  case quota(chip: String, site: String?, month: Int)
  /// Bytes per second between a region and a site.
  case bandwidth(region: String, site: String, month: Int)
  /// Blocks of a pod that may still be bought.
  case purchases(pod: String)
  /// Demand of a service with one site gone.
  case siteLoss(site: String, service: String, month: Int)
  /// Demand of a service from one region.
  case demand(service: String, region: String, month: Int)
  /// Round-trip time plus time to first token from one region.
  case latency(service: String, region: String)
  /// Where a service's data may stay.
  case residency(service: String)
  /// No slice of any pod can hold the model of a service.
  case noHost(service: String)

  /// Stable name, for tables and for machines.
  public var name: String {
    switch self {
    case .chips(let pod, let month): "chips(\(pod), month \(month))"
    case .power(let site, let month): "power(\(site), month \(month))"
    case .budget(let month): "budget(month \(month))"
    case .hourlyPower(let site, let hour, let month): "power(\(site), hour \(hour), month \(month))"
    case .powerRamp(let site, let hour, let month): "power-ramp(\(site), hour \(hour), month \(month))"
    case .cooling(let site, let month): "cooling(\(site), month \(month))"
    case .space(let site, let month): "space(\(site), month \(month))"
    case .quota(let chip, let site, let month): "quota(\(chip), \(site ?? "all sites"), month \(month))"
    case .bandwidth(let region, let site, let month): "bandwidth(\(region), \(site), month \(month))"
    case .purchases(let pod): "purchases(\(pod))"
    case .siteLoss(let site, let service, let month): "site-loss(\(site), \(service), month \(month))"
    case .demand(let service, let region, let month): "demand(\(service), \(region), month \(month))"
    case .latency(let service, let region): "latency(\(service), \(region))"
    case .residency(let service): "residency(\(service))"
    case .noHost(let service): "no-host(\(service))"
    }
  }

  /// Is it a limit that several services share?
  var isShared: Bool {
    switch self {
    case .siteLoss, .demand, .latency, .residency, .noHost: false
    default: true
    }
  }

  public var month: Int? {
    switch self {
    case .chips(_, let month), .power(_, let month), .budget(let month), .siteLoss(_, _, let month),
      .demand(_, _, let month), .hourlyPower(_, _, let month), .powerRamp(_, _, let month),
      .cooling(_, let month), .space(_, let month), .quota(_, _, let month), .bandwidth(_, _, let month):
      month
    case .purchases, .latency, .residency, .noHost: nil
    }
  }
}
