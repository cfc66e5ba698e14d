/// What changed between two plans, and why: `comparison/1`.
///
/// Money is the mean month of the horizon, so that a change that bites late is not lost. Bridge law: the baseline plus
/// every step equals the candidate.
public struct Comparison: Codable, Sendable, Hashable {
  public static let schema = "comparison/1"

  public struct Side: Codable, Sendable, Hashable {
    public var id: String
    public var name: String
    public var toolVersion: String
    public var seed: UInt64
    public var monthlyCost: Double
    public var peakChips: Int
    public var sources: [Plan.SourceFile]
    public init(
      id: String, name: String, toolVersion: String, seed: UInt64, monthlyCost: Double, peakChips: Int,
      sources: [Plan.SourceFile]
    ) {
      self.id = id
      self.name = name
      self.toolVersion = toolVersion
      self.seed = seed
      self.monthlyCost = monthlyCost
      self.peakChips = peakChips
      self.sources = sources
    }
  }

  public struct Step: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable {
      case baseline, priceDrift = "price_drift", change, usage, interaction, candidate
    }
    public var name: String
    public var kind: Kind
    /// A total for baseline and candidate, a signed change for all others; dollars per mean month.
    public var amount: Double
    public init(name: String, kind: Kind, amount: Double) {
      self.name = name
      self.kind = kind
      self.amount = amount
    }
  }

  public enum Status: String, Codable, Sendable { case added, removed, changed, same }

  public struct Row: Codable, Sendable, Hashable {
    public var service: String
    public var status: Status
    public var baseCost: Double
    public var candidateCost: Double
    /// Chips at the horizon's peak.
    public var baseChips: Int
    public var candidateChips: Int
    /// The promise that comes closest to being broken, as a share of its target.
    public var baseLatencyShare: Double?
    public var candidateLatencyShare: Double?
    public init(
      service: String, status: Status, baseCost: Double, candidateCost: Double, baseChips: Int,
      candidateChips: Int,
      baseLatencyShare: Double? = nil, candidateLatencyShare: Double? = nil
    ) {
      self.service = service
      self.status = status
      self.baseCost = baseCost
      self.candidateCost = candidateCost
      self.baseChips = baseChips
      self.candidateChips = candidateChips
      self.baseLatencyShare = baseLatencyShare
      self.candidateLatencyShare = candidateLatencyShare
    }
    public var delta: Double { candidateCost - baseCost }
  }

  public struct MonthRow: Codable, Sendable, Hashable {
    public var label: String
    public var baseCost: Double
    public var candidateCost: Double
    public var baseChips: Int
    public var candidateChips: Int
    public init(label: String, baseCost: Double, candidateCost: Double, baseChips: Int, candidateChips: Int) {
      self.label = label
      self.baseCost = baseCost
      self.candidateCost = candidateCost
      self.baseChips = baseChips
      self.candidateChips = candidateChips
    }
  }

  public struct InputChange: Codable, Sendable, Hashable {
    public var id: String
    public var status: Status
    public var before: String
    public var after: String
    public var unit: String
    public init(id: String, status: Status, before: String, after: String, unit: String) {
      self.id = id
      self.status = status
      self.before = before
      self.after = after
      self.unit = unit
    }
  }

  /// A promised latency on both sides, in the month in which each comes closest to being broken.
  public struct LevelRow: Codable, Sendable, Hashable {
    public var service: String
    /// `ttft p99`.
    public var promise: String
    public var baseSeconds: Double?
    public var candidateSeconds: Double?
    public var baseTargetSeconds: Double?
    public var candidateTargetSeconds: Double?
    public var baseVerdict: String?
    public var candidateVerdict: String?
    public init(
      service: String, promise: String, base: Plan.ServiceLevelRow?, candidate: Plan.ServiceLevelRow?
    ) {
      self.service = service
      self.promise = promise
      baseSeconds = base?.result.value
      candidateSeconds = candidate?.result.value
      baseTargetSeconds = base?.targetSeconds
      candidateTargetSeconds = candidate?.targetSeconds
      baseVerdict = base?.verdict.rawValue
      candidateVerdict = candidate?.verdict.rawValue
    }
  }

  /// A named change of the candidate, and what it would do to the baseline alone.
  public struct ChangeRow: Codable, Sendable, Hashable {
    public struct Edit: Codable, Sendable, Hashable {
      /// `set`, `scale`, `add`, `remove` or `expect`.
      public var verb: String
      public var path: String
      public var before: String
      public var after: String
      public init(verb: String, path: String, before: String, after: String) {
        self.verb = verb
        self.path = path
        self.before = before
        self.after = after
      }
    }
    public var name: String
    public var why: String?
    public var author: String?
    public var edits: [Edit]
    /// Dollars per mean month that this change alone adds to the baseline; `nil` when it cannot stand alone.
    public var marginalCost: Double?
    public var marginalChips: Int?
    /// Why it cannot stand alone.
    public var note: String?
    public init(
      name: String, why: String? = nil, author: String? = nil, edits: [Edit] = [],
      marginalCost: Double? = nil, marginalChips: Int? = nil, note: String? = nil
    ) {
      self.name = name
      self.why = why
      self.author = author
      self.edits = edits
      self.marginalCost = marginalCost
      self.marginalChips = marginalChips
      self.note = note
    }
  }

  public var schema = Comparison.schema
  public var currency: String
  public var sentence: String
  public var baseline: Side
  public var candidate: Side
  public var bridge: [Step]
  public var rows: [Row]
  public var levels: [LevelRow]
  public var months: [MonthRow]
  /// In the order in which they are made.
  public var changes: [ChangeRow]
  public var inputs: [InputChange]
  public var gates: [Plan.GateResult]
  /// What readers must know before they trust the difference: other traces, other versions, rejected rows.
  public var notes: [String]

  public init(
    currency: String, sentence: String, baseline: Side, candidate: Side, bridge: [Step], rows: [Row],
    levels: [LevelRow] = [], months: [MonthRow], changes: [ChangeRow] = [], inputs: [InputChange],
    gates: [Plan.GateResult], notes: [String]
  ) {
    self.currency = currency
    self.sentence = sentence
    self.baseline = baseline
    self.candidate = candidate
    self.bridge = bridge
    self.rows = rows
    self.levels = levels
    self.months = months
    self.changes = changes
    self.inputs = inputs
    self.gates = gates
    self.notes = notes
  }

  public var delta: Double { candidate.monthlyCost - baseline.monthlyCost }
  public var isEmpty: Bool { rows.allSatisfy { $0.status == .same } && inputs.isEmpty && delta == 0 }
}
