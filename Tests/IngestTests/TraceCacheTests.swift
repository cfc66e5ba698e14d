import FleetData
import Foundation
import Testing

@testable import Ingest

@Suite("The trace cache")
struct TraceCacheTests {
  private let text =
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n0.5,7,1.2,GPT-4,10,20,30,API log\n1.5,8,1.2,GPT-3,11,3,14,API log\n"

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cache-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(
    "A second reading comes from the cache and is the same; other bytes and damaged entries are read anew")
  func secondReading() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      let first = try cache.read(path: file)
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder + "/cache")
      #expect(entries.count == 1)
      let second = try cache.read(path: file)
      #expect(second.trace == first.trace)
      #expect(second.scan.startSeconds == first.scan.startSeconds)
      #expect(second.sha256 == first.sha256)
      try Data("damaged".utf8).write(to: URL(filePath: folder + "/cache/" + entries[0]))
      #expect(try cache.read(path: file).trace == first.trace)
      try (text + "2,9,1,GPT-4,1,1,2,API log\n").write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try cache.read(path: file).accepted == 3)
    }
  }

  @Test("An entry cut at any length or with any byte changed counts as none")
  func damage() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      let first = try cache.read(path: file).trace
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").first)
      let entry = URL(filePath: folder + "/cache/" + name)
      let whole = try Data(contentsOf: entry)
      for length in [0, 1, 31, 40, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: entry)
        #expect(try cache.read(path: file).trace == first)
        #expect(try Data(contentsOf: entry) == whole)
      }
      for place in stride(from: 0, to: whole.count, by: 41) {
        var changed = whole
        changed[place] ^= 0x10
        try changed.write(to: entry)
        #expect(try cache.read(path: file).trace == first)
      }
    }
  }

  @Test("A trace changed in place, with the same size and time of change, is read anew")
  func sameSize() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      #expect(try cache.read(path: file).trace.inputTokens == [10, 11])
      let date = try #require(
        try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date)
      let changed = text.replacingOccurrences(of: "GPT-4,10", with: "GPT-4,19")
      try changed.write(toFile: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
      #expect(try cache.read(path: file).trace.inputTokens == [19, 11])
    }
  }

  @Test("Pieces come back as they were read; what parses as fast as an entry could be read is not kept")
  func pieces() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      var rows = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      for i in 0..<20_000 { rows += "\(i),model-\(i / 997),\(1 + i % 300),7,9,log\n" }
      try rows.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      func all() throws -> (trace: WorkloadTrace, scan: TraceScan, isCached: Bool) {
        let pieces = try cache.pieces(path: file)
        var whole = WorkloadTrace()
        while let piece = try pieces.next() { whole.append(piece) }
        return (whole, pieces.scan, pieces is CachedStream)
      }
      let (first, second) = (try all(), try all())
      #expect(!first.isCached && second.isCached)
      #expect(first.trace == second.trace)
      #expect(first.trace.serviceNames.count == 21)
      #expect(first.scan.accepted == 20_000)
      #expect(second.scan.accepted == 20_000)
      #expect(second.scan.notes == first.scan.notes)
      // Reading stopped half way leaves nothing behind; rejected rows come back with their lines and reasons.
      try (rows + "broken\n").write(toFile: file, atomically: true, encoding: .utf8)
      _ = try cache.pieces(path: file).next()
      let (third, fourth) = (try all(), try all())
      #expect(!third.isCached && fourth.isCached)
      #expect(third.scan.rejected == 1)
      #expect(fourth.scan.rejections == third.scan.rejections)
      #expect(fourth.scan.rejectionCounts == third.scan.rejectionCounts)
      var strict = TraceOptions()
      strict.strict = true
      #expect(try cache.pieces(path: file, options: strict) is TraceStream)
      let azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,2\n"
      try azure.write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try all().trace.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").count == 2)
    }
  }

  @Test("A file that changes between its hash and its end leaves no entry")
  func changing() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      let pieces = try cache.pieces(path: file)
      let handle = try #require(FileHandle(forWritingAtPath: file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("2.5,8,1.2,GPT-3,11,3,14,API log\n".utf8))
      try handle.close()
      var count = 0
      while let piece = try pieces.next() { count += piece.count }
      // The head is read at once: the change comes too late for it or not at all.
      #expect(count == 2 || count == 3)
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder + "/cache")
      #expect(entries.isEmpty == (count == 3))
    }
  }

  @Test("Other options are another entry")
  func options() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let cache = TraceCache(folder: folder + "/cache")
      #expect(try cache.read(path: file).accepted == 2)
      var options = TraceOptions()
      options.timeUnit = .milliseconds
      #expect(try cache.read(path: file, options: options).trace.arrivals.map(\.seconds) == [0.0005, 0.0015])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").count == 2)
    }
  }

  @Test("Readers at the same time do not disturb each other")
  func concurrent() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cache-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/trace.csv"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let cache = TraceCache(folder: folder + "/cache")
    let expected = try TraceReader.read(path: file).trace
    try await withThrowingTaskGroup(of: WorkloadTrace.self) { group in
      for _ in 0..<16 { group.addTask { try cache.read(path: file).trace } }
      for try await trace in group { #expect(trace == expected) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").count == 1)
  }

  @Test("A cache that cannot be written is no error")
  func unwritable() throws {
    try withFolder { folder in
      let file = folder + "/trace.csv"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      // A folder cannot lie in a file, whoever asks.
      let cache = TraceCache(folder: file + "/cache")
      #expect(try cache.read(path: file).accepted == 2)
      #expect(try cache.read(path: file).accepted == 2)
    }
  }

  @Test("The content hash does not depend on the pieces it is fed, and one bit changes it")
  func hash() {
    var bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    func hash(_ size: Int) -> String {
      var hash = ContentHash()
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(bytes.count, start + size)].withUnsafeBytes { hash.update($0) }
      }
      return hash.finished()
    }
    let whole = hash(1000)
    for size in [1, 7, 31, 32, 33, 64, 999] { #expect(hash(size) == whole) }
    bytes[500] ^= 1
    #expect(hash(1000) != whole)
  }
}
