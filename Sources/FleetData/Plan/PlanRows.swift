extension Plan {
  /// Replicas of one service on one pod in one slice shape, in one month.
  public struct Deployment: Codable, Sendable, Hashable {
    /// `chat/us-east-v5p/2x2x2/2027-01`.
    public var id: String
    public var month: Int
    public var service: String
    public var site: String
    public var pod: String
    public var chip: String
    public var slice: String
    public var sharding: Sharding
    public var chipsPerReplica: Int
    public var replicas: Int
    /// Requests per second one replica serves within the SLO (a simulator result).
    public var capacityPerReplica: Double
    /// Requests per second routed to this deployment in its busiest hour.
    public var load: Double
    /// Mean power per replica under that load, in watts, before PUE.
    public var wattsPerReplica: Double
    public var bound: StepEstimate.Bound
    public var grade: Grade
    /// The model it answers with.
    public var model: String?
    /// Of the replicas, those kept ready because some are down at any time.
    public var spares: Int?
    /// The hour (UTC) in which it is busiest; `nil` where demand does not say how it runs through the day.
    public var peakHour: Int?
    /// FLOPs its load asks for over those its chips could do at their peak.
    public var mfu: Double?
    public init(
      id: String, month: Int, service: String, site: String, pod: String, chip: String, slice: String,
      sharding: Sharding, chipsPerReplica: Int, replicas: Int, capacityPerReplica: Double, load: Double,
      wattsPerReplica: Double, bound: StepEstimate.Bound, grade: Grade, model: String? = nil,
      spares: Int? = nil, peakHour: Int? = nil, mfu: Double? = nil
    ) {
      self.peakHour = peakHour
      self.model = model
      self.spares = spares
      self.mfu = mfu
      self.id = id
      self.month = month
      self.service = service
      self.site = site
      self.pod = pod
      self.chip = chip
      self.slice = slice
      self.sharding = sharding
      self.chipsPerReplica = chipsPerReplica
      self.replicas = replicas
      self.capacityPerReplica = capacityPerReplica
      self.load = load
      self.wattsPerReplica = wattsPerReplica
      self.bound = bound
      self.grade = grade
    }
  }

  public struct DemandRow: Codable, Sendable, Hashable {
    public var month: Int
    public var service: String
    public var requestsPerSecond: Double
    public var meanInputTokens: Double
    public var meanOutputTokens: Double
    public init(
      month: Int, service: String, requestsPerSecond: Double, meanInputTokens: Double,
      meanOutputTokens: Double
    ) {
      self.month = month
      self.service = service
      self.requestsPerSecond = requestsPerSecond
      self.meanInputTokens = meanInputTokens
      self.meanOutputTokens = meanOutputTokens
    }
  }

  /// Law: used + free + stranded = installed.
  public struct InventoryRow: Codable, Sendable, Hashable {
    public var month: Int
    public var pod: String
    public var installed: Int
    public var used: Int
    public var free: Int
    /// Chips left over that no allowed slice shape can tile.
    public var stranded: Int
    public init(month: Int, pod: String, installed: Int, used: Int, free: Int, stranded: Int) {
      self.month = month
      self.pod = pod
      self.installed = installed
      self.used = used
      self.free = free
      self.stranded = stranded
    }
  }

  public struct PowerRow: Codable, Sendable, Hashable {
    public var month: Int
    public var site: String
    public var itWatts: Double
    public var facilityWatts: Double
    public var capWatts: Double
    public init(month: Int, site: String, itWatts: Double, facilityWatts: Double, capWatts: Double) {
      self.month = month
      self.site = site
      self.itWatts = itWatts
      self.facilityWatts = facilityWatts
      self.capWatts = capWatts
    }
  }

  /// One line of cost: quantity × unit price. Lines sum to the month's total.
  public struct CostLine: Codable, Sendable, Hashable {
    /// Facility is the building around owned chips: kilowatt-hours of IT capacity × dollars for each.
    public enum Category: String, Codable, Sendable { case compute, energy, facility, network }
    /// `2027-01/us-east-v5p/chat/compute`.
    public var id: String
    public var month: Int
    public var site: String
    public var pod: String
    /// `nil`: chips paid for that serve nobody.
    public var service: String?
    public var category: Category
    /// Chip-hours, or kWh at the meter.
    public var quantity: Double
    public var quantityUnit: String
    /// Dollars per chip-hour or per kWh; 0 on an energy line whose energy is inside the rental price.
    public var unitPrice: Double
    public var cost: Double
    /// kWh of IT energy behind an energy line (quantity = this × PUE).
    public var itKWh: Double?
    public var carbonKilograms: Double?
    public init(
      id: String, month: Int, site: String, pod: String, service: String?, category: Category,
      quantity: Double, quantityUnit: String, unitPrice: Double, cost: Double, itKWh: Double? = nil,
      carbonKilograms: Double? = nil
    ) {
      self.id = id
      self.month = month
      self.site = site
      self.pod = pod
      self.service = service
      self.category = category
      self.quantity = quantity
      self.quantityUnit = quantityUnit
      self.unitPrice = unitPrice
      self.cost = cost
      self.itKWh = itKWh
      self.carbonKilograms = carbonKilograms
    }
  }

  /// What a token costs: used counts busy chip time, allocated everything reserved for the service.
  public struct UnitCost: Codable, Sendable, Hashable {
    public var service: String
    public var month: Int
    public var usdPerMillionInputTokens: Double
    public var usdPerMillionOutputTokens: Double
    public var usdPerMillionTokens: Double
    public var usedUSDPerMillionTokens: Double
    public var usdPerFLOP: Double
    public var tokensPerUSD: Double
    public var gramsCO2PerMillionTokens: Double?
    public var joulesPerToken: Double
    public init(
      service: String, month: Int, usdPerMillionInputTokens: Double, usdPerMillionOutputTokens: Double,
      usdPerMillionTokens: Double, usedUSDPerMillionTokens: Double, usdPerFLOP: Double, tokensPerUSD: Double,
      gramsCO2PerMillionTokens: Double?, joulesPerToken: Double
    ) {
      self.service = service
      self.month = month
      self.usdPerMillionInputTokens = usdPerMillionInputTokens
      self.usdPerMillionOutputTokens = usdPerMillionOutputTokens
      self.usdPerMillionTokens = usdPerMillionTokens
      self.usedUSDPerMillionTokens = usedUSDPerMillionTokens
      self.usdPerFLOP = usdPerFLOP
      self.tokensPerUSD = tokensPerUSD
      self.gramsCO2PerMillionTokens = gramsCO2PerMillionTokens
      self.joulesPerToken = joulesPerToken
    }
  }

  /// One promised latency, judged by simulation.
  public struct ServiceLevelRow: Codable, Sendable, Hashable {
    public enum Verdict: String, Codable, Sendable { case pass, fail, inconclusive, unsteady }
    /// `chat/ttft/2027-01`.
    public var id: String
    public var month: Int
    public var service: String
    /// `ttft`, `tpot` or `e2e`.
    public var metric: String
    public var percentile: Double
    public var targetSeconds: Double
    public var result: Interval
    public var requests: Int
    public var verdict: Verdict
    public var note: String?
    public init(
      id: String, month: Int, service: String, metric: String, percentile: Double, targetSeconds: Double,
      result: Interval, requests: Int, verdict: Verdict, note: String? = nil
    ) {
      self.id = id
      self.month = month
      self.service = service
      self.metric = metric
      self.percentile = percentile
      self.targetSeconds = targetSeconds
      self.result = result
      self.requests = requests
      self.verdict = verdict
      self.note = note
    }
  }
}
