/// Something bytes can be drawn from: a file, standard input, or an archive being unpacked.
protocol ByteSource: AnyObject {
  /// Fills the front of `buffer`.
  /// - Returns: how many bytes were written; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int
  /// SHA-256 of every byte read so far, in hexadecimal; nil when nobody asked for it.
  var sha256: String? { get }
}

extension ByteSource {
  var sha256: String? { nil }
}

/// Bytes read ahead to look at them, given back before the rest of their source.
final class PeekedSource: ByteSource {
  private var ahead: [UInt8]
  private let rest: any ByteSource

  init(ahead: [UInt8], rest: any ByteSource) {
    self.ahead = ahead
    self.rest = rest
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    guard !ahead.isEmpty else { return try rest.read(into: buffer) }
    let count = min(ahead.count, buffer.count)
    ahead.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    ahead.removeFirst(count)
    return count
  }
}

/// Bytes already in memory.
final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    let count = min(bytes.count - position, buffer.count)
    guard count > 0 else { return 0 }
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
    }
    position += count
    return count
  }
}
