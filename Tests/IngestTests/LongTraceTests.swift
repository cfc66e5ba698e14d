import FleetData
import Quantities
import Testing

@testable import Ingest

/// Text made as it is asked for: a block of bytes, over and over.
private final class RepeatedSource: ByteSource {
  private var head: [UInt8]
  private let block: [UInt8]
  private var left: Int
  private var place = 0

  init(head: String, block: [UInt8], count: Int) {
    self.head = Array(head.utf8)
    self.block = block
    left = count
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    if !head.isEmpty {
      let count = min(buffer.count, head.count)
      buffer.copyBytes(from: head[..<count])
      head.removeFirst(count)
      return count
    }
    guard left > 0 else { return 0 }
    let count = min(buffer.count, block.count - place)
    buffer.copyBytes(from: block[place..<place + count])
    place += count
    if place == block.count {
      place = 0
      left -= 1
    }
    return count
  }
}

@Suite("Long traces")
struct LongTraceTests {
  private let header = "TIMESTAMP,ContextTokens,GeneratedTokens\n"

  @Test("Of a million lines exactly the broken one in a hundred are rejected, each with its line")
  func millionLines() throws {
    // A thousand rows, ten of them broken in ten ways, a thousand times.
    let broken = [
      "nonsense", "2023-11-16 18:17:03.1,x,5", "2023-11-16 18:17:03.1,-4,5", "2023-11-16 18:17:03.1,4",
      "1,2,3",
      "2023-11-16 18:17:03.1,1000000000000,5", "2023-13-16 18:17:03.1,4,5", "2023-11-16 18:17:63.1,4,5",
      "2023-11-16 18:17:03.1,4,0", "{\"timestamp\": 1}",
    ]
    var block = ""
    var places: [Int] = []
    for row in 0..<1000 {
      if row % 100 == 37 + row / 100 {
        places.append(row)
        block += broken[row / 100] + "\n"
      } else {
        block +=
          "2023-11-16 18:\(10 + row / 50):\(10 + row % 50).\(1_000_000 + row),\(1 + row),\(1 + row % 90)\n"
      }
    }
    #expect(places.count == 10)
    let source = RepeatedSource(head: header, block: Array(block.utf8), count: 1000)
    var accepted = 0
    let scan = try TraceReader.scan(source, options: TraceOptions(), rejected: nil) { accepted += $0.count }
    #expect(scan.lines == 1_000_001)
    #expect(scan.accepted == 990_000)
    #expect(accepted == 990_000)
    #expect(scan.rejections.count == 10_000)
    // Line 1 is the header; row r of round k stands on line 2 + 1000 k + r.
    let expected = (0..<1000).flatMap { round in places.map { 2 + 1000 * round + $0 } }
    #expect(scan.rejections.map(\.line) == expected)
    #expect(scan.rejectionCounts.map(\.count).reduce(0, +) == 10_000)
  }

  @Test("A line of a gigabyte is one rejected line; what follows it is read")
  func endlessLine() throws {
    let line = [UInt8](repeating: UInt8(ascii: "7"), count: 1 << 24)
    let tail = Array("\n2023-11-16 18:17:04,10,21\n".utf8)
    let source = SourcePair(
      RepeatedSource(head: header + "2023-11-16 18:17:03,10,20\n", block: line, count: 64), MemorySource(tail)
    )
    let scan = try TraceReader.scan(source, options: TraceOptions(), rejected: nil) { _ in }
    #expect(scan.accepted == 2)
    #expect(scan.rejections.map(\.line) == [3])
    #expect(scan.lines == 4)
  }

  @Test("Prefix blocks in the published form and in any other give the same trace")
  func blockForms() throws {
    var stream = RandomStream(3, "blocks")
    var spaced = ""
    for i in 0..<400 {
      // Up to 40 blocks of 1 to 16 digits: lists that span several 64-byte steps.
      let ids = (0..<(1 + i % 40)).map { _ -> String in
        let digits = 1 + Int(stream.uniform() * 16)
        return "1" + String((0..<digits - 1).map { _ in "0123456789".randomElement(using: &stream)! })
      }
      spaced +=
        "{\"timestamp\": \(i * 7), \"input_length\": \(1 + i), \"output_length\": \(1 + i % 9), \"hash_ids\": [\(ids.joined(separator: ", "))]}\n"
    }
    let published = try TraceReader.read(bytes: Array(spaced.utf8)).trace
    let tight = spaced.filter { $0 != " " }
    let odd = spaced.replacingPrefix("{\"timestamp\"", with: "{ \"timestamp\"")
    #expect(published.count == 400)
    #expect(try TraceReader.read(bytes: Array(tight.utf8)).trace == published)
    #expect(try TraceReader.read(bytes: Array(odd.utf8)).trace == published)
    let ids = spaced.split(separator: "\n").flatMap { line in
      line.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }.split(separator: ", ").compactMap {
        UInt64($0)
      }
    }
    #expect(published.blockHashes == ids)
  }
}

/// One source behind another.
private final class SourcePair: ByteSource {
  private let first: any ByteSource
  private let second: any ByteSource

  init(_ first: any ByteSource, _ second: any ByteSource) {
    self.first = first
    self.second = second
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    let count = try first.read(into: buffer)
    return count > 0 ? count : try second.read(into: buffer)
  }
}

extension String {
  /// The text with a change at the front of every line.
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    split(separator: "\n").map { $0.hasPrefix(prefix) ? other + $0.dropFirst(prefix.count) : String($0) }
      .joined(separator: "\n") + "\n"
  }
}
