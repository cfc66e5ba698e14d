import FleetData
import Quantities
import Testing

@testable import Ingest

@Suite("Published trace formats")
struct TraceReaderTests {
  private func read(_ text: String, _ options: TraceOptions = TraceOptions()) throws -> TraceReading {
    try TraceReader.read(bytes: Array(text.utf8), options: options)
  }

  @Test("An Azure trace is recognised by its header and keeps hundreds of nanoseconds")
  func azure() throws {
    let reading = try read(
      "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8"
    )
    #expect(reading.format == .azure)
    #expect(reading.trace.arrivals.map(\.nanoseconds) == [979_960_000, 1_031_960_000])
    #expect(reading.trace.inputTokens == [4808, 3180])
    #expect(reading.trace.outputTokens == [10, 8])
    // 2023-11-16 is day 19677; 18:17:03 is second 65,823.
    #expect(reading.trace.start == 19_677.0 * 86_400 + 65_823)
    #expect(reading.scan.lines == 3)
  }

  @Test("The 2024 Azure form with six decimals and a zone is read as well")
  func azure2024() throws {
    let reading = try read(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:01+00:00,2399,6\n"
    )
    #expect(reading.trace.arrivals.map(\.nanoseconds) == [9_930_000, 1_000_000_000])
  }

  @Test("A BurstGPT trace keeps model, session and log type, with and without the newer columns")
  func burstGPT() throws {
    let old = try read(
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,230,1317,API log\n"
    )
    #expect(old.format == .burstgpt)
    #expect(old.trace.arrivals.map(\.seconds) == [5, 45])
    #expect(old.trace.serviceNames == ["ChatGPT", "GPT-4"])
    #expect(old.trace.services == [0, 1])
    #expect(old.trace.classNames == ["Conversation log", "API log"])
    #expect(old.trace.sessions.isEmpty)
    let new = try read(
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n0.5,7,1.2,GPT-4,10,20,30,API log\n1.5,,1.2,GPT-4,11,0,11,API log\n2.5,7,1.2,GPT-4,12,22,34,API log\n"
    )
    #expect(new.trace.sessions == [0, 0])
    #expect(new.rejections == [Rejection(line: 3, reason: "no output tokens (a failed request)")])
  }

  @Test("A Mooncake trace is read with keys in any order, and its prefix blocks with it")
  func mooncake() throws {
    let reading = try read(
      "{\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [0, 1, 2]}\n{\"hash_ids\":[0,12345678901],\"output_length\":7,\"x\":{\"y\":[1,\"}\"]},\"input_length\":600,\"timestamp\":27482}\n"
    )
    #expect(reading.format == .mooncake)
    #expect(reading.trace.arrivals.map(\.nanoseconds) == [0, 27_482_000_000])
    #expect(reading.trace.inputTokens == [6758, 600])
    #expect(reading.trace.blockOffsets == [0, 3, 5])
    #expect(reading.trace.blockHashes == [0, 1, 2, 0, 12_345_678_901])
  }

  @Test("Each rejected row keeps its line number and its reason")
  func rejections() throws {
    let reading = try read(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.97,10,10\nnonsense\n2023-11-16 18:17:04,-5,1\n2023-11-16 18:17:04,1000000000000,1\n2023-13-16 18:17:04,5,1\n2023-11-16 18:17:05,5,x\n2023-11-16 18:17:06,7,7\n2023-11-16 18:1"
    )
    #expect(reading.accepted == 2)
    #expect(
      reading.rejections.map { "\($0.line) \($0.reason)" } == [
        "3 wrong number of fields: 1 where the header has 3", "4 negative input tokens: '-5'",
        "5 input tokens beyond the limit: 1000000000000 is more than 100000000",
        "6 unreadable time stamp: '2023-13-16 18:17:04'", "7 output tokens are not a whole number: 'x'",
        "9 the last line is cut off: 1 where the header has 3",
      ])
  }

  @Test("A trace without one good row is an error")
  func nothing() {
    #expect(throws: TraceError.self) { try read("TIMESTAMP,ContextTokens,GeneratedTokens\n") }
    #expect(throws: TraceError.self) { try read("") }
    #expect(throws: TraceError.self) { try read("a,b,c\n1,2,3\n") }
  }

  @Test("The published traces are read without a loss", .enabled(if: SharedTraces.exist))
  func published() throws {
    let azure = try TraceReader.read(path: SharedTraces.path("azure-code-2023.csv"))
    #expect(azure.accepted == 8_819)
    #expect(azure.rejected == 0)
    let mooncake = try TraceReader.read(path: SharedTraces.path("mooncake-conversation.jsonl"))
    #expect(mooncake.accepted == 12_031)
    #expect(mooncake.rejected == 0)
  }
}
