import FleetData
import Quantities

/// JSON lines of one flat request each, keys in any order: Mooncake's and LLMServingSim's.
struct FlatJSONParser: RowParser {
  private let timestamp: KeyPattern
  private let input: KeyPattern
  private let output: KeyPattern
  /// The prefix blocks, where the format has them.
  private let blocks: KeyPattern?
  private var stamps: StampReader
  private let unit: UInt64
  private let rows = PlainRows()
  private let layouts = (spaced: MooncakeLayout(spaced: true), tight: MooncakeLayout(spaced: false))

  init(_ format: TraceFormat, unit: TimeUnit?) {
    let isMooncake = format == .mooncake
    timestamp = KeyPattern(isMooncake ? "timestamp" : "arrival_time_ns")
    input = KeyPattern(isMooncake ? "input_length" : "input_toks")
    output = KeyPattern(isMooncake ? "output_length" : "output_toks")
    blocks = isMooncake ? KeyPattern("hash_ids") : nil
    let nanoseconds = unit?.nanoseconds ?? format.nanosecondsPerUnit
    stamps = StampReader(.number(nanosecondsPerUnit: nanoseconds, sinceEpoch: false))
    self.unit = UInt64(nanoseconds)
  }

  mutating func parse(_ chunk: LineChunks.Chunk, into sink: inout RowSink) {
    var p = chunk.start
    while p < chunk.end, !sink.halted {
      if blocks != nil, !sink.options.rejectRepeats { p = plainLines(p, chunk.end, into: &sink) }
      if p < chunk.end { p = parseLine(p, chunk.end, into: &sink) }
    }
  }

  /// Takes lines of the published form until one is not. Returns where it stopped.
  private func plainLines(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, into sink: inout RowSink
  ) -> UnsafeRawPointer {
    var q = start
    let isSpaced = layouts.spaced.timestamp.step(&q)
    var run = MooncakeRun(
      p: start, end: end, unit: unit, limit: UInt64(sink.options.maximumTokens),
      layout: isSpaced ? layouts.spaced : layouts.tight)
    while true {
      var order = PlainOrder(sink.order)
      let count = run.fill(rows, &order)
      rows.move(count, hasBlocks: true, order, to: &sink)
      if count == 0 { return run.p }
    }
  }

  /// Reads the line at `p`. Returns the start of the next.
  private mutating func parseLine(
    _ p: UnsafeRawPointer, _ end: UnsafeRawPointer, into sink: inout RowSink
  ) -> UnsafeRawPointer {
    var cursor = JSONCursor(p, end)
    let firstBlock = sink.batch.blockHashes.count
    sink.line += 1
    cursor.skipBlanks()
    if cursor.p == end || cursor.byte == UInt8(ascii: "\n") {
      sink.blankLines += 1
      return cursor.p + 1
    }
    guard let problem = request(&cursor, into: &sink) else {
      if blocks != nil { sink.batch.blockOffsets.append(sink.batch.blockHashes.count) }
      return cursor.p + 1
    }
    sink.batch.blockHashes.removeLast(sink.batch.blockHashes.count - firstBlock)
    let newline = endOfLine(p, end)
    let isCut = newline == end && problem.mayBeTruncation
    sink.reject(
      isCut ? "the last line is cut off" : problem.kind, problem.detail, line: sink.line,
      text: lineBody(p, newline))
    return newline + 1
  }

  /// Reads one object to its line end and appends it.
  @inline(__always)
  private mutating func request(_ cursor: inout JSONCursor, into sink: inout RowSink) -> RowProblem? {
    guard cursor.take(UInt8(ascii: "{")) else { return notAnObject(cursor) }
    var row = RequestRow()
    var found = 0
    let firstBlock = sink.batch.blockHashes.count
    while true {
      guard cursor.take(UInt8(ascii: "\"")) else { break }
      if timestamp.matches(&cursor) {
        if let problem = readStamp(&cursor, &row.stamp) { return problem }
        found |= 1
      } else if input.matches(&cursor) {
        if let problem = readTokens(&cursor, "input", &row.input, sink.options) { return problem }
        found |= 2
      } else if output.matches(&cursor) {
        if let problem = readTokens(&cursor, "output", &row.output, sink.options) { return problem }
        found |= 4
      } else if let blocks, blocks.matches(&cursor) {
        if let problem = readBlocks(&cursor, into: &sink.batch.blockHashes) { return problem }
      } else {
        cursor.p -= 1
        guard cursor.string() != nil, cursor.take(UInt8(ascii: ":")), cursor.skipValue() else {
          return malformed(cursor)
        }
      }
      if !cursor.take(UInt8(ascii: ",")) { break }
    }
    guard cursor.take(UInt8(ascii: "}")) else { return malformed(cursor) }
    cursor.skipBlanks()
    guard cursor.p >= cursor.end || cursor.byte == UInt8(ascii: "\n") else {
      return RowProblem("text after the closing brace")
    }
    if found != 7 { return missing(found) }
    if let problem = RowProblem.ofTokens(row, limit: sink.options.maximumTokens) { return problem }
    return sink.append(row, firstBlock: firstBlock)
  }

  @inline(__always)
  private mutating func readStamp(_ cursor: inout JSONCursor, _ stamp: inout Int64) -> RowProblem? {
    if let value = cursor.wholeNumber() {
      let (product, overflow) = value.multipliedReportingOverflow(by: unit)
      if overflow || product > UInt64(Int64.max) { return RowProblem("time stamp out of range", "\(value)") }
      stamp = Int64(product)
      return nil
    }
    guard let text = cursor.number(), let value = stamps.read(text) else {
      return RowProblem("unreadable time stamp", mayBeTruncation: true)
    }
    if value < 0 { return RowProblem("negative time stamp", excerpt(text)) }
    stamp = value
    return nil
  }

  @inline(__always)
  private func readTokens(
    _ cursor: inout JSONCursor, _ name: String, _ count: inout UInt32, _ options: TraceOptions
  ) -> RowProblem? {
    if let value = cursor.wholeNumber(), value <= UInt64(options.maximumTokens) {
      count = UInt32(truncatingIfNeeded: value)
      return nil
    }
    return oddTokens(&cursor, name, &count, options)
  }

  @inline(never)
  private func oddTokens(
    _ cursor: inout JSONCursor, _ name: String, _ count: inout UInt32, _ options: TraceOptions
  ) -> RowProblem? {
    while cursor.p > UnsafeRawPointer(bitPattern: 1)!, (cursor.p - 1).load(as: UInt8.self) &- 0x30 < 10 {
      cursor.p -= 1
    }
    guard let text = cursor.number(), let value = Double(String(decoding: text, as: UTF8.self)) else {
      return RowProblem("\(name) tokens are not a whole number", mayBeTruncation: true)
    }
    if value < 0 { return RowProblem("negative \(name) tokens", excerpt(text)) }
    if value > Double(options.maximumTokens) {
      return RowProblem(
        "\(name) tokens beyond the limit", "\(excerpt(text)) is more than \(options.maximumTokens)")
    }
    guard value == value.rounded() else {
      return RowProblem("\(name) tokens are not a whole number", excerpt(text))
    }
    count = UInt32(value)
    return nil
  }

  /// Reads the list of prefix blocks; `hashes` keeps what was read even when the list turns out to be broken.
  @inline(__always)
  private func readBlocks(_ cursor: inout JSONCursor, into hashes: inout [UInt64]) -> RowProblem? {
    guard cursor.take(UInt8(ascii: "[")) else {
      return RowProblem("hash_ids is not a list", mayBeTruncation: true)
    }
    if cursor.take(UInt8(ascii: "]")) { return nil }
    while true {
      guard let id = cursor.wholeNumber() else {
        return RowProblem("a hash id is not a whole number", mayBeTruncation: true)
      }
      hashes.append(id)
      if cursor.take(UInt8(ascii: "]")) { return nil }
      if !cursor.take(UInt8(ascii: ",")) { return malformed(cursor) }
    }
  }

  private func missing(_ found: Int) -> RowProblem {
    let keys = [(1, timestamp), (2, input), (4, output)].filter { found & $0.0 == 0 }.map { $0.1.name }
    return RowProblem("missing keys", keys.joined(separator: ", "))
  }
}

private func malformed(_ cursor: JSONCursor) -> RowProblem {
  RowProblem("malformed JSON, or nested deeper than \(JSONCursor.maximumDepth)", mayBeTruncation: true)
}

private func notAnObject(_ cursor: JSONCursor) -> RowProblem {
  RowProblem("not a JSON object (mixed formats?)")
}

/// A key of eight or more letters, compared as two words.
private struct KeyPattern {
  let name: String
  private let count: Int
  private let first: UInt64
  private let last: UInt64

  init(_ name: String) {
    self.name = name
    let bytes = Array(name.utf8)
    precondition(bytes.count >= 8, "keys compare as eight-byte words")
    count = bytes.count
    (first, last) = bytes.withUnsafeBytes {
      (Digits.load($0.baseAddress!), Digits.load($0.baseAddress! + $0.count - 8))
    }
  }

  /// Steps over the key, its closing quote and the colon when they stand at the cursor, behind the opening quote.
  @inline(__always)
  func matches(_ cursor: inout JSONCursor) -> Bool {
    let p = cursor.p
    guard Digits.load(p) == first, p + count < cursor.end, Digits.load(p + count - 8) == last,
      (p + count).load(as: UInt8.self) == UInt8(ascii: "\"")
    else { return false }
    cursor.p = p + count + 1
    if cursor.take(UInt8(ascii: ":")) { return true }
    cursor.p = p
    return false
  }
}
