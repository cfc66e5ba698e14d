/// What exists: sites, the pods that stand there, the links between them and the user regions they serve.
public struct Fleet: Sendable, Hashable {
  public var name: String
  public var currency: String
  public var sites: [Site]
  public var pods: [Pod]
  public var links: [Link]
  public var regions: [UserRegion]
  /// Chips that may be in use at most, whatever stands there.
  public var quotas: [ChipQuota] = []

  public init(
    name: String, currency: String = "USD", sites: [Site], pods: [Pod], links: [Link],
    regions: [UserRegion]
  ) {
    self.name = name
    self.currency = currency
    self.sites = sites
    self.pods = pods
    self.links = links
    self.regions = regions
  }
}

/// The most chips of one kind that may be in use, at one site or over all.
public struct ChipQuota: Sendable, Hashable {
  public var chip: String
  /// `nil` = over all sites.
  public var site: String?
  public var chips: Int
  public init(chip: String, site: String? = nil, chips: Int) {
    self.chip = chip
    self.site = site
    self.chips = chips
  }
}

/// Where users are; round-trip times run from here to the sites.
public struct UserRegion: Sendable, Hashable {
  public var id: String
  public var latitude: Double?
  public var longitude: Double?
  public init(id: String, latitude: Double? = nil, longitude: Double? = nil) {
    self.id = id
    self.latitude = latitude
    self.longitude = longitude
  }
}
