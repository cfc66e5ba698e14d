/// The compressed side of an archive: a piece of its bytes, how far they are used, and the guard against bombs.
struct Unpacking {
  /// An archive that grows more than this many times, beyond `freeBytes`, is refused: traces shrink 3 to 30 times.
  static let maximumExpansion = 400
  static let freeBytes = 64 << 20

  let source: any ByteSource
  let kind: String
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  /// Of `input`: bytes not yet given to the decompressor.
  var available = 0..<0
  var bytesIn = 0
  var bytesOut = 0
  var atEnd = false

  /// Compressed bytes used so far: the place to name in an error.
  var position: Int { bytesIn - available.count }

  /// Reads more compressed bytes when all are used.
  mutating func refill() throws(TraceError) {
    guard available.isEmpty, !atEnd else { return }
    let count = try source.read(into: input)
    atEnd = count == 0
    bytesIn += count
    available = 0..<count
  }

  mutating func unpacked(_ count: Int) throws(TraceError) {
    bytesOut += count
    if bytesOut > Self.freeBytes, bytesOut / max(1, position) > Self.maximumExpansion {
      throw failure("grows more than \(Self.maximumExpansion) times when unpacked, as a zip bomb does")
    }
  }

  func failure(_ why: String) -> TraceError { .archive(kind: kind, byte: position, why: why) }
}
