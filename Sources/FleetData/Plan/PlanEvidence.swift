extension Plan {
  /// One pass of plan → simulate → tighten.
  public struct PlanningRound: Codable, Sendable, Hashable {
    public var round: Int
    public var month: Int
    public var service: String
    public var replicas: Int
    public var verdict: ServiceLevelRow.Verdict
    public var action: String
    /// The largest simulated latency over its target; `nil` when none was promised.
    public var worstLatencyShare: Double?
    /// The site that was killed at the peak, where its loss was simulated.
    public var siteLost: String?
    public init(
      round: Int, month: Int, service: String, replicas: Int, verdict: ServiceLevelRow.Verdict,
      action: String, worstLatencyShare: Double? = nil, siteLost: String? = nil
    ) {
      self.worstLatencyShare = worstLatencyShare
      self.siteLost = siteLost
      self.round = round
      self.month = month
      self.service = service
      self.replicas = replicas
      self.verdict = verdict
      self.action = action
    }
  }

  /// What runs out, where and when.
  public struct Shortfall: Codable, Sendable, Hashable {
    public var month: Int
    public var resource: String
    public var site: String?
    public var missing: Double
    public var unit: String
    public var sentence: String
    public init(month: Int, resource: String, site: String?, missing: Double, unit: String, sentence: String)
    {
      self.month = month
      self.resource = resource
      self.site = site
      self.missing = missing
      self.unit = unit
      self.sentence = sentence
    }
  }

  /// Another plan that was possible, and what it gives up.
  public struct Alternative: Codable, Sendable, Hashable {
    public var name: String
    /// In the last month; `nil` when this fleet cannot have it.
    public var monthlyCost: Double?
    public var chips: Int?
    public var carbonKilograms: Double?
    public var givesUp: String
    public var chosen: Bool
    /// Mean round trip of a request.
    public var meanRoundTripSeconds: Double?
    public init(
      name: String, monthlyCost: Double?, chips: Int?, carbonKilograms: Double?, givesUp: String,
      chosen: Bool, meanRoundTripSeconds: Double? = nil
    ) {
      self.meanRoundTripSeconds = meanRoundTripSeconds
      self.name = name
      self.monthlyCost = monthlyCost
      self.chips = chips
      self.carbonKilograms = carbonKilograms
      self.givesUp = givesUp
      self.chosen = chosen
    }
  }

  public struct SensitivityRow: Codable, Sendable, Hashable {
    public var driver: String
    public var low: String
    public var high: String
    public var baseCost: Double
    public var costAtLow: Double
    public var costAtHigh: Double
    public init(
      driver: String, low: String, high: String, baseCost: Double, costAtLow: Double, costAtHigh: Double
    ) {
      self.driver = driver
      self.low = low
      self.high = high
      self.baseCost = baseCost
      self.costAtLow = costAtLow
      self.costAtHigh = costAtHigh
    }
  }

  public struct GateResult: Codable, Sendable, Hashable {
    public enum Status: String, Codable, Sendable { case pass, fail, inconclusive }
    public var gate: Gate
    public var status: Status
    public var value: Double
    public var low: Double?
    public var high: Double?
    public var limit: Double
    public var unit: String
    public var detail: String
    public init(
      gate: Gate, status: Status, value: Double, low: Double? = nil, high: Double? = nil, limit: Double,
      unit: String, detail: String
    ) {
      self.gate = gate
      self.status = status
      self.value = value
      self.low = low
      self.high = high
      self.limit = limit
      self.unit = unit
      self.detail = detail
    }
  }

  /// A law that was checked.
  public struct Check: Codable, Sendable, Hashable {
    public var name: String
    public var passed: Bool
    public var detail: String
    public init(name: String, passed: Bool, detail: String) {
      self.name = name
      self.passed = passed
      self.detail = detail
    }
  }

  /// An assumption: a value with where it came from, and whether it was given or is a default.
  public struct InputRow: Codable, Sendable, Hashable {
    /// `services.chat.growth`.
    public var id: String
    public var value: Double?
    public var text: String?
    public var unit: String
    public var source: String
    public var asOf: String
    public var grade: Grade
    public var isDefault: Bool
    public var location: Diagnostic.Location?
    /// The least and the greatest value that the sensitivity analysis tried.
    public var low: Double?
    public var high: Double?
    public init(
      id: String, value: Double? = nil, text: String? = nil, unit: String, source: String, asOf: String,
      grade: Grade, isDefault: Bool, location: Diagnostic.Location? = nil
    ) {
      self.id = id
      self.value = value
      self.text = text
      self.unit = unit
      self.source = source
      self.asOf = asOf
      self.grade = grade
      self.isDefault = isDefault
      self.location = location
    }
  }

  public struct SourceFile: Codable, Sendable, Hashable {
    public var path: String
    public var sha256: String
    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  public struct DataQualityRow: Codable, Sendable, Hashable {
    public var trace: String
    public var format: String
    public var accepted: Int
    public var rejected: Int
    public var firstRejections: [String]
    public var notes: [String]
    public init(
      trace: String, format: String, accepted: Int, rejected: Int, firstRejections: [String], notes: [String]
    ) {
      self.trace = trace
      self.format = format
      self.accepted = accepted
      self.rejected = rejected
      self.firstRejections = firstRejections
      self.notes = notes
    }
  }

  /// What the solver promised: objective, bound and the gap between them.
  public struct SolverReport: Codable, Sendable, Hashable {
    public var solver: String
    public var objective: Double
    public var bound: Double
    public var relativeGap: Double
    public var bindingConstraints: [String]
    /// A search ends when the gap is within this, or after so many nodes. Nodes, not seconds, so that the same
    /// inputs give the same plan on any machine.
    public var gapLimit: Double?
    public var nodeLimit: Int?
    /// Was the gap proved within its limit in every month?
    public var proven: Bool?
    public init(
      solver: String, objective: Double, bound: Double, relativeGap: Double, bindingConstraints: [String],
      gapLimit: Double? = nil, nodeLimit: Int? = nil, proven: Bool? = nil
    ) {
      self.gapLimit = gapLimit
      self.nodeLimit = nodeLimit
      self.proven = proven
      self.solver = solver
      self.objective = objective
      self.bound = bound
      self.relativeGap = relativeGap
      self.bindingConstraints = bindingConstraints
    }
  }
}
