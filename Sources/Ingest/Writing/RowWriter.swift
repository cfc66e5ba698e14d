import FleetData
import Quantities

/// Writes the header and the rows of one format.
struct RowWriter {
  private let trace: WorkloadTrace
  private let format: TraceFormat
  /// Nanoseconds since 1970 of the zero of the arrivals; 0 when the trace has no date.
  private let origin: Int64
  /// Number of the trace's first request, for formats that number them.
  private let firstRow: Int

  init(_ trace: WorkloadTrace, _ format: TraceFormat, firstRow: Int = 0) {
    self.trace = trace
    self.format = format
    self.firstRow = firstRow
    let start = trace.start ?? 0
    let whole = start.rounded(.down)
    // The fraction of a date in a Double is good to a few hundred nanoseconds: the published forms write 100 ns.
    origin = Int64(whole) * 1_000_000_000 + Int64(((start - whole) * 1e7).rounded()) * 100
  }

  func writeHeader(_ text: inout TextBuffer) {
    switch format {
    case .azure: text.add("TIMESTAMP,ContextTokens,GeneratedTokens\r\n")
    case .burstgpt:
      text.add("Timestamp,")
      if !trace.sessions.isEmpty { text.add("Session ID,") }
      text.add("Model,Request tokens,Response tokens,Total tokens,Log Type\n")
    case .vidur: text.add("arrived_at,num_prefill_tokens,num_decode_tokens\n")
    case .splitwise:
      text.add("request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n")
    case .tracev2: text.add(TraceV2Columns.names.joined(separator: ",") + "\n")
    case .columns: text.add(plainColumns.map(\.rawValue).joined(separator: ",") + "\n")
    case .mooncake, .llmservingsim, .otel: break
    }
  }

  func write(_ i: Int, _ text: inout TextBuffer) {
    switch format {
    case .azure: writeAzure(i, &text)
    case .burstgpt: writeBurstGPT(i, &text)
    case .vidur: writeVidur(i, &text)
    case .splitwise: writeSplitwise(i, &text)
    case .tracev2: writeTraceV2(i, &text)
    case .columns: writePlain(i, &text)
    case .mooncake: writeMooncake(i, &text)
    case .llmservingsim, .otel: writeLLMServingSim(i, &text)
    }
  }

  private func writeAzure(_ i: Int, _ text: inout TextBuffer) {
    text.addDate(origin + trace.arrivals[i].nanoseconds, decimals: 7)
    text.add(",")
    text.add(trace.inputTokens[i])
    text.add(",")
    text.add(trace.outputTokens[i])
    text.add("\r\n")
  }

  private func writeBurstGPT(_ i: Int, _ text: inout TextBuffer) {
    text.addSeconds(trace.arrivals[i].nanoseconds)
    text.add(",")
    if !trace.sessions.isEmpty {
      if trace.sessions[i] >= 0 { text.add(trace.sessions[i]) }
      text.add(",")
    }
    text.addField(name(trace.services, trace.serviceNames, i) ?? "model")
    text.add(",")
    text.add(trace.inputTokens[i])
    text.add(",")
    text.add(trace.outputTokens[i])
    text.add(",")
    text.add(UInt64(trace.inputTokens[i]) + UInt64(trace.outputTokens[i]))
    text.add(",")
    text.addField(name(trace.classes, trace.classNames, i) ?? "Conversation log")
    text.add("\n")
  }

  private func writeVidur(_ i: Int, _ text: inout TextBuffer) {
    text.addSeconds(trace.arrivals[i].nanoseconds)
    text.add(",")
    text.add(trace.inputTokens[i])
    text.add(",")
    text.add(trace.outputTokens[i])
    text.add("\n")
  }

  private func writeSplitwise(_ i: Int, _ text: inout TextBuffer) {
    let application = trace.tenants.isEmpty ? "0" : trace.tenantNames[Int(trace.tenants[i])]
    text.add("\(firstRow + i),2,")
    text.addField(application)
    text.add(",")
    text.addSeconds(trace.arrivals[i].nanoseconds)
    text.add(",1,\(trace.inputTokens[i]),\(trace.outputTokens[i])\n")
  }

  private func writeTraceV2(_ i: Int, _ text: inout TextBuffer) {
    for (column, field) in TraceV2Columns.all.enumerated() {
      if column > 0 { text.add(",") }
      if let field {
        let length = text.bytes.count
        writeField(field, i, &text, secondsPerUnit: 1_000)
        let isNumber = ![.tenant, .sloClass, .session, .service].contains(field)
        if isNumber, text.bytes.count == length { text.add("0") }
      } else {
        text.add(TraceV2Columns.filler(column, row: firstRow + i))
      }
    }
    text.add("\n")
  }

  private var plainColumns: [TraceField] {
    var columns: [TraceField] = [.timestamp, .input, .output]
    if !trace.services.isEmpty { columns.append(.service) }
    if !trace.regions.isEmpty { columns.append(.region) }
    if !trace.tenants.isEmpty { columns.append(.tenant) }
    if !trace.sessions.isEmpty { columns.append(.session) }
    if !trace.turns.isEmpty { columns.append(.turn) }
    if !trace.cachedTokens.isEmpty { columns.append(.cached) }
    if !trace.reasoningTokens.isEmpty { columns.append(.reasoning) }
    if !trace.classes.isEmpty { columns.append(.sloClass) }
    if !trace.deadlines.isEmpty { columns.append(.deadline) }
    return columns
  }

  private func writePlain(_ i: Int, _ text: inout TextBuffer) {
    for (column, field) in plainColumns.enumerated() {
      if column > 0 { text.add(",") }
      writeField(field, i, &text, secondsPerUnit: 1_000_000_000)
    }
    text.add("\n")
  }

  /// One field; times in units of `secondsPerUnit` nanoseconds, a date when the trace has one.
  private func writeField(_ field: TraceField, _ i: Int, _ text: inout TextBuffer, secondsPerUnit unit: Int64)
  {
    switch field {
    case .timestamp:
      if unit == 1_000 {
        text.add((trace.arrivals[i].nanoseconds + 500) / 1_000)
      } else if trace.start != nil {
        text.addDate(origin + trace.arrivals[i].nanoseconds, decimals: 9)
      } else {
        text.addSeconds(trace.arrivals[i].nanoseconds)
      }
    case .input: text.add(trace.inputTokens[i])
    case .output: text.add(trace.outputTokens[i])
    case .service: text.addField(name(trace.services, trace.serviceNames, i) ?? "")
    case .region: text.addField(name(trace.regions, trace.regionNames, i) ?? "")
    case .tenant: if !trace.tenants.isEmpty { text.addField(trace.tenantNames[Int(trace.tenants[i])]) }
    case .sloClass: text.addField(name(trace.classes, trace.classNames, i) ?? "")
    case .session: if !trace.sessions.isEmpty, trace.sessions[i] >= 0 { text.add(trace.sessions[i]) }
    case .turn: if !trace.turns.isEmpty { text.add(trace.turns[i]) }
    case .cached: if !trace.cachedTokens.isEmpty { text.add(trace.cachedTokens[i]) }
    case .reasoning: if !trace.reasoningTokens.isEmpty { text.add(trace.reasoningTokens[i]) }
    case .reasoningRatio:
      if !trace.reasoningTokens.isEmpty {
        text.add("\(Double(trace.reasoningTokens[i]) / Double(max(1, trace.outputTokens[i])))")
      }
    case .deadline:
      guard !trace.deadlines.isEmpty, trace.deadlines[i].nanoseconds > 0 else { return }
      if unit == 1_000 {
        text.add((trace.arrivals[i] + trace.deadlines[i]).nanoseconds / 1_000)
      } else {
        text.addSeconds(trace.deadlines[i].nanoseconds)
      }
    case .number, .ignored: break
    }
  }

  private func writeMooncake(_ i: Int, _ text: inout TextBuffer) {
    text.add("{\"timestamp\": ")
    addMilliseconds(trace.arrivals[i].nanoseconds, &text)
    text.add(", \"input_length\": ")
    text.add(trace.inputTokens[i])
    text.add(", \"output_length\": ")
    text.add(trace.outputTokens[i])
    if !trace.blockOffsets.isEmpty {
      text.add(", \"hash_ids\": [")
      for j in trace.blockOffsets[i]..<trace.blockOffsets[i + 1] {
        if j > trace.blockOffsets[i] { text.add(", ") }
        text.add(trace.blockHashes[j])
      }
      text.add("]")
    }
    text.add("}\n")
  }

  private func writeLLMServingSim(_ i: Int, _ text: inout TextBuffer) {
    text.add("{\"input_toks\": ")
    text.add(trace.inputTokens[i])
    text.add(", \"output_toks\": ")
    text.add(trace.outputTokens[i])
    text.add(", \"arrival_time_ns\": ")
    text.add(trace.arrivals[i].nanoseconds)
    text.add("}\n")
  }

  /// Milliseconds with as many decimals as are needed.
  private func addMilliseconds(_ nanoseconds: Int64, _ text: inout TextBuffer) {
    text.add(nanoseconds / 1_000_000)
    var rest = nanoseconds % 1_000_000
    guard rest != 0 else { return }
    var width = 6
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    text.add(".")
    text.add(rest, width: width)
  }

  private func name(_ column: [UInt16], _ names: [String], _ i: Int) -> String? {
    column.isEmpty ? nil : names[Int(column[i])]
  }
}
