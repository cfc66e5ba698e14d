import FleetData
import Quantities

/// Columns a trace may have beside arrival, input and output.
public struct TraceColumnSet: OptionSet, Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  static let services = TraceColumnSet(rawValue: 1)
  static let regions = TraceColumnSet(rawValue: 2)
  static let tenants = TraceColumnSet(rawValue: 4)
  static let classes = TraceColumnSet(rawValue: 8)
  static let sessions = TraceColumnSet(rawValue: 16)
  static let turns = TraceColumnSet(rawValue: 32)
  static let cached = TraceColumnSet(rawValue: 64)
  static let reasoning = TraceColumnSet(rawValue: 128)
  static let deadlines = TraceColumnSet(rawValue: 256)
  static let blocks = TraceColumnSet(rawValue: 512)

  init(_ trace: WorkloadTrace) {
    let present: [(Bool, TraceColumnSet)] = [
      (!trace.services.isEmpty, .services), (!trace.regions.isEmpty, .regions),
      (!trace.tenants.isEmpty, .tenants), (!trace.classes.isEmpty, .classes),
      (!trace.sessions.isEmpty, .sessions), (!trace.turns.isEmpty, .turns),
      (!trace.cachedTokens.isEmpty, .cached), (!trace.reasoningTokens.isEmpty, .reasoning),
      (!trace.deadlines.isEmpty, .deadlines), (!trace.blockOffsets.isEmpty, .blocks),
    ]
    self = present.reduce(into: []) { if $1.0 { $0.insert($1.1) } }
  }

  /// The columns in which some request says something.
  init(telling trace: WorkloadTrace) {
    let says: [(Bool, TraceColumnSet)] = [
      (trace.serviceNames.contains { !$0.isEmpty }, .services),
      (trace.regionNames.contains { !$0.isEmpty }, .regions),
      (trace.tenantNames.contains { !$0.isEmpty }, .tenants),
      (trace.classNames.contains { !$0.isEmpty }, .classes),
      (trace.sessions.contains { $0 >= 0 }, .sessions), (trace.turns.contains { $0 > 0 }, .turns),
      (trace.cachedTokens.contains { $0 > 0 }, .cached),
      (trace.reasoningTokens.contains { $0 > 0 }, .reasoning),
      (trace.deadlines.contains { $0 > .zero }, .deadlines), (!trace.blockHashes.isEmpty, .blocks),
    ]
    self = says.reduce(into: []) { if $1.0 { $0.insert($1.1) } }
  }
}

/// What the pieces of a trace hold together, learnt in a first pass so that a second one can edit them on the way.
public struct TraceOutline: Sendable {
  public private(set) var count = 0
  public private(set) var first = SimTime(nanoseconds: .max)
  public private(set) var last = SimTime(nanoseconds: .min)
  public private(set) var columns: TraceColumnSet = []
  /// Of the columns, those in which some request says something.
  private var telling: TraceColumnSet = []
  /// Sessions are numbered below this; 0 when no request has one.
  public private(set) var sessions: Int32 = 0
  public private(set) var blocks = 0
  /// A piece without requests that has the names of all, the clock and the size of blocks.
  public private(set) var names = WorkloadTrace()

  public init() {}

  public init(_ trace: WorkloadTrace) {
    add(trace)
  }

  /// Seconds since 1970 of the zero of arrivals, for traces with dates.
  public var start: Double? { names.start }

  /// Where counting starts: the first arrival, or the second it lies in when the trace has a date.
  public var zero: SimTime { start == nil ? first : first.wholeSecond }

  public mutating func add(_ piece: WorkloadTrace) {
    guard piece.count > 0 else { return }
    count += piece.count
    first = min(first, piece.arrivals.min() ?? first)
    last = max(last, piece.arrivals.max() ?? last)
    columns.formUnion(TraceColumnSet(piece))
    telling.formUnion(TraceColumnSet(telling: piece))
    sessions = max(sessions, (piece.sessions.max() ?? -1) + 1)
    blocks += piece.blockHashes.count
    names = WorkloadTrace(
      serviceNames: piece.serviceNames, regionNames: piece.regionNames, tenantNames: piece.tenantNames,
      blockTokens: piece.blockTokens, start: piece.start, classNames: piece.classNames)
  }

  /// Leaves out columns in which no request says anything, as formats with fixed columns have them.
  public mutating func leaveOutEmptyColumns() { columns.formIntersection(telling) }

  /// A piece with the names of the whole, which come to light one by one, and with all its columns.
  public func completed(_ piece: WorkloadTrace) -> WorkloadTrace {
    var piece = piece
    (piece.serviceNames, piece.regionNames) = (names.serviceNames, names.regionNames)
    (piece.tenantNames, piece.classNames) = (names.tenantNames, names.classNames)
    if columns.contains(.blocks), piece.blockOffsets.isEmpty {
      piece.blockOffsets = [Int](repeating: 0, count: piece.count + 1)
    }
    if columns == TraceColumnSet(piece) { return piece }
    if !columns.contains(.services) { (piece.services, piece.serviceNames) = ([], []) }
    if !columns.contains(.regions) { (piece.regions, piece.regionNames) = ([], []) }
    if !columns.contains(.tenants) { (piece.tenants, piece.tenantNames) = ([], []) }
    if !columns.contains(.classes) { (piece.classes, piece.classNames) = ([], []) }
    if !columns.contains(.sessions) { piece.sessions = [] }
    if !columns.contains(.turns) { piece.turns = [] }
    if !columns.contains(.cached) { piece.cachedTokens = [] }
    if !columns.contains(.reasoning) { piece.reasoningTokens = [] }
    if !columns.contains(.deadlines) { piece.deadlines = [] }
    return piece
  }
}

extension SimTime {
  /// The second this time lies in.
  var wholeSecond: SimTime {
    let rest = nanoseconds % 1_000_000_000
    return SimTime(nanoseconds: nanoseconds - (rest < 0 ? rest + 1_000_000_000 : rest))
  }
}
