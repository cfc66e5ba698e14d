import FleetData
import Foundation
import Quantities
import Testing

@testable import Ingest

@Suite("Odd and broken traces")
struct TraceDiagnosticsTests {
  private let header = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
  private func read(_ text: String, _ options: TraceOptions = TraceOptions()) throws -> TraceReading {
    try TraceReader.read(bytes: Array(text.utf8), options: options)
  }
  private func reasons(_ text: String) throws -> [String] {
    try read(text).rejections.map { "\($0.line) \($0.reason)" }
  }

  @Test("A byte order mark is skipped and said")
  func byteOrderMark() throws {
    let reading = try read("\u{feff}" + header + "2023-11-16 18:17:03,10,20\n")
    #expect(reading.accepted == 1)
    #expect(reading.notes.contains("a byte order mark was skipped"))
  }

  @Test("Line ends may be LF or CRLF, mixed, and the last may be missing")
  func lineEnds() throws {
    let reading = try read(
      header + "2023-11-16 18:17:03,10,20\r\n2023-11-16 18:17:04,10,21\n\n2023-11-16 18:17:05,10,22")
    #expect(reading.trace.outputTokens == [20, 21, 22])
    #expect(reading.notes.contains("1 blank line was skipped"))
  }

  @Test("A NUL byte rejects its line")
  func nul() throws {
    let text = header + "2023-11-16 18:17:03,10,20\n2023-11-16 18:17:03,1\u{0}0,20\n"
    #expect(try reasons(text) == ["3 NUL byte in the line"])
  }

  @Test("Quoted fields are read, doubled quotes undone, an open quote rejects the line")
  func quotes() throws {
    let text =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n1,\"GPT, \"\"4\"\"\",\"10\",20,30,x\n2,\"GPT,10,20,30,x\n"
    let reading = try read(text)
    #expect(reading.trace.serviceNames == ["GPT, \"4\""])
    #expect(reading.rejections == [Rejection(line: 3, reason: "a quote is not closed on its line")])
  }

  @Test("Invalid UTF-8 in a name rejects its line")
  func invalidUTF8() throws {
    var bytes = Array(
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n1,A,10,20,30,x\n2,".utf8)
    bytes += [0xff, 0xfe] + Array(",10,20,30,x\n".utf8)
    let reading = try TraceReader.read(bytes: bytes)
    #expect(reading.rejections == [Rejection(line: 3, reason: "invalid UTF-8 in the model: '??'")])
  }

  @Test("Rows out of order are sorted, counted and said")
  func disorder() throws {
    let reading = try read(
      header + "2023-11-16 18:17:05,1,20\n2023-11-16 18:17:03.5,2,20\n2023-11-16 18:17:04,3,20\n")
    #expect(reading.trace.inputTokens == [2, 3, 1])
    #expect(reading.trace.arrivals.map(\.nanoseconds) == [500_000_000, 1_000_000_000, 2_000_000_000])
    #expect(reading.scan.outOfOrder == 1)
    // 18:17:03 of 2023-11-16.
    #expect(reading.trace.start == 1_700_158_623)
  }

  @Test("Repeated rows are kept and counted, or rejected when asked")
  func repeats() throws {
    let text = header + "2023-11-16 18:17:03,10,20\n2023-11-16 18:17:03,10,20\n2023-11-16 18:17:03,10,21\n"
    #expect(try read(text).accepted == 3)
    #expect(try read(text).scan.repeats == 1)
    var options = TraceOptions()
    options.rejectRepeats = true
    let strict = try read(text, options)
    #expect(strict.rejections == [Rejection(line: 3, reason: "repeats the row before it")])
  }

  @Test("A request number met before is counted, or its row rejected when asked")
  func repeatedNumbers() throws {
    let text =
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n7,2,a,1,1,10,20\n8,2,a,2,1,10,0\n8,2,a,3,1,11,20\n7,2,a,4,1,12,20\n"
    let reading = try read(text)
    #expect(reading.trace.inputTokens == [10, 11, 12])
    #expect(
      reading.notes.contains { $0.hasPrefix("1 row repeats a request number and is kept;") })
    var options = TraceOptions()
    options.rejectRepeats = true
    // The failed row 8 does not make the later one a repetition.
    #expect(
      try read(text, options).rejections.map { "\($0.line) \($0.reason)" } == [
        "3 no output tokens (a failed request)", "5 repeats a request number: '7'",
      ])
  }

  @Test("Equal lines with other prefix blocks are no repetition; equal blocks are, across the forms")
  func repeatedBlocks() throws {
    func line(_ blocks: String) -> String {
      "{\"timestamp\": 5, \"input_length\": 6, \"output_length\": 7, \"hash_ids\": [\(blocks)]}\n"
    }
    let text = line("1, 2") + line("1, 3") + line("1,3") + line("1, 3")
    #expect(try read(text).scan.repeats == 2)
    var options = TraceOptions()
    options.rejectRepeats = true
    #expect(try read(text, options).rejections.map(\.line) == [3, 4])
  }

  @Test("Sessions beyond the limit are told, and their requests kept without a session")
  func manySessions() throws {
    var options = TraceOptions()
    options.sessionLimit = 2
    let text = "time,input,output,session\n" + (0..<5).map { "\($0),1,1,s\($0 % 3)\n" }.joined()
    var sessions: [Int32] = []
    let scan = try TraceReader.scan(MemorySource(Array(text.utf8)), options: options, rejected: nil) {
      sessions += $0.sessions
    }
    #expect(sessions == [0, 1, -1, 0, 1])
    #expect(scan.notes.contains { $0.hasPrefix("1 row belongs to sessions beyond the first 2") })
  }

  @Test("Joined files keep their headers in the middle; a JSON line in a table is a mixed format")
  func joined() throws {
    let reading = try read(
      header + "2023-11-16 18:17:03,10,20\n" + header + "{\"timestamp\": 1}\n2023-11-16 18:17:04,10,20\n")
    #expect(reading.accepted == 2)
    #expect(reading.scan.lines == 5)
    #expect(reading.notes.contains("1 repeated header line was skipped"))
    #expect(reading.rejections.map(\.reason) == ["a JSON line in a table (mixed formats)"])
    let lines = try read(
      "{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 5}\n1,2,3\n{\"timestamp\": 2, \"input_length\": 5}\n"
    )
    #expect(
      lines.rejections.map(\.reason) == ["not a JSON object (mixed formats?)", "missing keys: output_length"])
  }

  @Test("Strict reading ends at the first rejected row and names it")
  func strict() {
    var options = TraceOptions()
    options.strict = true
    #expect(throws: TraceError.strict(Rejection(line: 3, reason: "no output tokens (a failed request)"))) {
      try read(header + "2023-11-16 18:17:03,10,20\n2023-11-16 18:17:04,10,0\nnonsense\n", options)
    }
  }

  @Test("A line beyond the limit is rejected in bounded memory, and the next one is read")
  func longLine() throws {
    var options = TraceOptions()
    options.maximumLineBytes = 300_000
    let text =
      header + "2023-11-16 18:17:03,10,20\n" + String(repeating: "9", count: 1_000_000)
      + "\n2023-11-16 18:17:04,10,21\n"
    let reading = try read(text, options)
    #expect(reading.trace.outputTokens == [20, 21])
    #expect(reading.rejections.map(\.line) == [3])
  }

  @Test("Deep nesting is refused, not followed")
  func deepNesting() throws {
    let deep = String(repeating: "[", count: 100_000)
    let text =
      "{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 5}\n{\"x\": \(deep), \"timestamp\": 2}\n"
    let reading = try read(text)
    #expect(reading.accepted == 1)
    #expect(reading.rejections.map(\.line) == [2])
  }

  @Test("Absurd, negative and overflowing numbers have their reasons in JSON as in CSV")
  func absurd() throws {
    func line(_ stamp: String, _ input: String) -> String {
      "{\"timestamp\": \(stamp), \"input_length\": \(input), \"output_length\": 5}\n"
    }
    let reading = try read(
      line("0", "7.0") + line("1.5", "1000000000000") + line("2", "-4") + line("-1", "4")
        + line("99999999999999999", "4"))
    #expect(
      reading.rejections.map { "\($0.line) \($0.reason)" } == [
        "2 input tokens beyond the limit: '1000000000000' is more than 100000000",
        "3 negative input tokens: '-4'",
        "4 negative time stamp: '-1'", "5 time stamp out of range: 99999999999999999",
      ])
    #expect(reading.trace.inputTokens == [7])
  }

  @Test("Exactly the broken rows of a long trace are rejected, each with its line")
  func manyRows() throws {
    var stream = RandomStream(7, "broken")
    var text = header
    var broken: [Int] = []
    for line in 2..<20_002 {
      let isBroken = stream.uniform() < 0.01
      if isBroken { broken.append(line) }
      text +=
        "2023-11-16 18:\(10 + line / 1000):\(10 + line % 50).\(line),\(isBroken ? "x" : "1\(line)"),\(1 + line % 90)\n"
    }
    let reading = try read(text)
    #expect(reading.rejections.map(\.line) == broken)
    #expect(reading.accepted == 20_000 - broken.count)
  }
}
