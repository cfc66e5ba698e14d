import FleetData
import Quantities

/// Why traces cannot be merged.
public enum MergeError: Error, Hashable, Sendable {
  /// Some traces have dates and others count from zero: which request came first is unknown.
  case mixedClocks
  /// Prefix blocks of different sizes cannot share a cache.
  case differentBlocks([Int])
}

extension WorkloadTrace {
  /// All requests of several traces in order of arrival. The order in which the traces are given does not matter.
  ///
  /// Traces with dates keep them; traces without start together. Sessions stay apart, and so do prefix blocks unless
  /// the traces are parts of one.
  public static func merge(_ traces: [WorkloadTrace], sharingBlocks: Bool = false) throws(MergeError)
    -> WorkloadTrace
  {
    let parts = traces.filter { $0.count > 0 }.map { $0.withoutUnusedNames() }
    let dated = parts.filter { $0.start != nil }.count
    guard dated == 0 || dated == parts.count else { throw .mixedClocks }
    let sizes = Set(parts.filter { !$0.blockOffsets.isEmpty }.map(\.blockTokens)).sorted()
    guard sizes.count < 2 else { throw .differentBlocks(sizes) }
    let start = parts.compactMap(\.start).min()
    let ordered = parts.sorted { $0.precedes($1) }
    var all = WorkloadTrace(blockTokens: sizes.first ?? 512, start: start)
    let shape = ColumnShape(ordered)
    for (ordinal, part) in ordered.enumerated() {
      let shift = SimTime(seconds: (part.start ?? 0) - (start ?? 0))
      all.append(part, shiftedBy: shift, shape: shape, blockSalt: sharingBlocks ? 0 : UInt64(ordinal) << 40)
    }
    let order = all.arrivals.indices.sorted { (all.arrivals[$0], $0) < (all.arrivals[$1], $1) }
    return all[order].withoutUnusedNames()
  }

  /// A total order of traces by content, so that merging does not depend on the order of its arguments.
  private func precedes(_ other: WorkloadTrace) -> Bool {
    let a = (start ?? 0, count, arrivals.last?.nanoseconds ?? 0)
    let b = (other.start ?? 0, other.count, other.arrivals.last?.nanoseconds ?? 0)
    if a != b { return a < b }
    for (x, y) in [(inputTokens, other.inputTokens), (outputTokens, other.outputTokens)] where x != y {
      return x.lexicographicallyPrecedes(y)
    }
    if arrivals != other.arrivals { return arrivals.lexicographicallyPrecedes(other.arrivals) }
    let names = [serviceNames, regionNames, tenantNames, classNames].map { $0.joined(separator: "\u{1}") }
    let otherNames = [other.serviceNames, other.regionNames, other.tenantNames, other.classNames]
      .map { $0.joined(separator: "\u{1}") }
    if names != otherNames { return names.lexicographicallyPrecedes(otherNames) }
    if sessions != other.sessions { return sessions.lexicographicallyPrecedes(other.sessions) }
    for (x, y) in [
      (turns, other.turns), (cachedTokens, other.cachedTokens), (reasoningTokens, other.reasoningTokens),
      (tenants, other.tenants),
    ] where x != y {
      return x.lexicographicallyPrecedes(y)
    }
    for (x, y) in [(services, other.services), (regions, other.regions), (classes, other.classes)]
    where x != y {
      return x.lexicographicallyPrecedes(y)
    }
    if deadlines != other.deadlines { return deadlines.lexicographicallyPrecedes(other.deadlines) }
    if blockOffsets != other.blockOffsets {
      return blockOffsets.lexicographicallyPrecedes(other.blockOffsets)
    }
    return blockHashes.lexicographicallyPrecedes(other.blockHashes)
  }

  private mutating func append(
    _ part: WorkloadTrace, shiftedBy shift: SimTime, shape: ColumnShape, blockSalt: UInt64
  ) {
    let n = part.count
    let firstSession = (sessions.max() ?? -1) + 1
    arrivals += part.arrivals.map { $0 + shift }
    inputTokens += part.inputTokens
    outputTokens += part.outputTokens
    if shape.services { services += Self.joined(part.services, part.serviceNames, n, into: &serviceNames) }
    if shape.regions { regions += Self.joined(part.regions, part.regionNames, n, into: &regionNames) }
    if shape.tenants { tenants += Self.joined(part.tenants, part.tenantNames, n, into: &tenantNames) }
    if shape.classes { classes += Self.joined(part.classes, part.classNames, n, into: &classNames) }
    if shape.sessions {
      sessions +=
        part.sessions.isEmpty ? Self.filled(-1, n) : part.sessions.map { $0 < 0 ? -1 : $0 + firstSession }
    }
    if shape.turns { turns += part.turns.isEmpty ? Self.filled(0, n) : part.turns }
    if shape.cached { cachedTokens += part.cachedTokens.isEmpty ? Self.filled(0, n) : part.cachedTokens }
    if shape.reasoning {
      reasoningTokens += part.reasoningTokens.isEmpty ? Self.filled(0, n) : part.reasoningTokens
    }
    if shape.deadlines { deadlines += part.deadlines.isEmpty ? Self.filled(.zero, n) : part.deadlines }
    guard shape.blocks else { return }
    if blockOffsets.isEmpty { blockOffsets = [0] }
    let base = blockHashes.count
    blockOffsets +=
      part.blockOffsets.isEmpty ? Self.filled(base, n) : part.blockOffsets.dropFirst().map { $0 + base }
    blockHashes += part.blockHashes.map { $0 ^ blockSalt }
  }

  private static func filled<T>(_ value: T, _ count: Int) -> [T] { [T](repeating: value, count: count) }

  /// A label column renumbered into `names`; requests of a trace without the column are called "other".
  private static func joined<Index: FixedWidthInteger>(
    _ column: [Index], _ own: [String], _ count: Int, into names: inout [String]
  ) -> [Index] {
    let numbers = (own.isEmpty ? ["other"] : own).map { name -> Index in
      if let known = names.firstIndex(of: name) { return Index(known) }
      names.append(name)
      return Index(names.count - 1)
    }
    return column.isEmpty ? filled(numbers[0], count) : column.map { numbers[Int($0)] }
  }
}

/// Which columns any of several traces has.
private struct ColumnShape {
  let services, regions, tenants, classes, sessions, turns, cached, reasoning, deadlines, blocks: Bool

  init(_ traces: [WorkloadTrace]) {
    services = traces.contains { !$0.services.isEmpty }
    regions = traces.contains { !$0.regions.isEmpty }
    tenants = traces.contains { !$0.tenants.isEmpty }
    classes = traces.contains { !$0.classes.isEmpty }
    sessions = traces.contains { !$0.sessions.isEmpty }
    turns = traces.contains { !$0.turns.isEmpty }
    cached = traces.contains { !$0.cachedTokens.isEmpty }
    reasoning = traces.contains { !$0.reasoningTokens.isEmpty }
    deadlines = traces.contains { !$0.deadlines.isEmpty }
    blocks = traces.contains { !$0.blockOffsets.isEmpty }
  }
}
