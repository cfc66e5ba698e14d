import FleetData
import Quantities

/// Reads request traces of every known format, plain or packed, from a file or standard input.
public enum TraceReader {
  /// Reads a trace whole, sorted by arrival.
  ///
  /// - Parameter path: a file, or `-` for standard input.
  public static func read(path: String, options: TraceOptions = TraceOptions()) throws(TraceError)
    -> TraceReading
  {
    try read(try FileSource(path: path, hashing: options.hashing), options: options)
  }

  /// Reads a trace from bytes in memory.
  public static func read(bytes: [UInt8], options: TraceOptions = TraceOptions()) throws(TraceError)
    -> TraceReading
  {
    try read(MemorySource(bytes), options: options)
  }

  private static func read(_ source: any ByteSource, options: TraceOptions) throws(TraceError) -> TraceReading
  {
    var options = options
    options.sessionLimit = .max
    return try read(TraceStream(source, options: options, rejected: nil))
  }

  /// Puts pieces together, sorted by arrival.
  static func read(_ pieces: any TracePieces) throws(TraceError) -> TraceReading {
    var whole = WorkloadTrace()
    while let piece = try pieces.next() { whole.append(piece) }
    var scan = pieces.scan
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
    let stream = try TraceStream(file, options: options, rejected: rejected)
    while let batch = try stream.next() { consume(batch) }
    return stream.scan
  }
}
