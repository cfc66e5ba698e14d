import Quantities

/// What users ask of one service, month by month, and what it promised them.
public struct ServiceDemand: Sendable, Hashable {
  /// Requests of one class from one user region: its own peak hour's rate in each month, in requests per second.
  public struct Flow: Sendable, Hashable {
    public var region: String
    /// Index into `classes`.
    public var requestClass: Int
    public var peakRates: [Double]
    /// Load of the 24 hours (UTC) of a day over the peak hour's; empty = any hour may be the peak and the mean is the
    /// service's load factor. It decides which tariff, carbon and power cap the work meets, and which flows share
    /// replicas by peaking at different hours.
    public var hourlyLoad: [Double]

    public init(region: String, requestClass: Int = 0, peakRates: [Double], hourlyLoad: [Double] = []) {
      self.region = region
      self.hourlyLoad = hourlyLoad
      self.requestClass = requestClass
      self.peakRates = peakRates
    }
  }

  public var service: String
  /// Names of the request classes (size buckets) that option capacities are given for.
  public var classes: [String]
  public var flows: [Flow]
  /// Promised time to first token, network included: a route is allowed when RTT + the option's TTFT meets it.
  public var timeToFirstToken: Seconds?
  /// Only sites with this residency may serve it; `nil` = any.
  public var residency: String?
  /// Mean load over peak load, 0…1: turns peak rates into the month's energy.
  public var loadFactor: Double
  /// What simulation left of the predicted capacity, 0…1: 0.9 uses nine tenths of every option's capacity.
  public var capacityFactor: Double
  /// Higher is served first when not everything can be.
  public var priority: Int
  /// Moved between a user and the site that answers, both ways, for one request.
  public var bytesPerRequest: Bytes
  /// The part of them that leaves the site, which is what links charge for.
  public var answerBytes: Bytes

  public init(
    service: String, classes: [String] = ["all"], flows: [Flow], timeToFirstToken: Seconds? = nil,
    residency: String? = nil, loadFactor: Double = 1, capacityFactor: Double = 1, priority: Int = 0,
    bytesPerRequest: Bytes = 0, answerBytes: Bytes = 0
  ) {
    self.service = service
    self.classes = classes
    self.flows = flows
    self.timeToFirstToken = timeToFirstToken
    self.residency = residency
    self.loadFactor = loadFactor
    self.capacityFactor = capacityFactor
    self.priority = priority
    self.bytesPerRequest = bytesPerRequest
    self.answerBytes = answerBytes
  }
}
