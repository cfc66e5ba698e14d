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
    var rows = Self.rowsPerRun
    while rows == Self.rowsPerRun {
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: Self.rowsPerRun) { arrivals in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.rowsPerRun) { lengths in
          let columns = PlainColumns(
            arrivals: arrivals.baseAddress!, inputs: lengths.baseAddress!,
            outputs: lengths.baseAddress! + Self.rowsPerRun, capacity: Self.rowsPerRun)
          (p, rows) = columns.fill(from: p, end, origin: origin, limit: limit, &careful.stamps)
          sink.batch.arrivals.append(
            contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(arrivals)[..<(8 * rows)])
              .bindMemory(to: SimTime.self))
          sink.batch.inputTokens.append(contentsOf: lengths[..<rows])
          sink.batch.outputTokens.append(contentsOf: lengths[Self.rowsPerRun..<Self.rowsPerRun + rows])
        }
      }
      sink.line += rows
      sink.accepted += rows
    }
    return p
  }
}

/// Room for the columns of a run of plain rows.
private struct PlainColumns {
  let arrivals: UnsafeMutablePointer<Int64>
  let inputs: UnsafeMutablePointer<UInt32>
  let outputs: UnsafeMutablePointer<UInt32>
  let capacity: Int

  /// Reads rows `YYYY-MM-DD HH:MM:SS[.f{1,7}][+00:00],input,output` with their line ends until one is anything else
  /// or the room is full.
  /// - Returns: where it stopped, and how many rows it took.
  @inline(never)
  func fill(
    from start: UnsafeRawPointer, _ end: UnsafeRawPointer, origin: Int64, limit: UInt64,
    _ stamps: inout StampReader
  ) -> (UnsafeRawPointer, Int) {
    var row = start
    var count = 0
    while count < capacity, row < end {
      guard let minute = stamps.minute(row), let clock = plainClock(row) else { break }
      var p = row + clock.length
      let input = Digits.prefix(p)
      p += input.count
      guard input.count < 8, p.load(as: UInt8.self) == 0x2c else { break }
      let output = Digits.prefix(p + 1)
      p += 1 + output.count
      guard output.count < 8, input.value &- 1 < limit, output.value &- 1 < limit else { break }
      if p.load(as: UInt8.self) == 0x0d { p += 1 }
      guard p.load(as: UInt8.self) == 0x0a else { break }
      arrivals[count] = minute &+ clock.nanoseconds &- origin
      inputs[count] = UInt32(truncatingIfNeeded: input.value)
      outputs[count] = UInt32(truncatingIfNeeded: output.value)
      count &+= 1
      row = p + 1
    }
    return (row, count)
  }
}

/// Seconds and fraction of a stamp and the comma behind it, at byte 16 of the row.
/// - Returns: nanoseconds since the minute, and the length of the whole stamp with its comma.
@inline(__always)
private func plainClock(_ row: UnsafeRawPointer) -> (nanoseconds: Int64, length: Int)? {
  // ":SS." with SS below 60: each byte is 0 after the exclusive or, or a small digit.
  let clock = (Digits.load(row + 16) & 0xffff_ffff) ^ 0x2e30_303a
  guard ((clock &+ 0x7f76_7a7f) | clock) & 0x8080_8080 == 0 else { return oddClock(row) }
  let seconds = (clock &>> 8 & 0xff) &* 10 &+ (clock &>> 16 & 0xff)
  // Seven decimals and the comma, as the 2023 traces write them.
  let tail = Digits.load(row + 20) ^ 0x2c30_3030_3030_3030
  guard ((tail &+ 0x7f76_7676_7676_7676) | tail) & 0x8080_8080_8080_8080 == 0 else { return oddClock(row) }
  let fraction = Digits.joined(tail &<< 8)
  return (Int64(truncatingIfNeeded: seconds &* 1_000_000_000 &+ fraction &* 100), 28)
}

/// Any other number of decimals up to seven, and `+00:00` as the 2024 traces write it.
@inline(never)
private func oddClock(_ row: UnsafeRawPointer) -> (nanoseconds: Int64, length: Int)? {
  let clock = Digits.load(row + 16)
  let tens = (clock &>> 8) & 0xff &- 0x30
  let ones = (clock &>> 16) & 0xff &- 0x30
  guard clock & 0xff == 0x3a, tens < 6, ones < 10 else { return nil }
  var nanoseconds = Int64(truncatingIfNeeded: tens &* 10 &+ ones) &* 1_000_000_000
  var p = row + 19
  if (clock &>> 24) & 0xff == 0x2e {
    let fraction = Digits.prefix(row + 20)
    guard fraction.count > 0, fraction.count < 8 else { return nil }
    nanoseconds &+= Int64(truncatingIfNeeded: fraction.value) &* Digits.powersOfTen[9 - fraction.count]
    p = row + 20 + fraction.count
  }
  if Digits.load(p) & 0x0000_ffff_ffff_ffff == 0x3030_3a30_302b { p += 6 }
  return p.load(as: UInt8.self) == 0x2c ? (nanoseconds, p + 1 - row) : nil
}
