import FleetData

/// What the first lines of a file say about the rest.
struct TraceDetection {
  var format: TraceFormat
  /// Lines before the first row.
  var headerLines: Int
  var fields: Set<TraceField>
  var isAbsolute: Bool
  var notes: [String] = []
  var parser: any RowParser

  /// Looks at the head of the unpacked content, byte order mark removed.
  static func of(_ head: [UInt8], options: TraceOptions) throws(TraceError) -> TraceDetection {
    let lines = headLines(head)
    guard let firstIndex = headerIndex(lines) else {
      throw .noRows(rejected: 0, first: nil)
    }
    let first = lines[firstIndex]
    if let format = options.format, format.isJSON { return json(format, first, options) }
    if options.format == nil, first.utf8.first == UInt8(ascii: "{") {
      return json(try jsonFormat(first), first, options)
    }
    if first.utf8.first == UInt8(ascii: "[") {
      throw .unknownFormat(
        found: "a JSON array", help: "write one JSON object per line, for example with: jq -c '.[]'"
      )
    }
    return try DelimitedDetection(lines: lines, headerIndex: firstIndex, options: options)
      .detection()
  }

  private static func jsonFormat(_ line: String) throws(TraceError) -> TraceFormat {
    if line.contains("\"sub_requests\"") || line.contains("\"input_toks\"") {
      return .llmservingsim
    }
    if line.contains("\"input_length\"") { return .mooncake }
    if line.contains("\"resourceSpans\"") || line.contains("gen_ai.") { return .otel }
    throw .unknownFormat(
      found: printable(line),
      help:
        "JSON lines need input_length (mooncake), input_toks (llmservingsim) or gen_ai.* attributes (otel)"
    )
  }

  private static func json(_ format: TraceFormat, _ first: String, _ options: TraceOptions)
    -> TraceDetection
  {
    if format == .otel {
      return TraceDetection(
        format: format, headerLines: 0,
        fields: [.timestamp, .input, .output, .service, .session, .cached, .reasoning],
        isAbsolute: true,
        parser: NestedJSONParser(.spans))
    }
    if format == .llmservingsim, first.contains("\"sub_requests\"") {
      let pace = options.servingSecondsPerOutputToken
      let note =
        pace > 0
        ? "calls of a session wait for the tools before them and \(pace) s per output token"
        : "calls of a session wait for the tools before them; serving time is not in the file (--serving-time adds it)"
      return TraceDetection(
        format: format, headerLines: 0, fields: [.timestamp, .input, .output, .session, .turn],
        isAbsolute: false,
        notes: [note], parser: NestedJSONParser(.sessions))
    }
    return TraceDetection(
      format: format, headerLines: 0, fields: [.timestamp, .input, .output], isAbsolute: false,
      parser: FlatJSONParser(format, unit: options.timeUnit))
  }

  /// The first line that is neither blank nor a comment nor part of the YAML header of a TraceV2 file.
  private static func headerIndex(_ lines: [String]) -> Int? {
    let first = lines.firstIndex { !$0.isEmpty && !$0.hasPrefix("#") }
    guard let first, lines[first].hasPrefix("trace_version:") || lines[first] == "---" else {
      return first
    }
    return lines.firstIndex { $0.contains("arrival_time_us") && $0.contains(",") } ?? first
  }

  /// The complete lines of the head as text, and the last one even when it is cut; CR removed.
  private static func headLines(_ head: [UInt8]) -> [String] {
    head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(200).map {
      line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }
}

extension TraceFormat {
  var isJSON: Bool { self == .mooncake || self == .llmservingsim || self == .otel }
}
