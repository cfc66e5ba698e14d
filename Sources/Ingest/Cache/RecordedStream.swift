import FleetData
import Foundation

/// A trace being read that leaves a cache entry behind: every piece as it passes, then the scan, then a hash of all.
///
/// The entry is written beside its place and moved there when the trace was read to its end and the bytes read
/// were those of the key. A cache that cannot be written is no error.
final class RecordedStream: TracePieces {
  private let stream: TraceStream
  private let source: HashedSource
  private let content: String
  private let entry: String
  private let temporary: String
  private var file: FileHandle?
  private var hash = ContentHash()
  private var coding = PieceCoding()

  /// - Parameters:
  ///   - source: the bytes `stream` reads.
  ///   - content: the hash they are expected to have.
  init(_ stream: TraceStream, from source: HashedSource, content: String, entry: String) {
    self.stream = stream
    self.source = source
    self.content = content
    self.entry = entry
    temporary = "\(entry).\(UUID().uuidString)"
    let folder = URL(filePath: entry).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if FileManager.default.createFile(atPath: temporary, contents: nil) {
      file = FileHandle(forWritingAtPath: temporary)
    }
    write(CacheEntry.word(CacheEntry.magic))
  }

  deinit { abandon() }

  var scan: TraceScan { stream.scan }

  func next() throws(TraceError) -> WorkloadTrace? {
    guard let piece = try stream.next() else {
      finish()
      return nil
    }
    if file != nil { writeBlock(coding.encoded(piece)) }
    return piece
  }

  private func finish() {
    let scan = stream.scan
    guard file != nil, source.digest() == content, let facts = CacheEntry.encoded(scan)
    else {
      return abandon()
    }
    write(CacheEntry.word(CacheEntry.end))
    writeBlock(facts)
    write(Array(hash.finished().utf8))
    guard let file else { return }
    try? file.close()
    self.file = nil
    if rename(temporary, entry) != 0 { unlink(temporary) }
  }

  /// Takes away what was written.
  private func abandon() {
    guard let file else { return }
    try? file.close()
    self.file = nil
    unlink(temporary)
  }

  private func writeBlock(_ bytes: [UInt8]) {
    write(CacheEntry.word(UInt64(bytes.count)))
    write(bytes)
  }

  private func write(_ bytes: [UInt8]) {
    guard let file else { return }
    bytes.withUnsafeBytes { hash.update($0) }
    do { try file.write(contentsOf: bytes) } catch { abandon() }
  }
}

/// A source whose bytes are hashed on the way.
final class HashedSource: ByteSource {
  private let source: FileSource
  private var hash: ContentHash? = ContentHash()

  init(_ source: FileSource) { self.source = source }

  var sha256: String? { source.sha256 }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    let count = try source.read(into: buffer)
    hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    return count
  }

  /// The hash of every byte read so far; nil once it was given up.
  func digest() -> String? { hash?.finished() }

  /// Nobody will ask for the hash.
  func giveUp() { hash = nil }
}
