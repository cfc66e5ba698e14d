import FleetData
import Quantities
import Testing

@testable import Ingest

@Suite("Formats of other tools")
struct OtherFormatsTests {
  private func read(_ text: String, _ options: TraceOptions = TraceOptions()) throws -> TraceReading {
    try TraceReader.read(bytes: Array(text.utf8), options: options)
  }

  @Test("BLIS TraceV2 keeps classes, sessions, thinking and deadlines, with or without its YAML header")
  func traceV2() throws {
    let rows =
      "request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,streaming,input_tokens,output_tokens,text_tokens,image_tokens,audio_tokens,video_tokens,reason_ratio,model,deadline_us,server_input_tokens,arrival_time_us,send_time_us,first_chunk_time_us,last_chunk_time_us,num_chunks,status,error_message,finish_reason\n"
      + "0,c1,acme,critical,s9,2,g,128,true,500,40,500,0,0,0,0.25,llama,3000000,0,1000000,0,0,0,0,ok,,stop\n"
    for text in [rows, "trace_version: 2\ntime_unit: us\nmode: generated\n" + rows] {
      let reading = try read(text)
      #expect(reading.format == .tracev2)
      let trace = reading.trace
      #expect(trace.arrivals.map(\.seconds) == [1])
      #expect(trace.tenantNames == ["acme"])
      #expect(trace.classNames == ["critical"])
      #expect(trace.sessions == [0])
      #expect(trace.turns == [2])
      #expect(trace.cachedTokens == [128])
      #expect(trace.reasoningTokens == [10])
      // The deadline is a moment: 3 s on a clock on which the request arrives at 1 s.
      #expect(trace.deadlines.map(\.seconds) == [2])
    }
  }

  @Test("Vidur and splitwise tables are recognised by their columns")
  func tables() throws {
    let vidur = try read("arrived_at,num_prefill_tokens,num_decode_tokens\n0.25,374,44\n0.5,396,109\n")
    #expect(vidur.format == .vidur)
    #expect(vidur.trace.arrivals.map(\.seconds) == [0.25, 0.5])
    let splitwise = try read(
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n0,2,app,1.5,1,512,64\n"
    )
    #expect(splitwise.format == .splitwise)
    #expect(splitwise.trace.inputTokens == [512])
    #expect(splitwise.trace.tenantNames == ["app"])
  }

  @Test("LLMServingSim lines are single requests, or sessions whose calls wait for their tools")
  func llmServingSim() throws {
    let flat = try read(
      "{\"input_toks\": 10, \"output_toks\": 20, \"arrival_time_ns\": 1500, \"input_tok_ids\": [1, 2]}\n")
    #expect(flat.format == .llmservingsim)
    #expect(flat.trace.arrivals.map(\.nanoseconds) == [1500])
    let sessions =
      "{\"session_id\": \"a\", \"arrival_time_ns\": 1000, \"sub_requests\": [{\"input_toks\": 10, \"output_toks\": 2, \"tool_duration_ns\": 500}, {\"input_toks\": 15, \"output_toks\": 3}]}\n"
    let agentic = try read(sessions)
    #expect(agentic.trace.arrivals.map(\.nanoseconds) == [1000, 1500])
    #expect(agentic.trace.sessions == [0, 0])
    #expect(agentic.trace.turns == [0, 1])
    var paced = TraceOptions()
    paced.servingSecondsPerOutputToken = 1e-6
    // Two output tokens of a microsecond each pass before the tool starts.
    #expect(try read(sessions, paced).trace.arrivals.map(\.nanoseconds) == [1000, 3500])
  }

  @Test("OpenTelemetry GenAI spans are found in OTLP batches and in flat lines")
  func spans() throws {
    let otlp =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"1747872000000000000\",\"attributes\":[{\"key\":\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"12\"}},{\"key\":\"gen_ai.usage.output_tokens\",\"value\":{\"intValue\":\"8\"}},{\"key\":\"gen_ai.request.model\",\"value\":{\"stringValue\":\"m\"}}]},{\"startTimeUnixNano\":\"1747872000500000000\",\"attributes\":[]}]}]}]}\n"
    let flat =
      "{\"name\":\"chat\",\"start_time\":\"2025-05-22T00:00:01Z\",\"attributes\":{\"gen_ai.usage.input_tokens\":30,\"gen_ai.usage.output_tokens\":9,\"gen_ai.conversation.id\":\"c\",\"gen_ai.request.model\":\"m\"}}\n"
    let reading = try read(otlp + flat + "{\"name\":\"http\"}\n")
    #expect(reading.format == .otel)
    #expect(reading.trace.inputTokens == [12, 30])
    // 1747872000 is 2025-05-22 00:00:00 UTC.
    #expect(reading.trace.arrivals.map(\.seconds) == [0, 1])
    #expect(reading.trace.sessions == [-1, 0])
    #expect(reading.trace.serviceNames == ["m"])
    #expect(reading.notes.contains("1 line holds no request"))
  }

  @Test("Any table is read when its columns are named, by name or by number, with any separator")
  func columns() throws {
    var options = TraceOptions()
    options.columns = [
      .init(.timestamp, "when"), .init(.input, "in"), .init(.output, "out"), .init(.region, "where"),
    ]
    let reading = try read("id;when;in;out;where\na;1.5;10;20;eu\nb;2;11;21;us\n", options)
    #expect(reading.format == .columns)
    #expect(reading.trace.regionNames == ["eu", "us"])
    #expect(reading.trace.arrivals.map(\.seconds) == [1.5, 2])
    options.columns = [.init(.timestamp, "1"), .init(.input, "2"), .init(.output, "3")]
    #expect(try read("0.5\t10\t20\n0.75\t11\t21\n", options).accepted == 2)
    options.columns = [.init(.timestamp, "wen"), .init(.input, "in"), .init(.output, "out")]
    let error = try #require(throws: TraceError.self) { try read("when,in,out\n1,2,3\n", options) }
    #expect(error.diagnostic(path: "t").help == "did you mean 'when'?")
  }

  @Test(
    "Numeric time stamps are judged by their size, and the guess is said",
    arguments: [
      ("12.5", nil, 0.25), ("1700158623.5", "seconds", 0.25), ("1700158623500", "milliseconds", 250),
      ("1700158623500000", "microseconds", 250_000), ("1700158623500000000", "nanoseconds", 250_000_000),
    ] as [(String, String?, Double)])
  func epochs(first: String, unit: String?, step: Double) throws {
    let second = unit == nil || unit == "seconds" ? "\(first.dropLast(1))75" : String(Int(first)! + Int(step))
    let reading = try read("time,prompt_tokens,completion_tokens\n\(first),1,1\n\(second),1,1\n")
    let gap = reading.trace.arrivals[1] - reading.trace.arrivals[0]
    #expect(gap.nanoseconds == 250_000_000)
    #expect(reading.trace.start == (unit == nil ? nil : 1_700_158_623))
    #expect(reading.notes.contains { $0.contains(unit ?? "seconds from the start") })
  }

  @Test("Dates with a zone are moved to UTC")
  func zones() throws {
    let reading = try read(
      "time,input,output\n2025-05-22T02:00:00+02:00,1,1\n2025-05-21T19:30:00.5-04:30,1,1\n2025-05-22T00:00:01.25Z,1,1\n"
    )
    #expect(reading.trace.arrivals.map(\.seconds) == [0, 0.5, 1.25])
    #expect(reading.trace.start == 1_747_872_000)
  }

  @Test("Files that are no text say what they are")
  func foreign() {
    #expect(throws: TraceError.self) { try read("PAR1xxxxxxxxx") }
    #expect(throws: TraceError.self) { try read("[{\"timestamp\": 1}]") }
    #expect(throws: TraceError.self) { try TraceReader.read(bytes: [0xff, 0xfe, 0x41, 0, 0x0a, 0]) }
  }
}
