import FleetData

/// Rows of a CSV or TSV: the careful reading that defines which rows are right and why others are not.
struct DelimitedParser: RowParser {
  /// What each column holds.
  let columns: [TraceField]
  let delimiter: UInt8
  /// The header line without its CR; a line equal to it is a header again, as in joined files.
  let header: [UInt8]
  let deadlineUnit: Int64
  /// Deadlines are moments on the clock of the time stamps, not spans from the arrival.
  let deadlineIsAbsolute: Bool
  var stamps: StampReader
  private var fields: [UnsafeRawBufferPointer] = []
  private var unquoted = QuotedFields()
  /// Thinking as a share of the output, in the row at hand.
  private var reasoningShare: Double?
  /// The request's own number, in the row at hand.
  private var number: UnsafeRawBufferPointer?

  init(
    columns: [TraceField], delimiter: UInt8, header: [UInt8], stamps: StampReader.Kind, deadlineUnit: Int64,
    deadlineIsAbsolute: Bool
  ) {
    self.columns = columns
    self.delimiter = delimiter
    self.header = header
    self.stamps = StampReader(stamps)
    self.deadlineUnit = deadlineUnit
    self.deadlineIsAbsolute = deadlineIsAbsolute
  }

  mutating func parse(_ chunk: LineChunks.Chunk, into sink: inout RowSink) {
    var p = chunk.start
    while p < chunk.end, !sink.halted { p = parseLine(p, chunk.end, into: &sink) }
  }

  /// Reads the line at `p`. Returns the start of the next.
  mutating func parseLine(_ p: UnsafeRawPointer, _ end: UnsafeRawPointer, into sink: inout RowSink)
    -> UnsafeRawPointer
  {
    let newline = endOfLine(p, end)
    let body = lineBody(p, newline)
    sink.line += 1
    if body.isEmpty {
      sink.blankLines += 1
      return newline + 1
    }
    if let problem = read(body, into: &sink) {
      if body.elementsEqual(header) {
        sink.repeatedHeaders += 1
      } else {
        let isCut = newline == end && problem.mayBeTruncation
        sink.reject(
          isCut ? "the last line is cut off" : problem.kind, problem.detail, line: sink.line, text: body)
      }
    }
    return newline + 1
  }

  private mutating func read(_ body: UnsafeRawBufferPointer, into sink: inout RowSink) -> RowProblem? {
    if let problem = split(body) { return problem }
    if fields.count != columns.count {
      if body.first == UInt8(ascii: "{") { return RowProblem("a JSON line in a table (mixed formats)") }
      return RowProblem(
        "wrong number of fields", "\(fields.count) where the header has \(columns.count)",
        mayBeTruncation: true)
    }
    var row = RequestRow()
    reasoningShare = nil
    number = nil
    for index in columns.indices {
      if let problem = take(columns[index], fields[index], into: &row, &sink) { return problem }
    }
    if let reasoningShare { row.reasoning = UInt32((Double(row.output) * reasoningShare).rounded()) }
    if deadlineIsAbsolute { row.deadline = max(0, row.deadline &- row.stamp) }
    if let problem = RowProblem.ofTokens(row, limit: sink.options.maximumTokens) { return problem }
    if let number, !sink.numbers.isNew(number), sink.options.rejectRepeats {
      return RowProblem("repeats a request number", excerpt(number))
    }
    return sink.append(row)
  }

  private mutating func take(
    _ field: TraceField, _ text: UnsafeRawBufferPointer, into row: inout RequestRow, _ sink: inout RowSink
  ) -> RowProblem? {
    switch field {
    case .ignored: return nil
    case .timestamp:
      guard let stamp = stamps.read(text) else { return RowProblem("unreadable time stamp", excerpt(text)) }
      if stamp < 0, !stamps.kind.isAbsolute { return RowProblem("negative time stamp", excerpt(text)) }
      row.stamp = stamp
      return nil
    case .input: return tokens(text, "input", &row.input, sink.options.maximumTokens)
    case .output: return tokens(text, "output", &row.output, sink.options.maximumTokens)
    case .cached: return text.isEmpty ? nil : tokens(text, "cached", &row.cached, sink.options.maximumTokens)
    case .reasoning:
      return text.isEmpty ? nil : tokens(text, "reasoning", &row.reasoning, sink.options.maximumTokens)
    case .turn: return text.isEmpty ? nil : tokens(text, "turn", &row.turn, .max)
    default: return takeLabel(field, text, into: &row, &sink)
    }
  }

  private mutating func takeLabel(
    _ field: TraceField, _ text: UnsafeRawBufferPointer, into row: inout RequestRow, _ sink: inout RowSink
  ) -> RowProblem? {
    switch field {
    case .service:
      guard let index = sink.services.index(of: text) else { return RowProblem.ofName("model", text) }
      row.service = UInt16(index)
    case .region:
      guard let index = sink.regions.index(of: text) else { return RowProblem.ofName("region", text) }
      row.region = UInt16(index)
    case .tenant:
      guard let index = sink.tenants.index(of: text) else { return RowProblem.ofName("tenant", text) }
      row.tenant = UInt32(index)
    case .sloClass:
      guard let index = sink.classes.index(of: text) else { return RowProblem.ofName("class", text) }
      row.sloClass = UInt16(index)
    case .session:
      row.session = sink.sessions.index(of: text)
    case .number: number = text
    case .reasoningRatio:
      if text.isEmpty { return nil }
      guard let billionths = decimalNanoseconds(text, unit: 1_000_000_000),
        (0...1_000_000_000).contains(billionths)
      else { return RowProblem("reasoning ratio is not between 0 and 1", excerpt(text)) }
      reasoningShare = Double(billionths) * 1e-9
    case .deadline:
      if text.isEmpty { return nil }
      guard let allowed = decimalNanoseconds(text, unit: deadlineUnit), allowed >= 0 else {
        return RowProblem("unreadable deadline", excerpt(text))
      }
      row.deadline = allowed
    default: break
    }
    return nil
  }

  /// Cuts the line at its delimiters, quotes undone.
  private mutating func split(_ body: UnsafeRawBufferPointer) -> RowProblem? {
    fields.removeAll(keepingCapacity: true)
    let base = body.baseAddress!
    var start = 0
    for window in stride(from: 0, to: body.count, by: 64) {
      let p = base + window
      let inside = body.count - window < 64 ? (1 &<< UInt64(body.count - window)) &- 1 : UInt64.max
      let odd = (Digits.equal64(p, UInt8(ascii: "\"")) | Digits.equal64(p, 0)) & inside
      if odd != 0 {
        let isNUL = (p + odd.trailingZeroBitCount).load(as: UInt8.self) == 0
        return isNUL ? RowProblem("NUL byte in the line") : splitQuoted(body)
      }
      var marks = Digits.equal64(p, delimiter) & inside
      while marks != 0 {
        let i = window + marks.trailingZeroBitCount
        fields.append(UnsafeRawBufferPointer(start: base + start, count: i - start))
        start = i + 1
        marks &= marks &- 1
      }
    }
    fields.append(UnsafeRawBufferPointer(start: base + start, count: body.count - start))
    return nil
  }

  private mutating func splitQuoted(_ body: UnsafeRawBufferPointer) -> RowProblem? {
    fields.removeAll(keepingCapacity: true)
    return unquoted.split(body, delimiter: delimiter, into: &fields)
  }
}

/// Reads a count of tokens: digits, or digits with a fraction of zeros as some tools write them.
private func tokens(
  _ text: UnsafeRawBufferPointer, _ name: String, _ count: inout UInt32, _ limit: UInt32
) -> RowProblem? {
  guard let first = text.first, let start = text.baseAddress else { return RowProblem("no \(name) tokens") }
  var p = start
  let end = start + text.count
  if let value = Digits.number(&p), p <= end, p == end || isZeroFraction(p, end) {
    if value > UInt64(limit) {
      return RowProblem("\(name) tokens beyond the limit", "\(value) is more than \(limit)")
    }
    count = UInt32(value)
    return nil
  }
  if first == UInt8(ascii: "-") { return RowProblem("negative \(name) tokens", excerpt(text)) }
  if text.allSatisfy({ $0 &- 0x30 < 10 }) {
    return RowProblem("\(name) tokens beyond the limit", "\(excerpt(text)) is more than \(limit)")
  }
  return RowProblem("\(name) tokens are not a whole number", excerpt(text), mayBeTruncation: text.isEmpty)
}

private func isZeroFraction(_ p: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Bool {
  let rest = UnsafeRawBufferPointer(start: p, count: end - p)
  return rest.first == UInt8(ascii: ".") && rest.dropFirst().allSatisfy { $0 == UInt8(ascii: "0") }
}
