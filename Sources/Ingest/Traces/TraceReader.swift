import FleetData
import Quantities

/// Reads request traces of every known format, plain or packed, from a file or standard input.
///
/// One pass in bounded memory: open, unpack, detect, parse whole lines chunk by chunk, hand on columns.
public enum TraceReader {
  /// Bytes handed to the parser at a time: with its columns a chunk stays in the second-level cache.
  static let chunkBytes = 256 << 10

  /// Reads a trace whole, sorted by arrival.
  ///
  /// - Parameter path: a file, or `-` for standard input.
  public static func read(path: String, options: TraceOptions = TraceOptions()) throws(TraceError)
    -> TraceReading
  {
    let file = try FileSource(path: path, hashing: options.hashing)
    return try read(file, options: options)
  }

  /// Reads a trace from bytes in memory.
  public static func read(bytes: [UInt8], options: TraceOptions = TraceOptions()) throws(TraceError)
    -> TraceReading
  {
    try read(MemorySource(bytes), options: options)
  }

  private static func read(_ source: any ByteSource, options: TraceOptions) throws(TraceError) -> TraceReading
  {
    var whole = WorkloadTrace()
    var options = options
    options.sessionLimit = .max
    var scan = try scan(source, options: options, rejected: nil) { batch in whole.append(batch) }
    if scan.format == .tracev2 { whole.dropEmptyColumns() }
    let moved = whole.sortByArrival()
    if moved { scan.notes.append("rows out of order were sorted by arrival") }
    return TraceReading(trace: whole, scan: scan)
  }

  /// Reads a trace in pieces of bounded memory, in file order.
  ///
  /// - Parameters:
  ///   - rejected: sees each rejected row with its text.
  ///   - consume: sees each piece; names keep their numbers from piece to piece, arrivals count from one origin.
  public static func scan(
    path: String, options: TraceOptions = TraceOptions(),
    rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)? = nil, consume: (WorkloadTrace) -> Void
  ) throws(TraceError) -> TraceScan {
    try scan(
      try FileSource(path: path, hashing: options.hashing), options: options, rejected: rejected,
      consume: consume)
  }

  static func scan(
    _ file: any ByteSource, options: TraceOptions,
    rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)?, consume: (WorkloadTrace) -> Void
  ) throws(TraceError) -> TraceScan {
    let (source, packing) = try unpacked(file)
    var (head, rest) = try peeked(source, count: 64 << 10)
    var notes = packing.map { ["unpacked from \($0)"] } ?? []
    if head.starts(with: [0xef, 0xbb, 0xbf]) {
      head.removeFirst(3)
      notes.append("a byte order mark was skipped")
    }
    try refuseForeign(head)
    var detection = try TraceDetection.of(head, options: options)
    var sink = RowSink(options: options, fields: detection.fields, isAbsolute: detection.isAbsolute)
    sink.rejectedText = rejected
    rest = PeekedSource(ahead: head, rest: rest)
    do throws(TraceError) {
      try run(
        LineChunks(rest, chunkBytes: chunkBytes, maximumLine: options.maximumLineBytes), &detection, &sink,
        consume)
    } catch .strict(let rejection) {
      throw .strict(rejection)
    } catch {
      throw .interrupted(error, accepted: sink.accepted, lines: sink.line)
    }
    guard sink.accepted > 0 else { throw .noRows(rejected: sink.rejected, first: sink.rejections.first) }
    return summary(detection, sink, notes, digest: (file as? FileSource)?.digest())
  }

  private static func run(
    _ chunks: consuming LineChunks, _ detection: inout TraceDetection, _ sink: inout RowSink,
    _ consume: (WorkloadTrace) -> Void
  ) throws(TraceError) {
    var skip = detection.headerLines
    sink.startBatch()
    while var chunk = try chunks.next() {
      while skip > 0, chunk.start < chunk.end {
        chunk.start = endOfLine(chunk.start, chunk.end) + 1
        sink.line += 1
        skip -= 1
      }
      if chunk.isCut {
        sink.line += 1
        sink.reject(
          "a line is longer than \(sink.options.maximumLineBytes) bytes", line: sink.line,
          text: UnsafeRawBufferPointer(start: chunk.start, count: chunk.end - chunk.start))
      } else if chunk.start < chunk.end {
        detection.parser.parse(chunk, into: &sink)
      }
      if sink.halted, let first = sink.rejections.first { throw .strict(first) }
      if sink.batch.count > 0 {
        sink.finishBatch()
        consume(sink.batch)
        sink.startBatch()
      }
    }
  }

  private static func summary(
    _ detection: TraceDetection, _ sink: RowSink, _ notes: [String], digest: String?
  ) -> TraceScan {
    var scan = TraceScan(format: detection.format)
    scan.lines = sink.line
    scan.accepted = sink.accepted
    scan.rejected = sink.rejected
    scan.rejections = sink.rejections
    scan.rejectionCounts = sink.counts.map { TraceScan.RejectionCount(reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    let origin = sink.origin ?? 0
    scan.startSeconds = Double(origin + sink.order.first) / 1e9
    scan.endSeconds = Double(origin + sink.order.last) / 1e9
    scan.outOfOrder = sink.order.outOfOrder
    scan.repeats = sink.order.repeats
    scan.notes = notes + detection.notes + sink.notes()
    scan.sha256 = digest
    return scan
  }
}
