import Quantities

/// Requests in arrival order, as a struct of arrays: one column per field, absent columns stay empty.
///
/// A column that a format does not carry is empty (`count == 0`), never filled with defaults.
public struct WorkloadTrace: Sendable, Hashable {
  /// Arrival since `start`, never decreasing.
  public var arrivals: [SimTime]
  /// Prompt tokens, at least 1.
  public var inputTokens: [UInt32]
  /// Generated tokens, at least 1.
  public var outputTokens: [UInt32]
  /// Index into `serviceNames` (model or service), one per request, or empty.
  public var services: [UInt16]
  public var serviceNames: [String]
  public var regions: [UInt16]
  public var regionNames: [String]
  public var tenants: [UInt32]
  public var tenantNames: [String]
  /// Session of the request, `-1` where the row has none; or empty.
  public var sessions: [Int32]
  /// Place of the request in its session, from 0; or empty.
  public var turns: [UInt32]
  /// Of the input, tokens whose keys and values the sender found cached; or empty.
  public var cachedTokens: [UInt32]
  /// Of the output, tokens spent thinking; or empty.
  public var reasoningTokens: [UInt32]
  /// Service-level class of the request, an index into `classNames`; or empty.
  public var classes: [UInt16]
  public var classNames: [String]
  /// Time allowed from arrival to completion, zero where the row states none; or empty.
  public var deadlines: [SimTime]
  /// Prefix blocks: request i owns `blockHashes[blockOffsets[i] ..< blockOffsets[i + 1]]`; or empty.
  public var blockOffsets: [Int]
  public var blockHashes: [UInt64]
  /// Tokens per prefix block (512 in Mooncake's traces).
  public var blockTokens: Int
  /// Wall-clock seconds since 1970 of the zero of `arrivals`, when the format states dates. Readers make it a whole
  /// number at or before the first arrival, so that no digit of a time stamp is lost.
  public var start: Double?

  public init(
    arrivals: [SimTime] = [], inputTokens: [UInt32] = [], outputTokens: [UInt32] = [],
    services: [UInt16] = [], serviceNames: [String] = [], regions: [UInt16] = [],
    regionNames: [String] = [], tenants: [UInt32] = [], tenantNames: [String] = [],
    sessions: [Int32] = [], reasoningTokens: [UInt32] = [], blockOffsets: [Int] = [],
    blockHashes: [UInt64] = [], blockTokens: Int = 512, start: Double? = nil, turns: [UInt32] = [],
    cachedTokens: [UInt32] = [], classes: [UInt16] = [], classNames: [String] = [],
    deadlines: [SimTime] = []
  ) {
    self.arrivals = arrivals
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.services = services
    self.serviceNames = serviceNames
    self.regions = regions
    self.regionNames = regionNames
    self.tenants = tenants
    self.tenantNames = tenantNames
    self.sessions = sessions
    self.reasoningTokens = reasoningTokens
    self.blockOffsets = blockOffsets
    self.blockHashes = blockHashes
    self.blockTokens = blockTokens
    self.start = start
    self.turns = turns
    self.cachedTokens = cachedTokens
    self.classes = classes
    self.classNames = classNames
    self.deadlines = deadlines
  }

  public var count: Int { arrivals.count }
  /// From the first arrival to the last.
  public var duration: Seconds {
    guard let first = arrivals.first, let last = arrivals.last else { return 0 }
    return Seconds((last - first).seconds)
  }
}
