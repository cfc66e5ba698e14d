import Quantities

/// A place with power and pods.
public struct Site: Sendable, Hashable {
  public var id: String
  /// The `sites.json` record it takes coordinates, electricity, PUE and carbon from, if any.
  public var catalogSite: String?
  public var latitude: Double?
  public var longitude: Double?
  /// Facility power: IT power × PUE may not exceed it.
  public var powerCap: Watts
  public var pue: Double
  /// Price of energy; with a tariff the mean over its day, which is what chips that never stop pay.
  public var electricity: USDPerJoule
  public var carbon: GramsCO2PerJoule?
  /// Where data may stay: compared with a service's `residency`.
  public var residency: String?
  /// Building cost per watt of IT load, when the study owns the building.
  public var constructionPerWatt: Double?
  public var provenance: [String: Provenance]
  /// Later power caps, each from its month on, in the order of the months.
  public var powerRamp: [PowerStep] = []
  /// Share of the cap that may be drawn in each of the 24 hours (UTC) of a day; empty = all of it always.
  public var powerShareByHour: [Double] = []
  /// The most that the facility's draw may change from one hour to the next.
  public var hourlyRamp: Watts?
  /// Prices and carbon of the 24 hours (UTC) of a day; empty = `electricity` and `carbon` always.
  public var electricityByHour: [USDPerJoule] = []
  public var carbonByHour: [GramsCO2PerJoule] = []
  /// IT power that can be cooled.
  public var cooling: Watts?
  /// Rack positions there are.
  public var racks: Double?

  public init(
    id: String, catalogSite: String? = nil, latitude: Double? = nil, longitude: Double? = nil,
    powerCap: Watts, pue: Double, electricity: USDPerJoule,
    carbon: GramsCO2PerJoule? = nil, residency: String? = nil, constructionPerWatt: Double? = nil,
    provenance: [String: Provenance] = [:]
  ) {
    self.id = id
    self.catalogSite = catalogSite
    self.latitude = latitude
    self.longitude = longitude
    self.powerCap = powerCap
    self.pue = pue
    self.electricity = electricity
    self.carbon = carbon
    self.residency = residency
    self.constructionPerWatt = constructionPerWatt
    self.provenance = provenance
  }
}

/// A network path between two sites, or from a user region to a site.
public struct Link: Sendable, Hashable {
  public var from: String
  public var to: String
  public var roundTrip: Seconds
  public var bandwidth: BytesPerSecond?
  public var egressPrice: USDPerByte?
  public var grade: Grade

  public init(
    from: String, to: String, roundTrip: Seconds, bandwidth: BytesPerSecond? = nil,
    egressPrice: USDPerByte? = nil, grade: Grade
  ) {
    self.from = from
    self.to = to
    self.roundTrip = roundTrip
    self.bandwidth = bandwidth
    self.egressPrice = egressPrice
    self.grade = grade
  }
}
