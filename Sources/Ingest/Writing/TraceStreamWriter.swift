import FleetData

/// Writes a trace that comes in pieces.
public struct TraceStreamWriter {
  private let format: TraceFormat
  private var text = TextBuffer()
  private var isStarted = false
  private var rows = 0

  public init(_ format: TraceFormat) { self.format = format }

  /// Writes one piece whole; `emit` receives text of about 64 KiB.
  public mutating func write(_ piece: WorkloadTrace, emit: ([UInt8]) throws -> Void) rethrows {
    let writer = RowWriter(piece, format, firstRow: rows)
    if !isStarted {
      writer.writeHeader(&text)
      isStarted = true
    }
    for i in 0..<piece.count {
      writer.write(i, &text)
      if text.bytes.count >= 64 << 10 { try flush(emit) }
    }
    rows += piece.count
    try flush(emit)
  }

  private mutating func flush(_ emit: ([UInt8]) throws -> Void) rethrows {
    try emit(text.bytes)
    text.bytes.removeAll(keepingCapacity: true)
  }
}
