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
    let parts = traces.filter { $0.count > 0 }.map { $0.withoutUnusedNames() }.sorted { $0.precedes($1) }
    var merger = try TraceMerger(parts.map { TraceOutline($0) }, sharingBlocks: sharingBlocks)
    for (place, part) in parts.enumerated() { merger.add(part, of: place) }
    return merger.take().withoutUnusedNames()
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
}
