import FleetData
import Foundation

/// A trace read before, from its cache entry.
final class CachedStream: TracePieces {
  private let file: FileSource
  private let path: String
  private var coding = PieceCoding()
  private var room: [UInt8] = []
  private(set) var scan: TraceScan

  /// Nil when there is no entry, or when its bytes are not those that were written: the whole entry is looked at first,
  /// so that nothing is passed on that turns out to be damaged later.
  init?(_ path: String) {
    guard let size = Self.size(of: path), Self.isWhole(path, size: size),
      let file = try? FileSource(path: path, hashing: false)
    else { return nil }
    self.file = file
    self.path = path
    scan = TraceScan(format: .columns)
    guard (try? word()) == CacheEntry.magic else { return nil }
  }

  func next() throws(TraceError) -> WorkloadTrace? {
    let count = try word()
    guard count != CacheEntry.end else {
      try fill(Int(try word()))
      guard let scan = CacheEntry.decodedScan(room) else { throw damaged }
      self.scan = scan
      return nil
    }
    try fill(Int(count))
    guard let piece = room.withUnsafeBytes({ coding.decoded($0) }) else { throw damaged }
    return piece
  }

  private var damaged: TraceError {
    .unreadable(path: path, why: "the cache entry changed while it was read")
  }

  private func word() throws(TraceError) -> UInt64 {
    try fill(8)
    return room.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  /// Reads just so many bytes.
  private func fill(_ count: Int) throws(TraceError) {
    if room.count != count { room = [UInt8](repeating: 0, count: count) }
    var filled = 0
    while filled < count {
      let got = try read(from: filled)
      guard got > 0 else { throw damaged }
      filled += got
    }
  }

  private func read(from place: Int) throws(TraceError) -> Int {
    var failure: TraceError?
    let got = room.withUnsafeMutableBytes { room -> Int in
      do throws(TraceError) {
        return try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[place...]))
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return got
  }

  private static func size(of path: String) -> Int? {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
  }

  /// True when the last 32 bytes are the hash of all before.
  private static func isWhole(_ path: String, size: Int) -> Bool {
    guard size > 40, let file = try? FileSource(path: path, hashing: false) else { return false }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var hash = ContentHash()
    var left = size - 32
    while left > 0 {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
      guard let count = try? file.read(into: part), count > 0 else { return false }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      left -= count
    }
    let digest = UnsafeMutableRawBufferPointer(rebasing: buffer[..<33])
    guard let count = try? file.read(into: digest), count == 32 else { return false }
    return Array(hash.finished().utf8).elementsEqual(digest[..<32])
  }
}
