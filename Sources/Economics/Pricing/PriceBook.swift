import FleetData
import Quantities

/// What everything in a fleet costs: chip-hours by pod, energy by site.
///
/// Every cost is quantity × unit price, so a spreadsheet reproduces it with one multiplication and a doubled price
/// doubles its line.
public struct PriceBook: Sendable {
  /// Figures that the fleet file does not carry, each with its reason.
  public struct Rules: Sendable, Hashable {
    /// Lost by one spot interruption: reload of weights and warm-up. Assumed: 5 minutes.
    public var spotRestart: Seconds
    /// Life of a building. Assumed: 15 years, the usual data-centre figure.
    public var facilityLife: Seconds
    public init(spotRestart: Seconds = 5 * .minute, facilityLife: Seconds = 15 * .year) {
      self.spotRestart = spotRestart
      self.facilityLife = facilityLife
    }
  }

  /// One pod with everything needed to price its use.
  struct Entry: Sendable {
    var pod: Pod
    var site: Site
    var chipHour: ChipHourPrice
    /// Dollars per kilowatt-hour of IT capacity for the building; `nil` when rented or when no building is owned.
    var facilityUSDPerKWh: Double?
  }

  public let rules: Rules
  let entries: [String: Entry]

  /// - Throws: when a pod names a site that does not exist or a price makes no sense.
  public init(pods: [Pod], sites: [Site], rules: Rules = Rules()) throws(EconomicsError) {
    var entries: [String: Entry] = [:]
    for pod in pods {
      guard let site = sites.first(where: { $0.id == pod.site }) else {
        throw .unknown(kind: "site", id: pod.site)
      }
      entries[pod.id] = try Self.entry(pod, site, rules)
    }
    self.rules = rules
    self.entries = entries
  }

  private static func entry(_ pod: Pod, _ site: Site, _ rules: Rules) throws(EconomicsError) -> Entry {
    for price in [site.electricity] + site.electricityByHour {
      try require(price.value, .nonNegative, "price of electricity at \(site.id) in dollars per joule")
    }
    try require(site.pue, .atLeastOne, "PUE of \(site.id)")
    var facility: Double?
    if case .owned(_, _, let interest) = pod.price.kind, let perWatt = site.constructionPerWatt {
      facility = try hourlyCapitalCost(
        USD(perWatt * 1000), annualInterest: interest, life: rules.facilityLife)
    }
    return Entry(
      pod: pod, site: site, chipHour: try ChipHourPrice(pod.price),
      facilityUSDPerKWh: facility)
  }

  func entry(_ pod: String) throws(EconomicsError) -> Entry {
    guard let entry = entries[pod] else { throw .unknown(kind: "pod", id: pod) }
    return entry
  }

  /// Dollars per chip-hour of a pod.
  public func chipHourPrice(ofPod id: String) throws(EconomicsError) -> ChipHourPrice {
    try entry(id).chipHour
  }

  /// Dollars per useful chip-hour with everything that comes with a busy chip: rent or capital, building,
  /// energy × PUE at the mean of the day, and on spot the time that interruptions of the chip take:
  ///
  ///     spot = rate · (1 + interruptions per second · restart)
  ///
  /// For comparisons of chips whose capacity is not derated; the lines of a plan charge the quoted rate.
  public func allInUSDPerChipHour(ofPod id: String) throws(EconomicsError) -> Double {
    let entry = try entry(id)
    guard !entry.chipHour.includesEnergy else {
      var lost = 0.0
      if case .spot(_, let interruptions) = entry.pod.price.kind {
        lost = interruptions * (entry.pod.restart ?? rules.spotRestart).value
      }
      return entry.chipHour.usdPerHour * (1 + lost)
    }
    let kilowatts = entry.pod.powerPerChip.value.value / 1000
    let energy = kilowatts * entry.site.pue * entry.site.usdPerKWh
    return entry.chipHour.usdPerHour + energy + kilowatts * (entry.facilityUSDPerKWh ?? 0)
  }
}

extension Site {
  /// Of energy drawn evenly over the day.
  var usdPerKWh: Double { meanElectricity.value * Joules.kilowattHour.value }
  var carbonGramsPerKWh: Double? { meanCarbon.map { $0.value * Joules.kilowattHour.value } }

  /// The price of energy drawn so over the 24 hours (UTC) of a day: Σ p(h)·w(h) / Σ w(h).
  func usdPerKWh(drawn: [Double]) -> Double {
    guard !electricityByHour.isEmpty else { return usdPerKWh }
    return Self.mean(electricityByHour.map(\.value), drawn) * Joules.kilowattHour.value
  }

  /// The carbon of energy drawn so, in the same weights.
  func carbonGramsPerKWh(drawn: [Double]) -> Double? {
    guard !carbonByHour.isEmpty else { return carbonGramsPerKWh }
    return Self.mean(carbonByHour.map(\.value), drawn) * Joules.kilowattHour.value
  }

  private static func mean(_ hours: [Double], _ drawn: [Double]) -> Double {
    let total = drawn.reduce(0, +)
    guard total > 0 else { return hours.reduce(0, +) / 24 }
    return zip(hours, drawn).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}
