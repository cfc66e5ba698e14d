import FleetData
import Quantities
import Testing

@testable import Ingest

@Suite("Conversion")
struct RoundTripTests {
  /// Random requests with every field that `format` can hold.
  private func trace(_ format: TraceFormat, seed: UInt64) -> WorkloadTrace {
    var stream = RandomStream(seed, "trace")
    func number(_ limit: Int) -> Int { Int(stream.uniform() * Double(limit)) }
    let n = 1 + number(300)
    let held = Set(TraceWriter.heldFields(format))
    let isDated = format == .azure || (format == .columns && seed % 2 == 0)
    // The grain of the format's clock in nanoseconds.
    let grain: Int64 = format == .azure ? 100 : format == .tracev2 ? 1000 : 1
    var clock: Int64 = isDated ? Int64(number(9_999_999)) * 100 : Int64(number(1_000_000)) * grain
    var trace = WorkloadTrace()
    trace.start = isDated ? 1_700_158_623 : nil
    for _ in 0..<n {
      trace.arrivals.append(SimTime(nanoseconds: clock))
      clock += Int64(number(2_000_000_000)) / grain * grain
      trace.inputTokens.append(UInt32(1 + number(100_000)))
      trace.outputTokens.append(UInt32(1 + number(5000)))
    }
    func names(_ field: TraceField, _ count: Int) -> ([Int], [String]) {
      guard held.contains(field) else { return ([], []) }
      // The first uses come in order, as a reader numbers them.
      let column = (0..<n).map { min($0, number(count)) }.map { $0 }
      var order: [Int] = []
      for index in column where !order.contains(index) { order.append(index) }
      return (column.map { order.firstIndex(of: $0)! }, order.map { "name \($0), \"\(field.rawValue)\"" })
    }
    var column: [Int]
    (column, trace.serviceNames) = names(.service, 4)
    trace.services = column.map { UInt16($0) }
    (column, trace.regionNames) = names(.region, 3)
    trace.regions = column.map { UInt16($0) }
    (column, trace.tenantNames) = names(.tenant, 5)
    trace.tenants = column.map { UInt32($0) }
    (column, trace.classNames) = names(.sloClass, 2)
    trace.classes = column.map { UInt16($0) }
    (column, _) = names(.session, 9)
    trace.sessions = column.map { Int32($0) }
    if held.contains(.turn) { trace.turns = (0..<n).map { UInt32($0 + 1) } }
    if held.contains(.cached) { trace.cachedTokens = trace.inputTokens.map { $0 / 2 + 1 } }
    if held.contains(.reasoning) { trace.reasoningTokens = trace.outputTokens.map { ($0 + 2) / 3 } }
    if held.contains(.deadline) {
      trace.deadlines = (0..<n).map { SimTime(nanoseconds: Int64($0 + 1) * 1_000_000) }
    }
    if format == .mooncake {
      trace.blockOffsets = [0]
      for _ in 0..<n {
        for _ in 0..<(1 + number(6)) { trace.blockHashes.append(UInt64(number(1_000_000_000))) }
        trace.blockOffsets.append(trace.blockHashes.count)
      }
    }
    return trace
  }

  @Test("Writing and reading again gives the same trace in every format", arguments: TraceWriter.formats)
  func identity(format: TraceFormat) throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let trace = trace(format, seed: seed)
      #expect(TraceWriter.dropped(trace, in: format).isEmpty)
      var bytes: [UInt8] = []
      TraceWriter.write(trace, as: format) { bytes += $0 }
      let reading = try TraceReader.read(bytes: bytes)
      #expect(reading.format == format)
      #expect(reading.rejected == 0)
      #expect(reading.trace == trace)
    }
  }

  @Test("A format that cannot hold a field says so")
  func dropped() {
    let trace = trace(.mooncake, seed: 3)
    #expect(TraceWriter.dropped(trace, in: .vidur) == ["prefix blocks"])
    #expect(TraceWriter.dropped(self.trace(.burstgpt, seed: 1), in: .azure) == ["model", "session", "class"])
  }

  @Test("The published form and the careful reading of a row agree", arguments: [1, 2, 3] as [UInt64])
  func fastPath(seed: UInt64) throws {
    let trace = trace(.azure, seed: seed)
    var bytes: [UInt8] = []
    TraceWriter.write(trace, as: .azure) { bytes += $0 }
    let plain = try TraceReader.read(bytes: bytes)
    var careful = TraceOptions()
    // Looking for repeats takes the careful way for every row.
    careful.rejectRepeats = true
    #expect(try TraceReader.read(bytes: bytes, options: careful).trace == plain.trace)
  }
}
