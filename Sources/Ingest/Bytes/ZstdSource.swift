import CZstd

/// Unpacks Zstandard, frame after frame; windows above 128 MiB are refused.
final class ZstdSource: ByteSource {
  private var packed: Unpacking
  private let stream: OpaquePointer
  /// What the last call said is still missing from the current frame; 0 between frames.
  private var missing = 1

  init(_ source: any ByteSource) {
    packed = Unpacking(source: source, kind: "zstd")
    guard let stream = ZSTD_createDStream() else { preconditionFailure("zstd makes a stream") }
    self.stream = stream
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
  }

  deinit {
    ZSTD_freeDStream(stream)
    packed.input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    while true {
      try packed.refill()
      var input = ZSTD_inBuffer(
        src: packed.input.baseAddress, size: packed.available.upperBound, pos: packed.available.lowerBound)
      var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      if packed.atEnd {
        if missing == 0 { return 0 }
        input = ZSTD_inBuffer(src: packed.input.baseAddress, size: 0, pos: 0)
      }
      let status = ZSTD_decompressStream(stream, &output, &input)
      if !packed.atEnd { packed.available = input.pos..<packed.available.upperBound }
      guard ZSTD_isError(status) == 0 else {
        throw packed.failure(String(cString: ZSTD_getErrorName(status)))
      }
      missing = status
      if output.pos > 0 {
        try packed.unpacked(output.pos)
        return output.pos
      }
      if packed.atEnd { throw packed.failure("the archive ends too early") }
    }
  }
}
