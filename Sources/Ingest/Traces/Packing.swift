extension TraceReader {
  /// The source behind its packing, told by the first bytes, and the name of the packing.
  static func unpacked(_ file: any ByteSource) throws(TraceError) -> (any ByteSource, String?) {
    let (head, rest) = try peeked(file, count: 8)
    let source = PeekedSource(ahead: head, rest: rest)
    if head.starts(with: [0x1f, 0x8b]) { return (GzipSource(source), "gzip") }
    let isFrame = head.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
    let isSkippable =
      head.count >= 4 && head[0] & 0xf0 == 0x50 && head[1...].starts(with: [0x2a, 0x4d, 0x18])
    if isFrame || isSkippable { return (ZstdSource(source), "zstd") }
    return (source, nil)
  }

  /// Reads up to `count` bytes ahead.
  static func peeked(_ source: any ByteSource, count: Int) throws(TraceError) -> ([UInt8], any ByteSource) {
    var head = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count - filled, alignment: 8)
      defer { buffer.deallocate() }
      let got = try source.read(into: buffer)
      if got == 0 { break }
      head.replaceSubrange(filled..<filled + got, with: buffer[..<got])
      filled += got
    }
    head.removeLast(count - filled)
    return (head, source)
  }

  /// Says what a file is that is no text at all.
  static func refuseForeign(_ head: [UInt8]) throws(TraceError) {
    let known: [([UInt8], String, String)] = [
      (Array("PK\u{3}\u{4}".utf8), "a zip archive", "unpack it first"),
      (Array("BZh".utf8), "a bzip2 archive", "unpack it first: bunzip2 -c FILE | fleetplan trace inspect -"),
      (
        [0xfd] + Array("7zXZ".utf8), "an xz archive",
        "unpack it first: xz -dc FILE | fleetplan trace inspect -"
      ),
      (
        Array("PAR1".utf8), "a Parquet file",
        "write it as CSV, for example with DuckDB: COPY ... TO 'trace.csv'"
      ),
      ([0xff, 0xfe], "UTF-16 text", "write it as UTF-8: iconv -f UTF-16 -t UTF-8"),
      ([0xfe, 0xff], "UTF-16 text", "write it as UTF-8: iconv -f UTF-16 -t UTF-8"),
    ]
    for (magic, found, help) in known where head.starts(with: magic) {
      throw .unknownFormat(found: found, help: help)
    }
  }
}
