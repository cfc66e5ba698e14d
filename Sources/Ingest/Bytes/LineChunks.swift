import Glibc

/// Whole lines, many at a time, from a source of bytes: the memory stays bounded whatever the input.
struct LineChunks: ~Copyable {
  /// Readable bytes behind the last line, all zero, so that eight-byte loads may run past it.
  static let padding = 64

  /// Lines `start ..< end` of the buffer; every one ends in LF, except perhaps the last of the input.
  struct Chunk {
    var start: UnsafeRawPointer
    var end: UnsafeRawPointer
    /// True when the line that begins here was longer than allowed and is cut: it counts as one line.
    var isCut = false
    /// True when nothing follows.
    var isLast = false
  }

  private let source: any ByteSource
  private let maximumLine: Int
  private var buffer: UnsafeMutableRawBufferPointer
  private var rest = 0..<0
  private var filled = 0
  private var atEnd = false

  init(_ source: any ByteSource, chunkBytes: Int, maximumLine: Int) {
    self.source = source
    self.maximumLine = max(maximumLine, 64)
    buffer = .allocate(byteCount: chunkBytes + Self.padding, alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { buffer.deallocate() }

  /// The next lines, or nil at the end. The chunk is valid until the next call.
  mutating func next() throws(TraceError) -> Chunk? {
    moveRestToFront()
    while true {
      if !atEnd, filled < buffer.count - Self.padding { try fill() }
      if let end = endOfLastLine() {
        rest = end..<filled
        return chunk(to: end)
      }
      if atEnd {
        rest = filled..<filled
        guard filled > 0 else { return nil }
        buffer[filled..<filled + Self.padding].initializeMemory(as: UInt8.self, repeating: 0)
        return chunk(to: filled)
      }
      if filled == buffer.count - Self.padding {
        if filled >= maximumLine { return try cutLine() }
        grow()
      }
    }
  }

  private func chunk(to end: Int, isCut: Bool = false) -> Chunk {
    let base = UnsafeRawPointer(buffer.baseAddress!)
    return Chunk(start: base, end: base + end, isCut: isCut, isLast: atEnd && rest.isEmpty)
  }

  private mutating func moveRestToFront() {
    if !rest.isEmpty, rest.lowerBound > 0 {
      buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + rest.lowerBound, byteCount: rest.count)
    }
    filled = rest.count
    rest = 0..<0
    searched = 0
  }

  private mutating func fill() throws(TraceError) {
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(buffer.count - Self.padding)])
    let count = try source.read(into: room)
    atEnd = count == 0
    filled += count
  }

  /// Bytes before this hold no line end.
  private var searched = 0

  private mutating func endOfLastLine() -> Int? {
    defer { searched = filled }
    var i = filled
    while i > searched {
      if buffer[i - 1] == UInt8(ascii: "\n") { return i }
      i -= 1
    }
    return nil
  }

  private mutating func grow() {
    let size = min(2 * filled, maximumLine) + Self.padding
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    larger.initializeMemory(as: UInt8.self, repeating: 0)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    buffer.deallocate()
    buffer = larger
  }

  /// Keeps the front of a line that is too long and skips to its end.
  private mutating func cutLine() throws(TraceError) -> Chunk {
    let kept = min(filled, 256)
    while !atEnd {
      filled = kept
      try fill()
      let fresh = UnsafeRawPointer(buffer.baseAddress!) + kept
      if let end = memchr(fresh, 0x0a, filled - kept) {
        rest = (kept + (UnsafeRawPointer(end) - fresh) + 1)..<filled
        return chunk(to: kept, isCut: true)
      }
    }
    rest = filled..<filled
    return chunk(to: kept, isCut: true)
  }
}
