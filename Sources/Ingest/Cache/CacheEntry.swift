import Foundation

/// What a cache entry is made of: a magic number, pieces behind their lengths, an end mark, the scan, a hash of all.
enum CacheEntry {
  static let magic: UInt64 = 0x3265_6361_7274_7066
  static let end = UInt64.max

  static func word(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

  static func encoded(_ scan: TraceScan) -> [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(CachedScan(scan))).map { Array($0) }
  }

  static func decodedScan(_ bytes: [UInt8]) -> TraceScan? {
    (try? JSONDecoder().decode(CachedScan.self, from: Data(bytes)))?.scan
  }
}

/// What a reading says beside its requests.
private struct CachedScan: Codable {
  var format: TraceFormat
  var lines, accepted, outOfOrder, repeats: Int
  var notes: [String]
  var start, end: Double
  var sha256: String?
  var rejected: Int
  var rejections: [Rejection]
  var counts: [TraceScan.RejectionCount]

  init(_ scan: TraceScan) {
    format = scan.format
    (lines, accepted, outOfOrder, repeats) = (scan.lines, scan.accepted, scan.outOfOrder, scan.repeats)
    notes = scan.notes
    (start, end) = (scan.startSeconds, scan.endSeconds)
    sha256 = scan.sha256
    (rejected, rejections, counts) = (scan.rejected, scan.rejections, scan.rejectionCounts)
  }

  var scan: TraceScan {
    var scan = TraceScan(format: format)
    (scan.lines, scan.accepted, scan.outOfOrder, scan.repeats) = (lines, accepted, outOfOrder, repeats)
    scan.notes = notes
    (scan.startSeconds, scan.endSeconds) = (start, end)
    scan.sha256 = sha256
    (scan.rejected, scan.rejections, scan.rejectionCounts) = (rejected, rejections, counts)
    return scan
  }
}
