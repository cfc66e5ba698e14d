import FleetData
import Foundation
import Quantities

/// Traces already read, kept on disk under the hash of the file's bytes and of the options: never stale, and safe to
/// delete at any time. A damaged entry counts as none.
public struct TraceCache: Sendable {
  /// Bump when a reader's result for the same bytes changes.
  private static let version: UInt64 = 2
  private static let magic: UInt64 = 0x3165_6361_7274_7066

  private let folder: String

  public init(folder: String) { self.folder = folder }

  /// Reads a trace whole, from the cache when the same bytes were read before with the same options.
  ///
  /// The rejections themselves are read anew: a file with rejected rows is not kept.
  public func read(path: String, options: TraceOptions = TraceOptions()) throws(TraceError) -> TraceReading {
    guard path != "-" else { return try TraceReader.read(path: path, options: options) }
    let entry = folder + "/" + (try key(path, options)) + ".trace"
    if let reading = Self.decoded(entry) { return reading }
    let reading = try TraceReader.read(path: path, options: options)
    if reading.rejected == 0 { store(reading, at: entry) }
    return reading
  }

  private func key(_ path: String, _ options: TraceOptions) throws(TraceError) -> String {
    let file = try FileSource(path: path, hashing: false)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var hash = ContentHash()
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { break }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    let choices = options.columns.map { "\($0.field.rawValue)=\($0.column)" }.joined(separator: ",")
    let meaning =
      "\(Self.version)|\(options.format?.rawValue ?? "")|\(choices)|\(options.timeUnit?.rawValue ?? "")|"
      + "\(options.maximumTokens)|\(options.maximumLineBytes)|\(options.rejectRepeats)|"
      + "\(options.servingSecondsPerOutputToken)|\(options.hashing)"
    Array(meaning.utf8).withUnsafeBytes { hash.update($0) }
    return hash.finished()
  }

  /// Writes an entry beside its place and moves it there; a cache that cannot be written is no error.
  private func store(_ reading: TraceReading, at entry: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let scan = try? encoder.encode(CachedScan(reading.scan)) else { return }
    var data = Data()
    func add(_ bytes: UnsafeRawBufferPointer) {
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { data.append(contentsOf: $0) }
      data.append(contentsOf: bytes)
    }
    let trace = reading.trace
    withUnsafeBytes(of: Self.magic.littleEndian) { data.append(contentsOf: $0) }
    scan.withUnsafeBytes { add($0) }
    trace.arrivals.withUnsafeBytes { add($0) }
    for column in [
      trace.inputTokens, trace.outputTokens, trace.tenants, trace.turns, trace.cachedTokens,
      trace.reasoningTokens,
    ] {
      column.withUnsafeBytes { add($0) }
    }
    for column in [trace.services, trace.regions, trace.classes] { column.withUnsafeBytes { add($0) } }
    trace.sessions.withUnsafeBytes { add($0) }
    trace.deadlines.withUnsafeBytes { add($0) }
    trace.blockOffsets.withUnsafeBytes { add($0) }
    trace.blockHashes.withUnsafeBytes { add($0) }
    let names = try? encoder.encode(
      CachedNames(
        services: trace.serviceNames, regions: trace.regionNames, tenants: trace.tenantNames,
        classes: trace.classNames,
        blockTokens: trace.blockTokens, start: trace.start))
    (names ?? Data()).withUnsafeBytes { add($0) }
    var hash = ContentHash()
    data.withUnsafeBytes { hash.update($0) }
    data.append(contentsOf: hash.finished().utf8)
    try? data.write(to: URL(filePath: entry), options: .atomic)
  }

  /// The reading of an entry; nil when there is none or it is damaged.
  private static func decoded(_ entry: String) -> TraceReading? {
    guard let data = FileManager.default.contents(atPath: entry), data.count > 40 else { return nil }
    var hash = ContentHash()
    data.dropLast(32).withUnsafeBytes { hash.update($0) }
    guard Data(hash.finished().utf8) == data.suffix(32) else { return nil }
    var pieces = CachePieces(data.dropLast(32))
    guard pieces.word() == magic, let scanBytes = pieces.bytes(),
      let scan = try? JSONDecoder().decode(CachedScan.self, from: scanBytes)
    else { return nil }
    var trace = WorkloadTrace()
    trace.arrivals = pieces.column() ?? []
    trace.inputTokens = pieces.column() ?? []
    trace.outputTokens = pieces.column() ?? []
    trace.tenants = pieces.column() ?? []
    trace.turns = pieces.column() ?? []
    trace.cachedTokens = pieces.column() ?? []
    trace.reasoningTokens = pieces.column() ?? []
    trace.services = pieces.column() ?? []
    trace.regions = pieces.column() ?? []
    trace.classes = pieces.column() ?? []
    trace.sessions = pieces.column() ?? []
    trace.deadlines = pieces.column() ?? []
    trace.blockOffsets = pieces.column() ?? []
    trace.blockHashes = pieces.column() ?? []
    guard let nameBytes = pieces.bytes(),
      let names = try? JSONDecoder().decode(CachedNames.self, from: nameBytes)
    else { return nil }
    (trace.serviceNames, trace.regionNames) = (names.services, names.regions)
    (trace.tenantNames, trace.classNames) = (names.tenants, names.classes)
    (trace.blockTokens, trace.start) = (names.blockTokens, names.start)
    return TraceReading(trace: trace, scan: scan.scan)
  }
}

private struct CachedNames: Codable {
  var services, regions, tenants, classes: [String]
  var blockTokens: Int
  var start: Double?
}

/// What a reading without rejections says beside its requests.
private struct CachedScan: Codable {
  var format: TraceFormat
  var lines, accepted, outOfOrder, repeats: Int
  var notes: [String]
  var start, end: Double
  var sha256: String?

  init(_ scan: TraceScan) {
    format = scan.format
    (lines, accepted, outOfOrder, repeats) = (scan.lines, scan.accepted, scan.outOfOrder, scan.repeats)
    notes = scan.notes
    (start, end) = (scan.startSeconds, scan.endSeconds)
    sha256 = scan.sha256
  }

  var scan: TraceScan {
    var scan = TraceScan(format: format)
    (scan.lines, scan.accepted, scan.outOfOrder, scan.repeats) = (lines, accepted, outOfOrder, repeats)
    scan.notes = notes
    (scan.startSeconds, scan.endSeconds) = (start, end)
    scan.sha256 = sha256
    return scan
  }
}

/// Takes an entry apart, piece by piece.
private struct CachePieces {
  private let data: Data
  private var position: Int

  init(_ data: Data) {
    self.data = data
    position = data.startIndex
  }

  mutating func word() -> UInt64? {
    guard data.endIndex - position >= 8 else { return nil }
    defer { position += 8 }
    return data[position..<position + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func bytes() -> Data? {
    guard let count = word(), count <= UInt64(data.endIndex - position) else { return nil }
    defer { position += Int(count) }
    return data[position..<position + Int(count)]
  }

  mutating func column<Element: BitwiseCopyable>() -> [Element]? {
    guard let bytes = self.bytes() else { return nil }
    let count = bytes.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      filled = count
    }
  }
}
