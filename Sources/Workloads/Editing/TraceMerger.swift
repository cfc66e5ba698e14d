import FleetData
import Quantities

/// Joins traces that come in pieces, each in order of arrival; ties go to the trace that stands first.
///
/// Traces with dates keep them; traces without start together. Sessions stay apart, and so do prefix blocks unless the
/// traces are parts of one.
public struct TraceMerger {
  private let outlines: [TraceOutline]
  private let columns: TraceColumnSet
  private let sharesBlocks: Bool
  /// No requests, but the names of all traces, the clock and the size of blocks.
  private var names = WorkloadTrace()
  /// By trace: the numbers of its names among all.
  private var services: [[UInt16]] = []
  private var regions: [[UInt16]] = []
  private var tenants: [[UInt32]] = []
  private var classes: [[UInt16]] = []
  private var firstSessions: [Int32] = []
  private var waiting = ArrivalBuffer()
  private var sessions = SessionNumbers()

  public init(_ outlines: [TraceOutline], sharingBlocks: Bool = false) throws(MergeError) {
    let dated = outlines.filter { $0.start != nil }.count
    guard dated == 0 || dated == outlines.count else { throw .mixedClocks }
    let sizes = Set(outlines.filter { $0.columns.contains(.blocks) }.map(\.names.blockTokens)).sorted()
    guard sizes.count < 2 else { throw .differentBlocks(sizes) }
    self.outlines = outlines
    sharesBlocks = sharingBlocks
    columns = outlines.reduce(into: []) { $0.formUnion($1.columns) }
    names.blockTokens = sizes.first ?? 512
    names.start = outlines.compactMap(\.start).min()
    var next: Int32 = 0
    for outline in outlines {
      let (own, columns) = (outline.names, self.columns)
      services.append(Self.numbers(own.serviceNames, columns.contains(.services), &names.serviceNames))
      regions.append(Self.numbers(own.regionNames, columns.contains(.regions), &names.regionNames))
      tenants.append(Self.numbers(own.tenantNames, columns.contains(.tenants), &names.tenantNames))
      classes.append(Self.numbers(own.classNames, columns.contains(.classes), &names.classNames))
      firstSessions.append(next)
      next += outline.sessions
    }
  }

  /// Takes a piece of one of the traces.
  public mutating func add(_ piece: WorkloadTrace, of trace: Int) {
    let n = piece.count
    let shift = SimTime(seconds: (piece.start ?? 0) - (names.start ?? 0))
    var part = names
    part.arrivals = piece.arrivals.map { $0 + shift }
    part.inputTokens = piece.inputTokens
    part.outputTokens = piece.outputTokens
    part.services = Self.joined(piece.services, services[trace], n)
    part.regions = Self.joined(piece.regions, regions[trace], n)
    part.tenants = Self.joined(piece.tenants, tenants[trace], n)
    part.classes = Self.joined(piece.classes, classes[trace], n)
    let first = firstSessions[trace]
    part.sessions = filled(piece.sessions, .sessions, n, -1).map { $0 < 0 ? -1 : $0 + first }
    part.turns = filled(piece.turns, .turns, n, 0)
    part.cachedTokens = filled(piece.cachedTokens, .cached, n, 0)
    part.reasoningTokens = filled(piece.reasoningTokens, .reasoning, n, 0)
    part.deadlines = filled(piece.deadlines, .deadlines, n, .zero)
    if columns.contains(.blocks) {
      let salt = sharesBlocks ? 0 : UInt64(trace) << 40
      part.blockOffsets =
        piece.blockOffsets.isEmpty ? [Int](repeating: 0, count: n + 1) : piece.blockOffsets
      part.blockHashes = piece.blockHashes.map { $0 ^ salt }
    }
    waiting.add(part, rank: trace)
  }

  /// Where the clock of the whole stands when a trace has come to `arrival`.
  public func time(of arrival: SimTime, in trace: Int) -> SimTime {
    arrival + SimTime(seconds: (outlines[trace].start ?? 0) - (names.start ?? 0))
  }

  /// Takes out what came before a time of the whole's clock, everything when there is none, in order of arrival.
  public mutating func take(before time: SimTime? = nil) -> WorkloadTrace {
    var part = waiting.take(before: time)
    part.sessions = part.sessions.map { sessions.number($0) }
    return part
  }

  private func filled<T>(_ column: [T], _ kind: TraceColumnSet, _ count: Int, _ value: T) -> [T] {
    guard columns.contains(kind) else { return [] }
    return column.isEmpty ? [T](repeating: value, count: count) : column
  }

  /// Numbers of names among all; a trace without the column has one name, "other". Empty when no trace has it.
  private static func numbers<Index: FixedWidthInteger>(
    _ own: [String], _ isPresent: Bool, _ all: inout [String]
  ) -> [Index] {
    guard isPresent else { return [] }
    return (own.isEmpty ? ["other"] : own).map { name -> Index in
      if let known = all.firstIndex(of: name) { return Index(known) }
      all.append(name)
      return Index(all.count - 1)
    }
  }

  private static func joined<Index: FixedWidthInteger>(
    _ column: [Index], _ numbers: [Index], _ count: Int
  ) -> [Index] {
    guard let only = numbers.first else { return [] }
    return column.isEmpty ? [Index](repeating: only, count: count) : column.map { numbers[Int($0)] }
  }
}
