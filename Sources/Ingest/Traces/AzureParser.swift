import FleetData
import Quantities

/// Azure's three columns at the speed of the disk.
///
/// A row in the published form is read straight through, eight bytes at a time; anything else about a row, right or
/// wrong, is left to `DelimitedParser`, which alone decides.
struct AzureParser: RowParser {
  private var careful: DelimitedParser
  private static let rowsPerRun = 4096

  init(_ careful: DelimitedParser) { self.careful = careful }

  mutating func parse(_ chunk: LineChunks.Chunk, into sink: inout RowSink) {
    var p = chunk.start
    while p < chunk.end, !sink.halted {
      if let origin = sink.origin, !sink.options.rejectRepeats {
        p = plainRows(p, chunk.end, origin: origin, into: &sink)
      }
      if p < chunk.end { p = careful.parseLine(p, chunk.end, into: &sink) }
    }
  }

  /// Takes rows of the published form until one is not. Returns where it stopped.
  private mutating func plainRows(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, origin: Int64, into sink: inout RowSink
  ) -> UnsafeRawPointer {
    let limit = UInt64(sink.options.maximumTokens)
    var p = start
    var stamps = careful.stamps
    var rows = Self.rowsPerRun
    while rows == Self.rowsPerRun {
      rows = 0
      withUnsafeTemporaryAllocation(of: SimTime.self, capacity: Self.rowsPerRun) { arrivals in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.rowsPerRun) { lengths in
          while rows < Self.rowsPerRun, p < end, let row = plainRow(p, &stamps, limit) {
            arrivals[rows] = SimTime(nanoseconds: row.stamp &- origin)
            lengths[rows] = row.input
            lengths[Self.rowsPerRun + rows] = row.output
            rows += 1
            p = row.next
          }
          sink.batch.arrivals.append(contentsOf: arrivals[..<rows])
          sink.batch.inputTokens.append(contentsOf: lengths[..<rows])
          sink.batch.outputTokens.append(contentsOf: lengths[Self.rowsPerRun..<Self.rowsPerRun + rows])
        }
      }
      sink.line += rows
      sink.accepted += rows
    }
    careful.stamps = stamps
    return p
  }
}

private struct PlainRow {
  var stamp: Int64
  var input: UInt32
  var output: UInt32
  var next: UnsafeRawPointer
}

/// `YYYY-MM-DD HH:MM:SS[.f{1,7}][+00:00],input,output` and its line end; nil for anything else.
@inline(__always)
private func plainRow(_ row: UnsafeRawPointer, _ stamps: inout StampReader, _ limit: UInt64) -> PlainRow? {
  guard var stamp = stamps.minute(row) else { return nil }
  let clock = Digits.load(row + 16)
  let tens = (clock &>> 8) & 0xff &- 0x30
  let ones = (clock &>> 16) & 0xff &- 0x30
  guard clock & 0xff == 0x3a, tens < 6, ones < 10 else { return nil }
  stamp &+= Int64(truncatingIfNeeded: tens &* 10 &+ ones) &* 1_000_000_000
  var p = row + 19
  if (clock &>> 24) & 0xff == 0x2e {
    let fraction = Digits.prefix(row + 20)
    guard fraction.count > 0, fraction.count < 8 else { return nil }
    stamp &+= Int64(truncatingIfNeeded: fraction.value) &* nanosecondScale(fraction.count)
    p = row + 20 + fraction.count
  }
  // "+00:00" as the 2024 traces write it.
  if Digits.load(p) & 0x0000_ffff_ffff_ffff == 0x3030_3a30_302b { p += 6 }
  guard p.load(as: UInt8.self) == 0x2c else { return nil }
  let input = Digits.prefix(p + 1)
  p += 1 + input.count
  guard input.count < 8, p.load(as: UInt8.self) == 0x2c else { return nil }
  let output = Digits.prefix(p + 1)
  p += 1 + output.count
  guard output.count < 8, input.value &- 1 < limit, output.value &- 1 < limit else { return nil }
  if p.load(as: UInt8.self) == 0x0d { p += 1 }
  guard p.load(as: UInt8.self) == 0x0a else { return nil }
  return PlainRow(
    stamp: stamp, input: UInt32(truncatingIfNeeded: input.value),
    output: UInt32(truncatingIfNeeded: output.value),
    next: p + 1)
}

/// Nanoseconds of the last of `digits` decimals.
@inline(__always)
private func nanosecondScale(_ digits: Int) -> Int64 {
  switch digits {
  case 7: 100
  case 6: 1_000
  case 5: 10_000
  case 4: 100_000
  case 3: 1_000_000
  case 2: 10_000_000
  default: 100_000_000
  }
}
