import FleetData

/// A trace read in pieces of bounded memory, each when it is asked for, in file order: open, unpack, detect, parse whole
/// lines chunk by chunk, hand on columns.
///
/// Names keep their numbers from piece to piece, and arrivals count from one origin.
public final class TraceStream {
  /// Bytes handed to the parser at a time: with its columns a chunk stays in the second-level cache.
  static let chunkBytes = 256 << 10

  private let file: any ByteSource
  private var chunks: LineChunks
  private var detection: TraceDetection
  private var sink: RowSink
  private var notes: [String]
  /// True when reading from here is as fast as reading a cache entry: plain files in the published forms.
  let isFast: Bool
  /// Lines before the first row that are still to come.
  private var headerLines: Int

  /// - Parameters:
  ///   - path: a file, or `-` for standard input.
  ///   - rejected: sees each rejected row with its text.
  public convenience init(
    path: String, options: TraceOptions = TraceOptions(),
    rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(TraceError) {
    try self.init(
      try FileSource(path: path, hashing: options.hashing), options: options, rejected: rejected)
  }

  init(
    _ file: any ByteSource, options: TraceOptions,
    rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)?
  ) throws(TraceError) {
    self.file = file
    let (source, packing) = try TraceReader.unpacked(file)
    var (head, rest) = try TraceReader.peeked(source, count: 64 << 10)
    notes = packing.map { ["unpacked from \($0)"] } ?? []
    if head.starts(with: [0xef, 0xbb, 0xbf]) {
      head.removeFirst(3)
      notes.append("a byte order mark was skipped")
    }
    try TraceReader.refuseForeign(head)
    detection = try TraceDetection.of(head, options: options)
    headerLines = detection.headerLines
    isFast = packing == nil && (detection.parser is AzureParser || detection.format == .mooncake)
    sink = RowSink(options: options, fields: detection.fields, isAbsolute: detection.isAbsolute)
    sink.rejectedText = rejected
    rest = PeekedSource(ahead: head, rest: rest)
    chunks = LineChunks(rest, chunkBytes: Self.chunkBytes, maximumLine: options.maximumLineBytes)
  }

  /// The next requests; nil at the end. A piece is best let go before the next is asked for: its room is used again.
  ///
  /// - Throws: `TraceError.noRows` at the end of a trace without requests, `.strict`, or `.interrupted` with what was
  ///   read before.
  public func next() throws(TraceError) -> WorkloadTrace? {
    sink.startBatch()
    do throws(TraceError) {
      while let chunk = try chunks.next() {
        parse(chunk)
        if sink.halted, let first = sink.rejections.first { throw .strict(first) }
        if sink.batch.count > 0 {
          sink.finishBatch()
          return sink.batch
        }
      }
    } catch .strict(let rejection) {
      throw .strict(rejection)
    } catch {
      throw .interrupted(error, accepted: sink.accepted, lines: sink.line)
    }
    guard sink.accepted > 0 else { throw .noRows(rejected: sink.rejected, first: sink.rejections.first) }
    return nil
  }

  private func parse(_ lines: LineChunks.Chunk) {
    var chunk = lines
    while headerLines > 0, chunk.start < chunk.end {
      chunk.start = endOfLine(chunk.start, chunk.end) + 1
      sink.line += 1
      headerLines -= 1
    }
    if chunk.isCut {
      sink.line += 1
      sink.reject(
        "a line is longer than \(sink.options.maximumLineBytes) bytes", line: sink.line,
        text: UnsafeRawBufferPointer(start: chunk.start, count: chunk.end - chunk.start))
    } else if chunk.start < chunk.end {
      detection.parser.parse(chunk, into: &sink)
    }
  }

  /// What was found so far, beside the requests.
  public var scan: TraceScan {
    var scan = TraceScan(format: detection.format)
    scan.lines = sink.line
    scan.accepted = sink.accepted
    scan.rejected = sink.rejected
    scan.rejections = sink.rejections
    scan.rejectionCounts = sink.counts.map { TraceScan.RejectionCount(reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    let origin = sink.origin ?? 0
    if sink.accepted > 0 {
      scan.startSeconds = Double(origin + sink.order.first) / 1e9
      scan.endSeconds = Double(origin + sink.order.last) / 1e9
    }
    scan.outOfOrder = sink.order.outOfOrder
    scan.repeats = sink.order.repeats
    scan.notes = notes + detection.notes + sink.notes()
    scan.sha256 = file.sha256
    return scan
  }
}
