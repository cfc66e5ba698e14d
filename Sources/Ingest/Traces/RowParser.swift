/// Turns whole lines into requests.
protocol RowParser {
  /// Reads every line of the chunk; stops early only when the sink is halted.
  mutating func parse(_ chunk: LineChunks.Chunk, into sink: inout RowSink)
}

/// The end of the line that starts at `p`: the LF, or `end` when there is none.
@inline(__always)
func endOfLine(_ p: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UnsafeRawPointer {
  var q = p
  while q < end {
    let marks = Digits.equal64(q, 0x0a)
    if marks != 0 { return min(end, q + marks.trailingZeroBitCount) }
    q += 64
  }
  return end
}

/// The line without its CR.
@inline(__always)
func lineBody(_ p: UnsafeRawPointer, _ newline: UnsafeRawPointer) -> UnsafeRawBufferPointer {
  var count = newline - p
  if count > 0, (newline - 1).load(as: UInt8.self) == UInt8(ascii: "\r") { count -= 1 }
  return UnsafeRawBufferPointer(start: p, count: count)
}
