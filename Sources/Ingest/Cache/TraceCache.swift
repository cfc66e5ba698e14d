import FleetData
import Foundation

/// Traces already read, kept on disk under the hash of the file's bytes and of the options: never stale, and safe to
/// delete at any time. A damaged entry counts as none.
///
/// Rejected rows come back with their lines and reasons. Their text is not kept: who asks for it, or for an error at the
/// first of them, has the file read anew.
public struct TraceCache: Sendable {
  /// Bump when a reader's result for the same bytes changes.
  private static let version: UInt64 = 3

  private let folder: String

  public init(folder: String) { self.folder = folder }

  /// Reads a trace whole, from the cache when the same bytes were read before with the same options.
  public func read(path: String, options: TraceOptions = TraceOptions()) throws(TraceError) -> TraceReading {
    var options = options
    options.sessionLimit = .max
    return try TraceReader.read(try pieces(path: path, options: options, evenFast: true))
  }

  /// Reads a trace in pieces, from the cache when the same bytes were read before with the same options.
  ///
  /// - Parameter evenFast: keep what is parsed as fast as an entry could be read, too: plain files in the published form
  ///   of Azure and Mooncake.
  public func pieces(
    path: String, options: TraceOptions = TraceOptions(), evenFast: Bool = false,
    rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(TraceError) -> any TracePieces {
    let source = HashedSource(try FileSource(path: path, hashing: options.hashing))
    let stream = try TraceStream(source, options: options, rejected: rejected)
    guard path != "-", evenFast || !stream.isFast, rejected == nil, !options.strict else {
      source.giveUp()
      return stream
    }
    var hash = try Self.contentHash(path)
    let content = hash.finished()
    Array(Self.meaning(options).utf8).withUnsafeBytes { hash.update($0) }
    let entry = folder + "/" + hash.finished() + ".trace"
    return CachedStream(entry) ?? RecordedStream(stream, from: source, content: content, entry: entry)
  }

  /// What tells the bytes of a file from those of any other.
  public static func contentKey(of path: String) throws(TraceError) -> String {
    try contentHash(path).finished()
  }

  private static func contentHash(_ path: String) throws(TraceError) -> ContentHash {
    let file = try FileSource(path: path, hashing: false)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var hash = ContentHash()
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return hash }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The options that decide what a reading says.
  private static func meaning(_ options: TraceOptions) -> String {
    let choices = options.columns.map { "\($0.field.rawValue)=\($0.column)" }.joined(separator: ",")
    return "\(version)|\(options.format?.rawValue ?? "")|\(choices)|\(options.timeUnit?.rawValue ?? "")|"
      + "\(options.maximumTokens)|\(options.maximumLineBytes)|\(options.rejectRepeats)|\(options.sessionLimit)|"
      + "\(options.rejectionLimit)|"
      + "\(options.servingSecondsPerOutputToken)|\(options.hashing)"
  }
}
