import FleetData
import Quantities
import Testing

@testable import Ingest

/// What one format writes, another holds and the first reads back.
@Suite("Conversion there and back")
struct ConversionPairsTests {
  /// Requests with every field, arrivals in whole microseconds so that every clock can hold them.
  private func everything(seed: UInt64) -> WorkloadTrace {
    var stream = RandomStream(seed, "pairs")
    func number(_ limit: Int) -> Int { Int(stream.uniform() * Double(limit)) }
    var trace = WorkloadTrace(blockOffsets: [0], start: 1_700_158_623)
    let n = 60
    var clock: Int64 = Int64(number(900_000)) * 1_000
    for i in 0..<n {
      trace.arrivals.append(SimTime(nanoseconds: clock))
      clock += Int64(number(2_000_000)) * 1_000
      trace.inputTokens.append(UInt32(1 + number(100_000)))
      trace.outputTokens.append(UInt32(1 + number(5_000)))
      trace.services.append(UInt16(min(i, number(3))))
      trace.regions.append(UInt16(min(i, number(2))))
      trace.tenants.append(UInt32(min(i, number(4))))
      trace.classes.append(UInt16(min(i, number(2))))
      trace.sessions.append(Int32(i / 3))
      trace.turns.append(UInt32(1 + i % 3))
      trace.cachedTokens.append(UInt32(1 + number(50)))
      trace.reasoningTokens.append(trace.outputTokens[i] / 2 + 1)
      trace.deadlines.append(SimTime(nanoseconds: Int64(1 + number(9_000)) * 1_000_000))
      for _ in 0..<(1 + number(5)) { trace.blockHashes.append(UInt64(number(1_000_000))) }
      trace.blockOffsets.append(trace.blockHashes.count)
    }
    trace.serviceNames = ["a", "b, \"c\"", "d"]
    trace.regionNames = ["eu", "us"]
    trace.tenantNames = ["t0", "t1", "t2", "t3"]
    trace.classNames = ["chat", "batch"]
    return trace
  }

  /// What is left of a trace in a format: its fields, on the format's clock.
  private func held(_ trace: WorkloadTrace, by format: TraceFormat) -> WorkloadTrace {
    let fields = Set(TraceWriter.heldFields(format))
    var part = trace
    if !fields.contains(.service) { (part.services, part.serviceNames) = ([], []) }
    if !fields.contains(.region) { (part.regions, part.regionNames) = ([], []) }
    if !fields.contains(.tenant) { (part.tenants, part.tenantNames) = ([], []) }
    if !fields.contains(.sloClass) { (part.classes, part.classNames) = ([], []) }
    if !fields.contains(.session) { part.sessions = [] }
    if !fields.contains(.turn) { part.turns = [] }
    if !fields.contains(.cached) { part.cachedTokens = [] }
    if !fields.contains(.reasoning) { part.reasoningTokens = [] }
    if !fields.contains(.deadline) { part.deadlines = [] }
    if format != .mooncake { (part.blockOffsets, part.blockHashes) = ([], []) }
    part.start = nil
    return part
  }

  private func through(_ format: TraceFormat, _ trace: WorkloadTrace) throws -> WorkloadTrace {
    var bytes: [UInt8] = []
    TraceWriter.write(trace, as: format) { bytes += $0 }
    let reading = try TraceReader.read(bytes: bytes)
    #expect(reading.format == format)
    #expect(reading.rejected == 0)
    return reading.trace
  }

  /// The same moments counted from the first request, names as used: formats differ in their zero of time.
  private func fromFirst(_ trace: WorkloadTrace) -> WorkloadTrace {
    var moved = trace
    let first = trace.arrivals[0]
    moved.arrivals = trace.arrivals.map { $0 - first }
    moved.start = nil
    return moved
  }

  @Test(
    "A trace that goes through another format comes back with every field that both hold",
    arguments: TraceWriter.formats)
  func pairs(source: TraceFormat) throws {
    for target in TraceWriter.formats {
      for seed in [1, 2] as [UInt64] {
        let original = held(everything(seed: seed), by: source)
        let there = try through(target, original)
        let back = try through(source, there)
        let both = held(original, by: target)
        #expect(fromFirst(held(held(back, by: source), by: target)).hasFields(of: fromFirst(both)))
      }
    }
  }
}

extension WorkloadTrace {
  /// True when every field that `other` has is equal here; labels are compared by name.
  fileprivate func hasFields(of other: WorkloadTrace) -> Bool {
    func same<T: Equatable>(_ mine: [T], _ theirs: [T]) -> Bool { theirs.isEmpty || mine == theirs }
    func named<I: BinaryInteger>(_ column: [I], _ names: [String]) -> [String] {
      column.map { names[Int($0)] }
    }
    return arrivals == other.arrivals && inputTokens == other.inputTokens
      && outputTokens == other.outputTokens
      && same(named(services, serviceNames), named(other.services, other.serviceNames))
      && same(named(regions, regionNames), named(other.regions, other.regionNames))
      && same(named(tenants, tenantNames), named(other.tenants, other.tenantNames))
      && same(named(classes, classNames), named(other.classes, other.classNames))
      && same(sessions, other.sessions) && same(turns, other.turns)
      && same(cachedTokens, other.cachedTokens) && same(reasoningTokens, other.reasoningTokens)
      && same(deadlines, other.deadlines) && same(blockHashes, other.blockHashes)
      && same(blockOffsets, other.blockOffsets)
  }
}
