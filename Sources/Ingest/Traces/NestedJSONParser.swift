import FleetData
import Quantities

/// JSON lines that hold any number of requests each: OpenTelemetry spans and LLMServingSim's agentic sessions.
struct NestedJSONParser: RowParser {
  enum Content { case spans, sessions }

  private let content: Content
  private var calendar = StampReader(.calendar)

  init(_ content: Content) { self.content = content }

  mutating func parse(_ chunk: LineChunks.Chunk, into sink: inout RowSink) {
    var p = chunk.start
    while p < chunk.end, !sink.halted {
      let newline = endOfLine(p, chunk.end)
      let body = lineBody(p, newline)
      sink.line += 1
      if body.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        sink.blankLines += 1
      } else if let problem = line(p, newline, into: &sink) {
        let isCut = newline == chunk.end && problem.mayBeTruncation
        sink.reject(
          isCut ? "the last line is cut off" : problem.kind, problem.detail, line: sink.line, text: body)
      }
      p = newline + 1
    }
  }

  private mutating func line(
    _ p: UnsafeRawPointer, _ end: UnsafeRawPointer, into sink: inout RowSink
  ) -> RowProblem? {
    var cursor = JSONCursor(p, end)
    guard let node = JSONNode.line(&cursor) else {
      return RowProblem(
        "malformed JSON, or nested deeper than \(JSONCursor.maximumDepth)", mayBeTruncation: true)
    }
    switch content {
    case .sessions: return session(node, into: &sink)
    case .spans:
      var spans = 0
      if let problem = walk(node, &spans, into: &sink) { return problem }
      if spans == 0 { sink.linesWithoutRequests += 1 }
      return nil
    }
  }

  // MARK: OpenTelemetry

  /// Finds spans with token usage anywhere in the tree. The first one that is wrong rejects the line from there on.
  private mutating func walk(_ node: JSONNode, _ spans: inout Int, into sink: inout RowSink) -> RowProblem? {
    switch node {
    case .array(let elements):
      for element in elements {
        if let problem = walk(element, &spans, into: &sink) { return problem }
      }
    case .object(let members):
      let attributes = SpanAttributes(node)
      if let input = attributes.first(SpanAttributes.input),
        let output = attributes.first(SpanAttributes.output)
      {
        spans += 1
        return span(node, attributes, input: input, output: output, into: &sink)
      }
      for member in members {
        if let problem = walk(member.value, &spans, into: &sink) { return problem }
      }
    default: break
    }
    return nil
  }

  private mutating func span(
    _ node: JSONNode, _ attributes: SpanAttributes, input: String, output: String, into sink: inout RowSink
  ) -> RowProblem? {
    guard let start = SpanAttributes.start.lazy.compactMap({ node[$0]?.text }).first,
      let stamp = nanoseconds(start)
    else { return RowProblem("a span without a readable start time") }
    var row = RequestRow()
    row.stamp = stamp
    if let problem = takeTokens(input, "input", &row.input, sink.options) { return problem }
    if let problem = takeTokens(output, "output", &row.output, sink.options) { return problem }
    row.cached = attributes.first(SpanAttributes.cached).flatMap { UInt32($0) } ?? 0
    row.reasoning = attributes.first(SpanAttributes.reasoning).flatMap { UInt32($0) } ?? 0
    let model = attributes.first(SpanAttributes.model) ?? "unnamed"
    guard let service = sink.services.index(ofName: model) else {
      return RowProblem("too many different model names")
    }
    row.service = UInt16(service)
    if var conversation = attributes.first(SpanAttributes.conversation) {
      row.session = conversation.withUTF8 { sink.sessions.index(of: UnsafeRawBufferPointer($0)) }
    }
    if let problem = RowProblem.ofTokens(row, limit: sink.options.maximumTokens) { return problem }
    return sink.append(row)
  }

  /// Nanoseconds since 1970 from an OTLP time or a date.
  private mutating func nanoseconds(_ text: String) -> Int64? {
    if let number = Int64(text) { return number }
    var padded = Array(text.utf8)
    let count = padded.count
    padded += [UInt8](repeating: 0, count: 16)
    return padded.withUnsafeBytes { calendar.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  // MARK: Agentic sessions

  /// The calls of one session: each starts when the tool before it has finished.
  private func session(_ node: JSONNode, into sink: inout RowSink) -> RowProblem? {
    guard let text = node["arrival_time_ns"]?.text, let arrival = Int64(text), arrival >= 0 else {
      return RowProblem("no arrival_time_ns")
    }
    let calls = node["sub_requests"]?.elements ?? []
    guard !calls.isEmpty else { return RowProblem("no sub_requests") }
    var label = node["session_id"]?.text ?? "line \(sink.line)"
    let session = label.withUTF8 { sink.sessions.index(of: UnsafeRawBufferPointer($0)) }
    var stamp = arrival
    var rows: [RequestRow] = []
    for (turn, call) in calls.enumerated() {
      var row = RequestRow()
      row.stamp = stamp
      row.session = session
      row.turn = UInt32(turn)
      if let problem = takeTokens(call["input_toks"]?.text, "input", &row.input, sink.options) {
        return problem
      }
      if let problem = takeTokens(call["output_toks"]?.text, "output", &row.output, sink.options) {
        return problem
      }
      if let problem = RowProblem.ofTokens(row, limit: sink.options.maximumTokens) { return problem }
      rows.append(row)
      let serving = Double(row.output) * sink.options.servingSecondsPerOutputToken * 1e9
      stamp +=
        Int64(min(serving, 1e18))
        + (call["tool_duration_ns"]?.text.flatMap(Double.init).map { Int64(min(max(0, $0), 1e18)) } ?? 0)
    }
    for row in rows {
      if let problem = sink.append(row) { return problem }
    }
    return nil
  }
}

private func takeTokens(
  _ text: String?, _ name: String, _ count: inout UInt32, _ options: TraceOptions
) -> RowProblem? {
  guard let text, let value = Double(text), value == value.rounded() else {
    return RowProblem("\(name) tokens are not a whole number")
  }
  if value < 0 { return RowProblem("negative \(name) tokens", text) }
  if value > Double(options.maximumTokens) {
    return RowProblem("\(name) tokens beyond the limit", "\(text) is more than \(options.maximumTokens)")
  }
  count = UInt32(value)
  return nil
}

/// The attributes of a span: an object of values, OTLP's list of keys and values, or the span's own members.
///
/// - Source: OpenTelemetry semantic conventions for generative AI, present and former names.
private struct SpanAttributes {
  static let input = ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"]
  static let output = ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"]
  static let cached = [
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.input_tokens.cached",
    "gen_ai.usage.cache_read_input_tokens",
  ]
  static let reasoning = ["gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.output_tokens.reasoning"]
  static let model = ["gen_ai.request.model", "gen_ai.response.model"]
  static let conversation = ["gen_ai.conversation.id", "session.id"]
  static let start = ["startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "timestamp"]

  private let span: JSONNode
  private let attributes: JSONNode?

  init(_ span: JSONNode) {
    self.span = span
    attributes = span["attributes"]
  }

  /// The value under the first of several names that is there.
  func first(_ names: [String]) -> String? {
    for name in names {
      if let text = span[name]?.text ?? attributes?[name]?.text { return text }
      for entry in attributes?.elements ?? [] where entry["key"]?.text == name {
        let value = entry["value"]
        return (value?["intValue"] ?? value?["stringValue"] ?? value?["doubleValue"])?.text
      }
    }
    return nil
  }
}
