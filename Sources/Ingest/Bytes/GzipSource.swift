import CZlib

/// Unpacks gzip, member after member.
final class GzipSource: ByteSource {
  private var packed: Unpacking
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var inMember = true

  init(_ source: any ByteSource) {
    packed = Unpacking(source: source, kind: "gzip")
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib starts an inflate stream")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    packed.input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    while true {
      try packed.refill()
      if packed.available.isEmpty {
        if inMember { throw packed.failure("the archive ends too early") }
        return 0
      }
      if !inMember {
        inflateReset(stream)
        inMember = true
      }
      let written = try inflated(into: buffer)
      if written > 0 {
        try packed.unpacked(written)
        return written
      }
    }
  }

  private func inflated(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    let start = packed.available.lowerBound
    stream.pointee.next_in = packed.input.baseAddress!.advanced(by: start).assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(packed.available.count)
    stream.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    let room = stream.pointee.avail_out
    let status = inflate(stream, Z_NO_FLUSH)
    packed.available =
      (packed.available.upperBound - Int(stream.pointee.avail_in))..<packed.available.upperBound
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: inMember = false
    default: throw packed.failure(stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)")
    }
    return Int(room - stream.pointee.avail_out)
  }
}
