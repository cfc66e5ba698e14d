import FleetData
import Quantities

/// Azure's three columns at the speed of the disk.
///
/// A row in the published form is read straight through, eight bytes at a time; anything else about a row, right or
/// wrong, is left to `DelimitedParser`, which alone decides.
struct AzureParser: RowParser {
  private var careful: DelimitedParser
  private let rows = PlainRows()

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
    var run = AzureRun(p: start, end: end, origin: origin, limit: UInt64(sink.options.maximumTokens))
    while true {
      var order = PlainOrder(sink.order)
      let count = run.fill(rows, &careful.stamps, &order)
      rows.move(count, hasBlocks: false, order, to: &sink)
      if count < PlainRows.capacity { return run.p }
    }
  }
}

/// A run of rows `YYYY-MM-DD HH:MM:SS[.f{1,7}][+00:00],input,output` with one kind of line end.
private struct AzureRun {
  var p: UnsafeRawPointer
  let end: UnsafeRawPointer
  let origin: Int64
  let limit: UInt64

  /// Reads rows until one is anything else or the room is full; `p` is left behind the last one taken.
  ///
  /// The place of the next row hangs on nothing but the two marks behind the lengths, so that several rows are in
  /// flight at once.
  @inline(never)
  mutating func fill(_ rows: PlainRows, _ stamps: inout StampReader, _ watched: inout PlainOrder) -> Int {
    // Copies that live in registers.
    let (arrivals, inputs, outputs) = (rows.arrivals, rows.inputs, rows.outputs)
    let (origin, limit, end) = (origin, limit, end)
    let ending = LineEnding(after: p, end)
    var order = watched
    var row = p
    var count = 0
    while count < PlainRows.capacity, row < end {
      guard let minute = stamps.minute(row), let clock = plainClock(row),
        let lengths = LengthPair(row + clock.length, limit: limit), ending.matches(lengths.end)
      else { break }
      let arrival = minute &+ clock.nanoseconds &- origin
      guard order.take(arrival, lengths.input, lengths.output) else { break }
      arrivals[count] = arrival
      inputs[count] = lengths.input
      outputs[count] = lengths.output
      count &+= 1
      row = lengths.end + ending.length
    }
    p = row
    watched = order
    return count
  }
}

/// LF or CR LF, as the first line has it.
private struct LineEnding {
  let length: Int
  private let mask: UInt16
  private let word: UInt16

  init(after p: UnsafeRawPointer, _ end: UnsafeRawPointer) {
    let newline = endOfLine(p, end)
    let isCRLF = newline > p && (newline - 1).load(as: UInt8.self) == 0x0d
    length = isCRLF ? 2 : 1
    mask = isCRLF ? 0xffff : 0xff
    word = isCRLF ? 0x0a0d : 0x0a
  }

  @inline(__always)
  func matches(_ p: UnsafeRawPointer) -> Bool {
    UInt16(littleEndian: p.loadUnaligned(as: UInt16.self)) & mask == word
  }
}

/// `input,output` and a mark that is no digit, all within sixteen bytes; both from 1 to the limit.
private struct LengthPair {
  let input: UInt32
  let output: UInt32
  let end: UnsafeRawPointer

  @inline(__always)
  init?(_ p: UnsafeRawPointer, limit: UInt64) {
    let marks = Digits.marks16(p)
    let rest = marks & (marks &- 1)
    let comma = marks.trailingZeroBitCount
    let last = rest.trailingZeroBitCount
    let second = last &- comma &- 1
    guard rest != 0, comma &- 1 < 8, second &- 1 < 8, (p + comma).load(as: UInt8.self) == 0x2c else {
      return nil
    }
    let a = Digits.aligned(p, count: comma)
    let b = Digits.aligned(p + (comma &+ 1), count: second)
    let first: UInt64
    let other: UInt64
    if (comma &- 1) | (second &- 1) < 4 {
      let both = Digits.joinedPairs(a &>> 32 | b & 0xffff_ffff_0000_0000)
      (first, other) = (both & 0xffff_ffff, both &>> 32)
    } else {
      (first, other) = (Digits.joined(a), Digits.joined(b))
    }
    guard first &- 1 < limit, other &- 1 < limit else { return nil }
    input = UInt32(truncatingIfNeeded: first)
    output = UInt32(truncatingIfNeeded: other)
    end = p + last
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
  return (Int64(truncatingIfNeeded: (seconds &* 10_000_000 &+ fraction) &* 100), 28)
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
    let billionths =
      fraction.count == 6 ? fraction.value &* 1000 : fraction.value &* fractionScale(fraction.count)
    nanoseconds &+= Int64(truncatingIfNeeded: billionths)
    p = row + 20 + fraction.count
  }
  if Digits.load(p) & 0x0000_ffff_ffff_ffff == 0x3030_3a30_302b { p += 6 }
  return p.load(as: UInt8.self) == 0x2c ? (nanoseconds, p + 1 - row) : nil
}

/// Nanoseconds of the last of `count` decimals.
private func fractionScale(_ count: Int) -> UInt64 { UInt64(Digits.powersOfTen[9 - count]) }
